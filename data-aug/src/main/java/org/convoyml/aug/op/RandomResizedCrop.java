package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Inception's crop: cuts out a rectangle whose share of the image's area is drawn uniformly from
 * {@code [minScale, maxScale)}, whose width divided by its height is drawn from {@code [minRatio,
 * maxRatio)}, uniformly by its logarithm, and whose place is drawn uniformly; and makes it a square
 * of {@code size} pixels. A rectangle that does not fit into the image is drawn again; after ten
 * that do not, it is the largest in the middle whose ratio is allowed. This is torchvision's
 * algorithm.
 *
 * @param size 1 to 65,535 pixels
 * @param minScale 0.0001 to 1
 * @param maxScale {@code minScale} to 1
 * @param minRatio 0.1 to 10
 * @param maxRatio {@code minRatio} to 10
 * @see <a href="https://arxiv.org/abs/1409.4842">Szegedy et al., Going deeper with convolutions,
 *     section 6</a>
 */
public record RandomResizedCrop(
    int size, double minScale, double maxScale, double minRatio, double maxRatio)
    implements ImageOp {
  /** Allowed values of {@code size}. */
  public static final Range SIZE = Crop.SIZE;

  /** Allowed values of {@code minScale} and {@code maxScale}. */
  public static final Range SCALE = new Range(0.0001, 1);

  /** Allowed values of {@code minRatio} and {@code maxRatio}. */
  public static final Range RATIO = new Range(0.1, 10);

  /** What the parameters behind {@code size} are unless they are given. */
  public static final double DEFAULT_MIN_SCALE = 0.08;

  public static final double DEFAULT_MAX_SCALE = 1;
  public static final double DEFAULT_MIN_RATIO = 0.75;
  public static final double DEFAULT_MAX_RATIO = 4.0 / 3;

  private static final int ATTEMPTS = 10;

  public RandomResizedCrop {
    SIZE.check("size", size);
    SCALE.check("minScale", minScale);
    new Range(minScale, SCALE.high()).check("maxScale", maxScale);
    RATIO.check("minRatio", minRatio);
    new Range(minRatio, RATIO.high()).check("maxRatio", maxRatio);
  }

  public RandomResizedCrop(int size) {
    this(size, DEFAULT_MIN_SCALE, DEFAULT_MAX_SCALE, DEFAULT_MIN_RATIO, DEFAULT_MAX_RATIO);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    int height = canvas.height();
    int width = canvas.width();
    double lowest = StrictMath.log(minRatio);
    double highest = StrictMath.log(maxRatio);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double area = random.uniform(minScale, maxScale) * height * width;
      double ratio = StrictMath.exp(random.uniform(lowest, highest));
      int cropWidth = (int) Math.rint(Math.sqrt(area * ratio));
      int cropHeight = (int) Math.rint(Math.sqrt(area / ratio));
      if (cropWidth > 0 && cropWidth <= width && cropHeight > 0 && cropHeight <= height) {
        int y = random.nextInt(height - cropHeight + 1);
        int x = random.nextInt(width - cropWidth + 1);
        canvas.resizedCrop(x, y, cropHeight, cropWidth, size, size);
        return;
      }
    }
    int cropWidth = Math.max(1, Math.min(width, (int) Math.rint(height * maxRatio)));
    int cropHeight = Math.max(1, Math.min(height, (int) Math.rint(width / minRatio)));
    canvas.resizedCrop(
        (width - cropWidth) / 2, (height - cropHeight) / 2, cropHeight, cropWidth, size, size);
  }
}
