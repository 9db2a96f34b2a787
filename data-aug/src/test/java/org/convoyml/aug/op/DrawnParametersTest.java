package org.convoyml.aug.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;

import java.util.function.ToDoubleFunction;
import org.bytedeco.opencv.opencv_core.Mat;
import org.convoyml.nn.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class DrawnParametersTest {
  private static final int DRAWS = 10_000;
  private static final int BINS = 10;

  @Test
  void anglesAreUniformInTheirRange() {
    assertUniform(new Rotate(30), map -> -Math.toDegrees(Math.atan2(map.xy(), map.xx())), 30);
  }

  @Test
  void shiftsAreUniformInTheirRange() {
    assertUniform(new Translate(0.1), map -> -map.x0(), 0.1 * 50);
    assertUniform(new Translate(0.1), map -> -map.y0(), 0.1 * 20);
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

  /** The map from the varied image back to the given one. */
  private static PendingGeometry drawn(ImageOp op, KeyedRandom random, int height, int width) {
    try (ImageCanvas canvas = new ImageCanvas();
        Mat image = new Mat(height, width, CV_8UC1)) {
      canvas.open(new MatSource(image));
      op.apply(canvas, random);
      return canvas.geometry();
    }
  }

  /** As many in each tenth of {@code ±limit}, by Pearson's chi-squared test. */
  private static void assertUniform(
      ImageOp op, ToDoubleFunction<PendingGeometry> parameter, double limit) {
    int[] counts = new int[BINS];
    for (int id = 0; id < DRAWS; id++) {
      double drawn = parameter.applyAsDouble(drawn(op, KeyedRandom.of(7, 0, id, 0), 20, 50));
      assertThat(drawn).isBetween(-limit * (1 + 1e-12), limit * (1 + 1e-12));
      counts[(int) Math.min(BINS - 1, (drawn + limit) / (2 * limit) * BINS)]++;
    }
    double chiSquared = 0;
    for (int count : counts) {
      chiSquared += Math.pow(count - DRAWS / BINS, 2) / (DRAWS / BINS);
    }
    // With 9 degrees of freedom, 27.9 is exceeded by chance once in a thousand keys; these are
    // fixed.
    assertThat(chiSquared).isLessThan(27.9);
  }
}
