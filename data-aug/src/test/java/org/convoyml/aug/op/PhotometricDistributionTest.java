package org.convoyml.aug.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.opencv.opencv_core.Mat;
import org.convoyml.nn.random.KeyedRandom;
import org.junit.jupiter.api.Test;

/**
 * The distribution of what operations draw, over 10,000 images, seen in what they make of pictures
 * that show it: a level that is {@code base + factor·slope} tells the factor.
 */
class PhotometricDistributionTest {
  private static final int DRAWS = 10_000;

  /** Kolmogorov and Smirnov's bound, which chance exceeds once in a thousand keys. */
  private static final double BOUND = 1.95 / Math.sqrt(DRAWS);

  @Test
  void brightnessFactorsAreUniform() {
    assertFactor(new Brightness(0.5), new byte[] {100}, 1, 1, 1, 0, 0, 100);
  }

  @Test
  void contrastFactorsAreUniform() {
    assertFactor(new Contrast(0.5), new byte[] {(byte) 200, 0}, 1, 2, 1, 0, 100, 100);
  }

  @Test
  void saturationFactorsAreUniform() {
    // Its grey is 130.
    byte[] pixel = {(byte) 200, 100, 100};
    assertFactor(new Saturation(0.5), pixel, 1, 1, 3, 0, 130, 70);
  }

  @Test
  void sharpnessFactorsAreUniform() {
    byte[] dot = {0, 0, 0, 0, (byte) 130, 0, 0, 0, 0};
    assertFactor(new Sharpness(0.5), dot, 3, 3, 1, 4, 50, 80);
  }

  @Test
  void channelFactorsAreUniformAndIndependent() {
    byte[] pixel = {100, 100, 100};
    for (int c = 0; c < 3; c++) {
      assertFactor(new ChannelJitter(0.5), pixel, 1, 1, 3, c, 0, 100);
    }
    double product = 0;
    for (byte[] result : results(new ChannelJitter(0.5), pixel, 1, 1, 3)) {
      product += ((result[0] & 0xFF) - 99.5) * ((result[2] & 0xFF) - 99.5);
    }
    // A factor's deviation is 100/√12, so a product's 100²/12; five deviations of the mean.
    assertThat(product / DRAWS).isCloseTo(0, within(5 * 833 / Math.sqrt(DRAWS)));
  }

  @Test
  void strengthsAboveOneEndAtZero() {
    int[] levels = levels(new Brightness(1.5), new byte[] {100}, 1, 1, 1, 0);

    assertThat(levels[0]).isZero();
    assertThat(levels[DRAWS - 1]).isBetween(248, 249);
    assertThat(Arrays.stream(levels).average().orElseThrow()).isCloseTo(124.5, within(4.0));
  }

  @Test
  void huesGoAllAroundTheCircle() {
    Map<Integer, Integer> greatest = new HashMap<>();
    for (byte[] result : results(new Hue(0.5), new byte[] {(byte) 255, 0, 0}, 1, 1, 3)) {
      int sector =
          (result[0] == -1 ? 1 : 0) + (result[1] == -1 ? 2 : 0) + (result[2] == -1 ? 4 : 0);
      // A third each is red, green and blue the greatest; where two are, either will do.
      greatest.merge(sector == 3 ? 2 : sector == 5 ? 1 : sector == 6 ? 4 : sector, 1, Integer::sum);
    }
    assertThat(greatest.keySet()).containsExactlyInAnyOrder(1, 2, 4);
    assertThat(greatest.values()).allSatisfy(count -> assertThat(count).isBetween(3100, 3560));
  }

  @Test
  void aSmallTurnStaysSmall() {
    for (byte[] result : results(new Hue(0.1), new byte[] {(byte) 255, 0, 0}, 1, 1, 3)) {
      // 0.1 of a turn is 0.6 of a sixth, in which one of the others goes from 0 to 255.
      assertThat(result[0]).isEqualTo((byte) 255);
      assertThat((result[1] & 0xFF) + (result[2] & 0xFF)).isLessThanOrEqualTo(153);
    }
  }

  @Test
  void noiseIsNormal() {
    int[] levels = levels(new Noise(0.1), new byte[] {(byte) 128}, 1, 1, 1, 0);

    assertDistribution(levels, level -> normal((level + 0.5 - 128) / 25.5), BOUND);
  }

  @Test
  void deviationsOfBlurAreUniform() {
    byte[] dot = new byte[15 * 15];
    dot[7 * 15 + 7] = (byte) 255;
    int[] levels = levels(new Blur(0.5, 1.5), dot, 15, 15, 1, 7 * 15 + 7);

    for (double share : List.of(0.1, 0.3, 0.5, 0.7, 0.9)) {
      int level;
      try (ImageCanvas canvas = new ImageCanvas();
          Mat image = image(dot, 15, 15, 1)) {
        canvas.open(new MatSource(image));
        canvas.blur(0.5 + share);
        byte[] blurred = new byte[dot.length];
        canvas.read(blurred);
        level = blurred[7 * 15 + 7] & 0xFF;
      }
      // The stronger the blur, the darker the dot; levels are coarse.
      long darker = Arrays.stream(levels).filter(value -> value < level).count();
      long asDark = Arrays.stream(levels).filter(value -> value == level).count();
      assertThat(1 - share)
          .isBetween((double) darker / DRAWS - BOUND, (double) (darker + asDark) / DRAWS + BOUND);
    }
  }

  @Test
  void qualitiesOfJpegAreUniformBothEndsIncluded() {
    byte[] picture = GoldenPictures.picture(16, 16, 1);
    Map<String, Integer> counts = new HashMap<>();
    for (byte[] result : results(new Jpeg(40, 49), picture, 16, 16, 1)) {
      counts.merge(Arrays.toString(result), 1, Integer::sum);
    }

    assertThat(counts).hasSize(10);
    assertThat(chiSquared(counts.values().stream().mapToInt(count -> count).toArray()))
        .isLessThan(27.9);
  }

  @Test
  void cutoutsAreAroundAllPixelsAlike() {
    int[] rows = new int[10];
    int[] columns = new int[10];
    for (byte[] result : results(new Cutout(1, 200), new byte[100], 10, 10, 1)) {
      int place = IntStream.range(0, 100).filter(i -> result[i] != 0).findFirst().orElseThrow();
      rows[place / 10]++;
      columns[place % 10]++;
    }
    assertThat(chiSquared(rows)).isLessThan(27.9);
    assertThat(chiSquared(columns)).isLessThan(27.9);
  }

  @Test
  void erasedAreasAndLogarithmsOfRatiosAreUniform() {
    double[] areas = new double[DRAWS];
    double[] ratios = new double[DRAWS];
    int i = 0;
    // So small that all fit at the first attempt.
    for (byte[] result :
        results(new RandomErasing(0.05, 0.25, 0.5, 2, 200), new byte[10_000], 100, 100, 1)) {
      int first = IntStream.range(0, 10_000).filter(j -> result[j] != 0).findFirst().orElseThrow();
      int width = 0;
      while (first % 100 + width < 100 && result[first + width] != 0) {
        width++;
      }
      int height = 0;
      while (first + height * 100 < 10_000 && result[first + height * 100] != 0) {
        height++;
      }
      areas[i] = height * width / 10_000.0;
      ratios[i++] = Math.log((double) height / width) / Math.log(2);
    }
    // Sides are whole pixels of some 20 to 70, so areas and ratios are a few per cent coarse.
    assertUniform(areas, 0.05, 0.25, BOUND + 0.02);
    assertUniform(ratios, -1, 1, BOUND + 0.03);
  }

  @Test
  void automaticPoliciesChooseAllOperationsAlike() {
    int[] counts = new int[AutoOp.CHOICES];
    for (int id = 0; id < DRAWS; id++) {
      counts[AutoOp.draw(KeyedRandom.of(1, 2, id, 0)).ordinal()]++;
    }
    // 13 degrees of freedom; exceeded by chance once in a thousand keys.
    assertThat(chiSquared(counts)).isLessThan(34.5);
  }

  @Test
  void signedOperationsGoBothWays() {
    int[] levels = new int[DRAWS];
    try (ImageCanvas canvas = new ImageCanvas();
        Mat image = image(new byte[] {100}, 1, 1, 1)) {
      byte[] result = new byte[1];
      for (int id = 0; id < DRAWS; id++) {
        canvas.open(new MatSource(image));
        AutoOp.BRIGHTNESS.apply(canvas, MagnitudeSpace.USUAL, 10, 31, KeyedRandom.of(id));
        canvas.read(result);
        levels[id] = result[0] & 0xFF;
      }
    }
    // 0.9 · 10/30 less or more; five deviations.
    assertThat(Arrays.stream(levels).filter(level -> level == 70).count()).isBetween(4750L, 5250L);
    assertThat(Arrays.stream(levels).filter(level -> level == 130).count())
        .isEqualTo(DRAWS - Arrays.stream(levels).filter(level -> level == 70).count());
  }

  @Test
  void probabilitiesAreWhatTheySay() {
    int[] levels = levels(new Sometimes(new Invert(), 0.3), new byte[] {0}, 1, 1, 1, 0);

    assertThat((double) Arrays.stream(levels).filter(level -> level == 255).count() / DRAWS)
        .isCloseTo(0.3, within(5 * Math.sqrt(0.3 * 0.7 / DRAWS)));
  }

  @Test
  void colorJitterDoesItsPartsInEachOrder() {
    byte[] picture = GoldenPictures.picture(12, 12, 3);
    ColorJitter jitter = new ColorJitter(0.9, 0.9, 0.9, 0.5);
    Set<List<Integer>> seen = new HashSet<>();
    List<List<Integer>> orders = new ArrayList<>();
    permutations(List.of(), orders);
    try (ImageCanvas canvas = new ImageCanvas();
        Mat image = image(picture, 12, 12, 3)) {
      byte[] result = new byte[picture.length];
      for (int key = 0; key < 300; key++) {
        canvas.open(new MatSource(image));
        jitter.apply(canvas, KeyedRandom.of(key));
        canvas.read(result);
        List<List<Integer>> matching = new ArrayList<>();
        for (List<Integer> order : orders) {
          if (Arrays.equals(result, inOrder(canvas, image, order, KeyedRandom.of(key), picture))) {
            matching.add(order);
          }
        }
        assertThat(matching).isNotEmpty();
        if (matching.size() == 1) {
          seen.addAll(matching);
        }
      }
    }
    assertThat(seen).hasSize(24);
  }

  /** What the four parts make in the given order, with the factors that jitter draws. */
  private static byte[] inOrder(
      ImageCanvas canvas, Mat image, List<Integer> order, KeyedRandom random, byte[] picture) {
    random.nextLong(); // the order
    double brightness = random.uniform(0.1, 1.9);
    double contrast = random.uniform(0.1, 1.9);
    double saturation = random.uniform(0.1, 1.9);
    double turn = random.uniform(-0.5, 0.5);
    canvas.open(new MatSource(image));
    for (int part : order) {
      switch (part) {
        case 0 -> canvas.colours().brightness(brightness);
        case 1 -> canvas.colours().contrast(contrast);
        case 2 -> canvas.colours().saturation(saturation);
        default -> canvas.colours().hue(turn);
      }
    }
    byte[] result = new byte[picture.length];
    canvas.read(result);
    return result;
  }

  private static void permutations(List<Integer> begin, List<List<Integer>> into) {
    if (begin.size() == 4) {
      into.add(begin);
    }
    for (int next = 0; next < 4; next++) {
      if (!begin.contains(next)) {
        List<Integer> longer = new ArrayList<>(begin);
        longer.add(next);
        permutations(longer, into);
      }
    }
  }

  /** Of a strength of 0.5: a level is {@code base + factor·slope}, rounded down. */
  private static void assertFactor(
      ImageOp op,
      byte[] picture,
      int height,
      int width,
      int channels,
      int place,
      int base,
      int slope) {
    int[] levels = levels(op, picture, height, width, channels, place);

    assertThat(levels[0]).isBetween(base + slope / 2, base + slope / 2 + 1);
    assertThat(levels[DRAWS - 1]).isBetween(base + slope * 3 / 2 - 2, base + slope * 3 / 2);
    assertDistribution(levels, level -> (level + 1.0 - base) / slope - 0.5, BOUND);
  }

  /**
   * Compares distribution functions at each level.
   *
   * @param expected probability of at most a level
   */
  private static void assertDistribution(int[] levels, DoubleUnaryOperator expected, double bound) {
    for (int i = 0; i < levels.length - 1; i++) {
      if (levels[i + 1] > levels[i]) {
        assertThat((i + 1.0) / levels.length)
            .as("at most %s", levels[i])
            .isCloseTo(expected.applyAsDouble(levels[i]), within(bound));
      }
    }
  }

  private static void assertUniform(double[] values, double low, double high, double bound) {
    Arrays.sort(values);
    for (int i = 0; i < values.length; i++) {
      assertThat((values[i] - low) / (high - low))
          .isCloseTo((i + 0.5) / values.length, within(bound));
    }
  }

  private static double chiSquared(int[] counts) {
    double mean = Arrays.stream(counts).average().orElseThrow();
    return Arrays.stream(counts).mapToDouble(n -> (n - mean) * (n - mean) / mean).sum();
  }

  /** The standard normal distribution function, by Marsaglia's series. */
  private static double normal(double x) {
    double sum = x;
    double term = x;
    for (int odd = 3; odd < 200; odd += 2) {
      term *= x * x / odd;
      sum += term;
    }
    return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /** The sorted levels at one place of the results. */
  private static int[] levels(
      ImageOp op, byte[] picture, int height, int width, int channels, int place) {
    return results(op, picture, height, width, channels).stream()
        .mapToInt(result -> result[place] & 0xFF)
        .sorted()
        .toArray();
  }

  /** What an operation makes of one picture as 10,000 images. */
  private static List<byte[]> results(
      ImageOp op, byte[] picture, int height, int width, int channels) {
    List<byte[]> results = new ArrayList<>();
    try (ImageCanvas canvas = new ImageCanvas();
        Mat image = image(picture, height, width, channels)) {
      for (int id = 0; id < DRAWS; id++) {
        canvas.open(new MatSource(image));
        op.apply(canvas, KeyedRandom.of(3, 1, id, 0));
        byte[] result = new byte[picture.length];
        canvas.read(result);
        results.add(result);
      }
    }
    return results;
  }

  private static Mat image(byte[] picture, int height, int width, int channels) {
    Mat image = new Mat(height, width, CV_8UC(channels));
    image.data().put(picture);
    return image;
  }
}
