package org.convoyml.aug.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.opencv.opencv_core.Mat;
import org.convoyml.nn.random.KeyedRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for operations on levels, colours and noise, whatever the picture. */
class OperationsTest {
  private static final int HEIGHT = 21;
  private static final int WIDTH = 26;

  static List<ImageOp> random() {
    return List.of(
        new Brightness(0.5),
        new Contrast(0.5),
        new Saturation(0.5),
        new Hue(0.3),
        new Sharpness(0.9),
        new ColorJitter(0.4, 0.4, 0.4, 0.1),
        new ChannelJitter(0.3),
        new Noise(0.05),
        new Blur(0.3, 3),
        new Jpeg(10, 80),
        new Cutout(8, 128),
        new RandomErasing(0.02, 0.33, 0.3, 3.3, 128),
        new Sometimes(new Invert(), 0.5),
        new RandAugment(3, 20),
        new TrivialAugment(),
        new AutoAugment(AutoAugment.Policy.CIFAR10),
        new AutoAugment(AutoAugment.Policy.IMAGENET),
        new AutoAugment(AutoAugment.Policy.SVHN));
  }

  static List<ImageOp> neutral() {
    return List.of(
        new Brightness(0),
        new Contrast(0),
        new Saturation(0),
        new Hue(0),
        new Sharpness(0),
        new ColorJitter(0, 0, 0, 0),
        new ChannelJitter(0),
        new Noise(0),
        new Blur(0, 0),
        new Posterize(8),
        new Solarize(256),
        new Sometimes(new Invert(), 0));
  }

  @ParameterizedTest
  @MethodSource("random")
  void theSameKeyGivesTheSameBytesAndOtherEpochsOthers(ImageOp op) {
    byte[] picture = GoldenPictures.picture(HEIGHT, WIDTH, 3);
    Set<String> different = new HashSet<>();
    for (int epoch = 0; epoch < 30; epoch++) {
      byte[] result = apply(op, picture, 3, KeyedRandom.of(1, epoch, 7, 0));

      assertThat(apply(op, picture, 3, KeyedRandom.of(1, epoch, 7, 0))).isEqualTo(result);
      different.add(Arrays.toString(result));
    }
    // A coin has two sides, and automatic policies may draw identity.
    assertThat(different.size()).isGreaterThanOrEqualTo(op instanceof Sometimes ? 2 : 10);
  }

  @ParameterizedTest
  @MethodSource("random")
  void nothingIsLeftOfTheLastImage(ImageOp op) {
    byte[] first = GoldenPictures.picture(HEIGHT, WIDTH, 3);
    byte[] other = GoldenPictures.picture(31, 11, 1);
    for (int key = 0; key < 20; key++) {
      try (ImageCanvas canvas = new ImageCanvas()) {
        byte[] expected = apply(canvas, op, first, HEIGHT, WIDTH, 3, key);
        apply(canvas, op, other, 31, 11, 1, key);
        assertThat(apply(canvas, op, first, HEIGHT, WIDTH, 3, key)).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("neutral")
  void neutralParametersAreIdentity(ImageOp op) {
    for (int channels : List.of(1, 3)) {
      byte[] picture = GoldenPictures.picture(HEIGHT, WIDTH, channels);
      for (int key = 0; key < 5; key++) {
        assertThat(apply(op, picture, channels, KeyedRandom.of(key))).isEqualTo(picture);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("random")
  void worksOnASinglePixelAndOnGrey(ImageOp op) {
    for (int key = 0; key < 20; key++) {
      try (ImageCanvas canvas = new ImageCanvas()) {
        assertThat(apply(canvas, op, new byte[] {1, 2, 3}, 1, 1, 3, key)).hasSize(3);
        assertThat(apply(canvas, op, new byte[] {99}, 1, 1, 1, key)).hasSize(1);
        assertThat(apply(canvas, op, new byte[HEIGHT * 2], HEIGHT, 2, 1, key)).hasSize(42);
      }
    }
  }

  @Test
  void invertTwiceIsIdentity() {
    byte[] picture = GoldenPictures.picture(HEIGHT, WIDTH, 3);
    byte[] negative = apply(new Invert(), picture, 3, KeyedRandom.of(1));

    assertThat(negative).isNotEqualTo(picture);
    assertThat(apply(new Invert(), negative, 3, KeyedRandom.of(1))).isEqualTo(picture);
    assertThat(apply(new Solarize(0), negative, 3, KeyedRandom.of(1))).isEqualTo(picture);
  }

  @Test
  void colourIsNothingToAGreyImage() {
    byte[] picture = GoldenPictures.picture(HEIGHT, WIDTH, 1);
    for (ImageOp op : List.of(new Saturation(1), new Hue(0.5), new Grayscale())) {
      assertThat(apply(op, picture, 1, KeyedRandom.of(1))).isEqualTo(picture);
    }
  }

  @Test
  void grayscaleMakesAllChannelsEqual() {
    byte[] grey =
        apply(new Grayscale(), GoldenPictures.picture(HEIGHT, WIDTH, 3), 3, KeyedRandom.of(1));
    for (int i = 0; i < grey.length; i += 3) {
      assertThat(grey[i + 1]).isEqualTo(grey[i]);
      assertThat(grey[i + 2]).isEqualTo(grey[i]);
    }
  }

  @Test
  void noiseHasTheDeviationThatWasAskedForAndIsIndependentFromPixelToPixel() {
    byte[] grey = new byte[400 * 400];
    Arrays.fill(grey, (byte) 128);
    byte[] noisy;
    try (ImageCanvas canvas = new ImageCanvas()) {
      noisy = apply(canvas, new Noise(0.1), grey, 400, 400, 1, 5);
    }
    double sum = 0;
    double squares = 0;
    double products = 0;
    for (int i = 0; i < noisy.length; i++) {
      double value = (noisy[i] & 0xFF) - 128;
      sum += value;
      squares += value * value;
      products += i == 0 ? 0 : value * ((noisy[i - 1] & 0xFF) - 128);
    }
    double deviation = Math.sqrt(squares / noisy.length);

    // Five deviations of each estimate; rounding adds a variance of 1/12.
    assertThat(Math.abs(sum / noisy.length)).isLessThan(5 * 25.5 / 400);
    assertThat(deviation).isBetween(25.5 * 0.99, 25.5 * 1.01);
    assertThat(Math.abs(products / squares)).isLessThan(5.0 / 400);
  }

  @Test
  void aCutoutCoversASquareAroundAnyPixel() {
    byte[] picture = new byte[HEIGHT * WIDTH];
    boolean[] covered = new boolean[picture.length];
    for (int key = 0; key < 3000; key++) {
      byte[] result = apply(new Cutout(6, 200), picture, 1, KeyedRandom.of(key));
      int[] box = box(result, (byte) 200);
      assertThat(box[1] - box[0]).isBetween(3, 6);
      assertThat(box[3] - box[2]).isBetween(3, 6);
      if (box[0] > 0 && box[1] < HEIGHT && box[2] > 0 && box[3] < WIDTH) {
        assertThat(box[1] - box[0]).isEqualTo(6);
        assertThat(box[3] - box[2]).isEqualTo(6);
      }
      for (int i = 0; i < result.length; i++) {
        covered[i] |= result[i] != 0;
      }
    }
    for (boolean cover : covered) {
      assertThat(cover).isTrue();
    }
  }

  @Test
  void anErasedRectangleLiesInTheImageAndHasTheAreaAndRatioAskedFor() {
    RandomErasing op = new RandomErasing(0.1, 0.2, 0.5, 2, 77);
    byte[] picture = new byte[HEIGHT * WIDTH];
    double pixels = picture.length;
    for (int key = 0; key < 2000; key++) {
      int[] box = box(apply(op, picture, 1, KeyedRandom.of(key)), (byte) 77);
      int height = box[1] - box[0];
      int width = box[3] - box[2];
      // Sides are rounded to whole pixels.
      assertThat((height + 0.5) * (width + 0.5)).isGreaterThanOrEqualTo(0.1 * pixels);
      assertThat((height - 0.5) * (width - 0.5)).isLessThanOrEqualTo(0.2 * pixels);
      assertThat((height + 0.5) / (width - 0.5)).isGreaterThanOrEqualTo(0.5);
      assertThat((height - 0.5) / (width + 0.5)).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void whatDoesNotFitIsNotErased() {
    byte[] picture = GoldenPictures.picture(HEIGHT, WIDTH, 1);
    ImageOp op = new RandomErasing(1, 1, 100, 100, 0);

    assertThat(apply(op, picture, 1, KeyedRandom.of(1))).isEqualTo(picture);
  }

  @Test
  void colorJitterDoesItsPartsInAllOrders() {
    byte[] picture = GoldenPictures.picture(HEIGHT, WIDTH, 3);
    Set<String> different = new HashSet<>();
    // Strengths of 1 clip so much that the order can be seen.
    ColorJitter jitter = new ColorJitter(1, 1, 1, 0.5);
    for (int key = 0; key < 200; key++) {
      different.add(Arrays.toString(apply(jitter, picture, 3, KeyedRandom.of(key))));
    }
    assertThat(different.size()).isGreaterThan(195);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 10.1, Double.NaN})
  void strengthsAreChecked(double strength) {
    assertThatThrownBy(() -> new Brightness(strength))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("strength must be 0 to 10, got ");
    assertThatThrownBy(() -> new ColorJitter(0, strength, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("contrast must be 0 to 10, got ");
  }

  @Test
  void rangesAreInOrder() {
    assertThatThrownBy(() -> new Jpeg(90, 30))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxQuality must be 90 to 100, got 30");
  }

  @Test
  void anOperationHasOneProbability() {
    assertThatThrownBy(() -> new Sometimes(new Sometimes(new Invert(), 0.5), 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("an operation has one probability");
  }

  private static byte[] apply(ImageOp op, byte[] picture, int channels, KeyedRandom random) {
    try (ImageCanvas canvas = new ImageCanvas()) {
      return apply(canvas, op, picture, HEIGHT, WIDTH, channels, random);
    }
  }

  private static byte[] apply(
      ImageCanvas canvas,
      ImageOp op,
      byte[] picture,
      int height,
      int width,
      int channels,
      long key) {
    return apply(canvas, op, picture, height, width, channels, KeyedRandom.of(key));
  }

  private static byte[] apply(
      ImageCanvas canvas,
      ImageOp op,
      byte[] picture,
      int height,
      int width,
      int channels,
      KeyedRandom random) {
    try (Mat image = new Mat(height, width, CV_8UC(channels))) {
      image.data().put(picture);
      canvas.open(new MatSource(image));
      op.apply(canvas, random);
      byte[] result = new byte[picture.length];
      canvas.read(result);
      return result;
    }
  }

  /** Top, bottom, left, right of the pixels of one level, which fill that rectangle. */
  private static int[] box(byte[] pixels, byte level) {
    int[] box = {HEIGHT, 0, WIDTH, 0};
    int count = 0;
    for (int i = 0; i < pixels.length; i++) {
      if (pixels[i] == level) {
        count++;
        box[0] = Math.min(box[0], i / WIDTH);
        box[1] = Math.max(box[1], i / WIDTH + 1);
        box[2] = Math.min(box[2], i % WIDTH);
        box[3] = Math.max(box[3], i % WIDTH + 1);
      }
    }
    assertThat((box[1] - box[0]) * (box[3] - box[2])).isEqualTo(count);
    return box;
  }
}
