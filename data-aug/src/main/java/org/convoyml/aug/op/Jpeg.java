package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Compresses the image as a JPEG file and decodes it again, with a quality drawn uniformly from
 * {@code minQuality} to {@code maxQuality}, both included. A colour image has its colours at half
 * the resolution in it, as most such files have.
 *
 * @param minQuality 1 to 100, at most {@code maxQuality}
 * @param maxQuality 1 to 100
 * @see <a href="https://arxiv.org/abs/1604.04326">Zheng et al., Improving the robustness of deep
 *     neural networks via stability training</a>
 */
public record Jpeg(int minQuality, int maxQuality) implements ImageOp {
  /** Allowed values of {@code minQuality} and {@code maxQuality}. */
  public static final Range QUALITY = new Range(1, 100);

  public Jpeg {
    QUALITY.check("minQuality", minQuality);
    new Range(minQuality, QUALITY.high()).check("maxQuality", maxQuality);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    canvas.jpeg(minQuality + random.nextInt(maxQuality - minQuality + 1));
  }
}
