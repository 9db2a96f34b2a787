package org.convoyml.aug.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.ToDoubleFunction;
import org.bytedeco.opencv.opencv_core.Mat;
import org.convoyml.nn.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class DrawnParametersTest {
  private static final int DRAWS = 10_000;

  @Test
  void anglesAreUniformInTheirRange() {
    assertUniform(new Rotate(30), map -> -Math.toDegrees(Math.atan2(map.xy(), map.xx())), 30);
    assertUniform(new Shear(30), map -> Math.toDegrees(Math.atan(map.xy())), 30);
  }

  @Test
  void shiftsAreUniformInTheirRange() {
    assertUniform(new Translate(0.1), map -> -map.x0(), 0.1 * 50);
    assertUniform(new Translate(0.1), map -> -map.y0(), 0.1 * 20);
  }

  @Test
  void factorsOfScaleAreUniformInTheirRange() {
    assertUniform(new Scale(0.5, 2), 20, 50, map -> 1 / map.xx(), 0.5, 2, 10);
  }

  @Test
  void wholePixelsAreEquallyOften() {
    assertUniform(new PadCrop(4), 20, 50, PendingGeometry::x0, -4.5, 4.5, 9);
    assertUniform(new PadCrop(4), 20, 50, PendingGeometry::y0, -4.5, 4.5, 9);
    assertUniform(new Crop(11), 20, 20, PendingGeometry::x0, -0.5, 9.5, 10);
    assertUniform(new Crop(11), 20, 20, PendingGeometry::y0, -0.5, 9.5, 10);
    assertUniform(new Perspective(0.45), 40, 40, DrawnParametersTest::leftTopX, -0.5, 9.5, 10);
  }

  /** Where everything fits, so that nothing is drawn again; sides are rounded to whole pixels. */
  @Test
  void sharesOfTheAreaAndLogarithmsOfRatiosAreUniform() {
    RandomResizedCrop op = new RandomResizedCrop(10, 0.1, 0.4, 0.5, 2);
    int side = 10_000;
    assertUniform(op, side, side, map -> map.xx() * map.yy() * 100 / side / side, 0.1, 0.4, 10);
    double highest = Math.log(2);
    assertUniform(op, side, side, map -> Math.log(map.xx() / map.yy()), -highest, highest, 10);
  }

  @Test
  void aPlaceIsUniformInTheRoomThatACropLeaves() {
    RandomResizedCrop op = new RandomResizedCrop(10, 0.25, 0.25, 1, 1);
    assertUniform(op, 38, 38, map -> map.x0() - map.xx() / 2 + 0.5, -0.5, 19.5, 10);
  }

  @Test
  void shiftsToTheRightAndDownAreIndependent() {
    double product = 0;
    for (int id = 0; id < DRAWS; id++) {
      PendingGeometry map = drawn(new Translate(1), KeyedRandom.of(1, 2, id, 0), 1, 1);
      product += map.x0() * map.y0();
    }
    // A product of two such variables has deviation 1/3; five deviations of the mean.
    assertThat(product / DRAWS).isCloseTo(0, within(5 / 3.0 / Math.sqrt(DRAWS)));
  }

  @Test
  void nothingIsDrawnFromARangeOfZero() {
    PendingGeometry rotation = drawn(new Rotate(0), KeyedRandom.of(1), 28, 28);
    assertThat(rotation.isIdentity(28, 28)).isTrue();
    PendingGeometry translation = drawn(new Translate(0), KeyedRandom.of(1), 28, 28);
    assertThat(translation.isIdentity(28, 28)).isTrue();
  }

  /** Where the top left corner went: the place whose pixel comes from there. */
  private static double leftTopX(PendingGeometry map) {
    double a = map.xx();
    double b = map.xy();
    double d = map.yx();
    double e = map.yy();
    return (b * map.y0() - map.x0() * e) / (a * e - b * d);
  }

  /** The map from the varied image back to the given one. */
  private static PendingGeometry drawn(ImageOp op, KeyedRandom random, int height, int width) {
    try (ImageCanvas canvas = new ImageCanvas()) {
      canvas.open(new Size(height, width));
      op.apply(canvas, random);
      return canvas.geometry();
    }
  }

  /** An image that nobody looks at. */
  private record Size(int height, int width) implements PixelSource {
    @Override
    public int channels() {
      return 1;
    }

    @Override
    public Mat decode(int reduction) {
      throw new UnsupportedOperationException();
    }
  }

  private static void assertUniform(
      ImageOp op, ToDoubleFunction<PendingGeometry> parameter, double limit) {
    assertUniform(op, 20, 50, parameter, -limit, limit, 10);
  }

  /** As many in each part of the range, by Pearson's chi-squared test. */
  private static void assertUniform(
      ImageOp op,
      int height,
      int width,
      ToDoubleFunction<PendingGeometry> parameter,
      double low,
      double high,
      int bins) {
    int[] counts = new int[bins];
    double tolerance = (high - low) * 1e-3;
    for (int id = 0; id < DRAWS; id++) {
      double drawn = parameter.applyAsDouble(drawn(op, KeyedRandom.of(7, 0, id, 0), height, width));
      assertThat(drawn).isBetween(low - tolerance, high + tolerance);
      int bin = (int) ((drawn - low) / (high - low) * bins);
      counts[Math.max(0, Math.min(bins - 1, bin))]++;
    }
    double chiSquared = 0;
    for (int count : counts) {
      chiSquared += Math.pow(count - (double) DRAWS / bins, 2) / ((double) DRAWS / bins);
    }
    // With 9 degrees of freedom, 27.9 is exceeded by chance once in a thousand keys; these are
    // fixed.
    assertThat(chiSquared).isLessThan(27.9);
  }
}
