package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Covers a rectangle inside the image. Its area is drawn uniformly, its ratio of height to width
 * uniformly in the logarithm, and its place uniformly; if it does not fit, all are drawn again, up
 * to ten times, after which the image stays as it is.
 *
 * @param minArea part of the image's area, 0 to 1, at most {@code maxArea}
 * @param maxArea part of the image's area, 0 to 1
 * @param minRatio height to width, 0.01 to 100, at most {@code maxRatio}
 * @param maxRatio height to width, 0.01 to 100
 * @param value the level of the rectangle, 0 to 255; 128 is about the mean
 * @see <a href="https://arxiv.org/abs/1708.04896">Zhong et al., Random erasing data
 *     augmentation</a>
 */
public record RandomErasing(
    double minArea, double maxArea, double minRatio, double maxRatio, int value)
    implements ImageOp {
  /** Allowed values of {@code minArea} and {@code maxArea}. */
  public static final Range AREA = new Range(0, 1);

  /** Allowed values of {@code minRatio} and {@code maxRatio}. */
  public static final Range RATIO = new Range(0.01, 100);

  private static final int ATTEMPTS = 10;

  public RandomErasing {
    AREA.check("minArea", minArea);
    new Range(minArea, AREA.high()).check("maxArea", maxArea);
    RATIO.check("minRatio", minRatio);
    new Range(minRatio, RATIO.high()).check("maxRatio", maxRatio);
    Cutout.VALUE.check("value", value);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    double pixels = (double) canvas.height() * canvas.width();
    double logMin = StrictMath.log(minRatio);
    double logMax = StrictMath.log(maxRatio);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double area = pixels * random.uniform(minArea, maxArea);
      double ratio = StrictMath.exp(random.uniform(logMin, logMax));
      int height = (int) Math.rint(StrictMath.sqrt(area * ratio));
      int width = (int) Math.rint(StrictMath.sqrt(area / ratio));
      if (height < canvas.height() && width < canvas.width()) {
        int y = random.nextInt(canvas.height() - height + 1);
        int x = random.nextInt(canvas.width() - width + 1);
        canvas.erase(x, y, height, width, value);
        return;
      }
    }
  }
}
