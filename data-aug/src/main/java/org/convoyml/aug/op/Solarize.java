package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Inverts the levels from a threshold on, as overexposed film does.
 *
 * @param threshold 0 to 256; 256 changes nothing, 0 inverts all
 * @see <a
 *     href="https://pytorch.org/vision/stable/generated/torchvision.transforms.RandomSolarize.html">torchvision's
 *     RandomSolarize</a>
 */
public record Solarize(double threshold) implements ImageOp {
  /** Allowed values of {@code threshold}. */
  public static final Range THRESHOLD = new Range(0, 256);

  public Solarize {
    THRESHOLD.check("threshold", threshold);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    canvas.colours().solarize(threshold);
  }
}
