package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Compresses the image as a JPEG file and decodes it again, with a quality drawn uniformly from
 * {@code qualityMin} to {@code qualityMax}, both included. A colour image has its colours at half
 * the resolution in it, as most such files have.
 *
 * @param qualityMin 1 to 100, at most {@code qualityMax}
 * @param qualityMax 1 to 100
 * @see <a href="https://arxiv.org/abs/1604.04326">Zheng et al., Improving the robustness of deep
 *     neural networks via stability training</a>
 */
public record Jpeg(int qualityMin, int qualityMax) implements ImageOp {
  /** Allowed values of {@code qualityMin} and {@code qualityMax}. */
  public static final Range QUALITY = new Range(1, 100);

  public Jpeg {
    QUALITY.check("qualityMin", qualityMin);
    QUALITY.check("qualityMax", qualityMax);
    Range.checkOrder("qualityMin", qualityMin, "qualityMax", qualityMax);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    canvas.jpeg(qualityMin + random.nextInt(qualityMax - qualityMin + 1));
  }
}
