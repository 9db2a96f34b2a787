package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Covers a rectangle inside the image. Its area is drawn uniformly, its ratio of height to width
 * uniformly in the logarithm, and its place uniformly; if it does not fit, all are drawn again, up
 * to ten times, after which the image stays as it is.
 *
 * @param areaMin part of the image's area, 0 to 1, at most {@code areaMax}
 * @param areaMax part of the image's area, 0 to 1
 * @param ratioMin height to width, 0.01 to 100, at most {@code ratioMax}
 * @param ratioMax height to width, 0.01 to 100
 * @param value the level of the rectangle, 0 to 255; 128 is about the mean
 * @see <a href="https://arxiv.org/abs/1708.04896">Zhong et al., Random erasing data
 *     augmentation</a>
 */
public record RandomErasing(
    double areaMin, double areaMax, double ratioMin, double ratioMax, int value)
    implements ImageOp {
  /** Allowed values of {@code areaMin} and {@code areaMax}. */
  public static final Range AREA = new Range(0, 1);

  /** Allowed values of {@code ratioMin} and {@code ratioMax}. */
  public static final Range RATIO = new Range(0.01, 100);

  private static final int ATTEMPTS = 10;

  public RandomErasing {
    AREA.check("areaMin", areaMin);
    AREA.check("areaMax", areaMax);
    Range.checkOrder("areaMin", areaMin, "areaMax", areaMax);
    RATIO.check("ratioMin", ratioMin);
    RATIO.check("ratioMax", ratioMax);
    Range.checkOrder("ratioMin", ratioMin, "ratioMax", ratioMax);
    Cutout.VALUE.check("value", value);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    double pixels = (double) canvas.height() * canvas.width();
    double logMin = StrictMath.log(ratioMin);
    double logMax = StrictMath.log(ratioMax);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double area = pixels * random.uniform(areaMin, areaMax);
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
