package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Turns all hues by the same part of the colour circle, drawn uniformly from {@code [−maxTurn,
 * maxTurn)}. Grey images stay as they are.
 *
 * @param maxTurn 0 to 0.5; 0 changes nothing, 0.1 is usual, 0.5 gives any hue
 * @see <a
 *     href="https://pytorch.org/vision/stable/generated/torchvision.transforms.ColorJitter.html">torchvision's
 *     ColorJitter</a>
 */
public record Hue(double maxTurn) implements ImageOp {
  /** Allowed values of {@code maxTurn}. */
  public static final Range MAX_TURN = new Range(0, 0.5);

  public Hue {
    MAX_TURN.check("maxTurn", maxTurn);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    canvas.colours().hue(random.uniform(-maxTurn, maxTurn));
  }
}
