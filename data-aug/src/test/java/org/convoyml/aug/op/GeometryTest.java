package org.convoyml.aug.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.opencv.opencv_core.Mat;
import org.convoyml.nn.random.KeyedRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for operations that move pixels, whatever the picture. */
class GeometryTest {
  private static final int HEIGHT = 21;
  private static final int WIDTH = 26;
  private static final byte[] PICTURE = GoldenPictures.picture(HEIGHT, WIDTH, 3);

  static List<ImageOp> random() {
    return List.of(
        new Rotate(30),
        new Translate(0.3),
        new Scale(0.5, 2),
        new Shear(20),
        new Sometimes(new Flip(), 0.5),
        new Sometimes(new VerticalFlip(), 0.5),
        new Crop(13),
        new RandomResizedCrop(16),
        new PadCrop(4),
        new PadCrop(4, Border.REFLECT),
        new Perspective(0.5),
        new Elastic(20, 3));
  }

  static List<ImageOp> neutral() {
    return List.of(
        new Rotate(0),
        new Translate(0),
        new Scale(1, 1),
        new Shear(0),
        new CenterCrop(HEIGHT),
        new PadCrop(0),
        new Perspective(0),
        new Elastic(0, 4),
        new Resize(HEIGHT));
  }

  @ParameterizedTest
  @MethodSource("random")
  void theSameKeyGivesTheSameBytesAndOtherEpochsOthers(ImageOp op) {
    Set<String> different = new HashSet<>();
    for (int epoch = 0; epoch < 30; epoch++) {
      byte[] result = apply(op, KeyedRandom.of(1, epoch, 7, 0));

      assertThat(apply(op, KeyedRandom.of(1, epoch, 7, 0))).isEqualTo(result);
      different.add(Arrays.toString(result));
    }
    assertThat(different.size()).isGreaterThanOrEqualTo(op instanceof Sometimes ? 2 : 20);
  }

  @ParameterizedTest
  @MethodSource("neutral")
  void neutralParametersAreIdentity(ImageOp op) {
    byte[] expected =
        op instanceof CenterCrop ? drawn(3, canvas -> canvas.crop(2, 0, 21, 21)) : PICTURE;
    for (int key = 0; key < 5; key++) {
      assertThat(apply(op, KeyedRandom.of(key))).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("random")
  void worksOnASinglePixelAndOnGrey(ImageOp op) {
    for (int key = 0; key < 20; key++) {
      try (ImageCanvas canvas = new ImageCanvas()) {
        for (int[] shape : new int[][] {{1, 1, 3}, {1, 1, 1}, {1, 7, 1}, {9, 2, 3}}) {
          byte[] bytes = new byte[shape[0] * shape[1] * shape[2]];
          try (Mat image = image(shape[0], shape[1], shape[2], bytes)) {
            canvas.open(new MatSource(image));
            op.apply(canvas, KeyedRandom.of(key));
            int size = canvas.height() * canvas.width() * shape[2];
            byte[] result = new byte[size];
            canvas.read(result);
            assertThat(result).as("black stays black").isEqualTo(new byte[size]);
          }
        }
      }
    }
  }

  @Test
  void flippingTwiceIsIdentityAndBothWaysIsHalfATurn() {
    byte[] flipped = drawn(3, ImageCanvas::flipHorizontally);
    assertThat(flipped).isNotEqualTo(PICTURE);
    byte[] twice =
        drawn(
            3,
            canvas -> {
              canvas.flipHorizontally();
              canvas.pixels();
              canvas.flipHorizontally();
            });
    assertThat(twice).isEqualTo(PICTURE);
    byte[] both =
        drawn(
            3,
            canvas -> {
              canvas.flipHorizontally();
              canvas.flipVertically();
            });
    assertThat(drawn(3, canvas -> canvas.affineAboutCentre(-1, 0, 0, -1, 0, 0))).isEqualTo(both);
  }

  /** By the definition, pixel by pixel. */
  @Property(tries = 500)
  void wholePixelsAreCopied(
      @ForAll @IntRange(min = -30, max = 30) int x,
      @ForAll @IntRange(min = -30, max = 30) int y,
      @ForAll @IntRange(min = 1, max = 60) int height,
      @ForAll @IntRange(min = 1, max = 60) int width,
      @ForAll boolean flipX,
      @ForAll boolean flipY,
      @ForAll Border border) {
    byte[] result =
        drawn(
            3,
            canvas -> {
              canvas.crop(x, y, height, width, border);
              if (flipX) {
                canvas.flipHorizontally();
              }
              if (flipY) {
                canvas.flipVertically();
              }
            });

    byte[] expected = new byte[height * width * 3];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int fromY = place(y + (flipY ? height - 1 - row : row), HEIGHT, border);
        int fromX = place(x + (flipX ? width - 1 - column : column), WIDTH, border);
        for (int c = 0; c < 3 && fromX >= 0 && fromY >= 0; c++) {
          expected[(row * width + column) * 3 + c] = PICTURE[(fromY * WIDTH + fromX) * 3 + c];
        }
      }
    }
    assertThat(result).isEqualTo(expected);
  }

  /** Composed lazily or done one after the other: the same, where nothing is interpolated. */
  @Property(tries = 200)
  void compositionIsDoingOneAfterTheOther(@ForAll long key) {
    assertThat(drawn(3, canvas -> moves(canvas, key, false)))
        .isEqualTo(drawn(3, canvas -> moves(canvas, key, true)));
  }

  private static void moves(ImageCanvas canvas, long key, boolean settle) {
    KeyedRandom random = KeyedRandom.of(key);
    byte[] negative = new byte[256];
    for (int i = 0; i < 256; i++) {
      negative[i] = (byte) (255 - i);
    }
    for (int i = 0; i < 6; i++) {
      switch (random.nextInt(5)) {
        case 0 -> canvas.flipHorizontally();
        case 1 -> canvas.flipVertically();
        case 2 -> canvas.pad(random.nextInt(4), Border.values()[random.nextInt(2)]);
        case 3 -> canvas.lookup(negative);
        default -> {
          // After a move over an edge, what a crop cuts off could come back with another one.
          canvas.pixels();
          int height = 1 + random.nextInt(canvas.height());
          int width = 1 + random.nextInt(canvas.width());
          int x = random.nextInt(canvas.width() - width + 1);
          int y = random.nextInt(canvas.height() - height + 1);
          canvas.crop(x, y, height, width);
          canvas.pixels();
        }
      }
      if (settle) {
        canvas.pixels();
      }
    }
  }

  @Property(tries = 500)
  void randomCropsLieInTheImage(
      @ForAll @IntRange(min = 1, max = 90) int height,
      @ForAll @IntRange(min = 1, max = 90) int width,
      @ForAll long key) {
    try (ImageCanvas canvas = new ImageCanvas();
        Mat image = new Mat(height, width, CV_8UC(1))) {
      canvas.open(new MatSource(image));
      new RandomResizedCrop(17).apply(canvas, KeyedRandom.of(key));
      assertThat(List.of(canvas.height(), canvas.width())).containsExactly(17, 17);
      assertInside(canvas.geometry(), height, width);

      int size = Math.min(height, width);
      canvas.open(new MatSource(image));
      new Crop(size).apply(canvas, KeyedRandom.of(key));
      assertThat(List.of(canvas.height(), canvas.width())).containsExactly(size, size);
      assertInside(canvas.geometry(), height, width);
    }
  }

  @Test
  void aSmallImageIsInTheMiddleOfALargeCrop() {
    byte[] result = apply(new Crop(30), KeyedRandom.of(1));

    assertThat(result).isEqualTo(apply(new CenterCrop(30), KeyedRandom.of(2)));
    assertThat(result).isEqualTo(drawn(3, canvas -> canvas.crop(-2, -4, 30, 30)));
  }

  @Test
  void resizingKeepsProportions() {
    assertThat(sizeOf(new Resize(42))).containsExactly(42, 52);
    assertThat(sizeOf(new Resize(10))).containsExactly(10, 12);
  }

  @Test
  void elasticDeformationIsAsStrongAsItsDocumentationSays() {
    // Along a ramp of one level a pixel, a level is a displacement.
    int side = 200;
    byte[] ramp = new byte[side * side];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (byte) (i % side);
    }
    double squares = 0;
    int count = 0;
    try (Mat image = image(side, side, 1, ramp);
        ImageCanvas canvas = new ImageCanvas()) {
      canvas.open(new MatSource(image));
      new Elastic(60, 3).apply(canvas, KeyedRandom.of(1));
      byte[] result = new byte[ramp.length];
      canvas.read(result);
      for (int i = 0; i < ramp.length; i++) {
        if (i % side > 20 && i % side < side - 20) {
          squares += Math.pow((result[i] & 0xFF) - (ramp[i] & 0xFF), 2);
          count++;
        }
      }
    }
    // 0.16·60/3 = 3.2 pixels; about 400 independent places.
    assertThat(Math.sqrt(squares / count)).isBetween(2.8, 3.6);
  }

  private static int[] sizeOf(ImageOp op) {
    try (ImageCanvas canvas = new ImageCanvas();
        Mat image = image(HEIGHT, WIDTH, 3, PICTURE)) {
      canvas.open(new MatSource(image));
      op.apply(canvas, KeyedRandom.of(1));
      return new int[] {canvas.height(), canvas.width()};
    }
  }

  private static void assertInside(PendingGeometry map, int height, int width) {
    double left = map.x0() - map.xx() / 2;
    double top = map.y0() - map.yy() / 2;
    assertThat(left).isGreaterThanOrEqualTo(-0.5 - 1e-9);
    assertThat(top).isGreaterThanOrEqualTo(-0.5 - 1e-9);
    assertThat(left + map.xx() * map.width()).isLessThanOrEqualTo(width - 0.5 + 1e-9);
    assertThat(top + map.yy() * map.height()).isLessThanOrEqualTo(height - 0.5 + 1e-9);
  }

  /** A place in the image, or -1 for black. */
  private static int place(int at, int length, Border border) {
    if (border == Border.BLACK) {
      return at < 0 || at >= length ? -1 : at;
    }
    int period = 2 * (length - 1);
    int inPeriod = Math.floorMod(at, period);
    return inPeriod < length ? inPeriod : period - inPeriod;
  }

  private static byte[] apply(ImageOp op, KeyedRandom random) {
    return drawn(3, canvas -> op.apply(canvas, random));
  }

  private static byte[] drawn(int channels, Consumer<ImageCanvas> operation) {
    try (Mat image = image(HEIGHT, WIDTH, channels, PICTURE);
        ImageCanvas canvas = new ImageCanvas()) {
      canvas.open(new MatSource(image));
      operation.accept(canvas);
      byte[] result = new byte[canvas.height() * canvas.width() * channels];
      canvas.read(result);
      return result;
    }
  }

  private static Mat image(int height, int width, int channels, byte[] bytes) {
    Mat image = new Mat(height, width, CV_8UC(channels));
    image.data().put(bytes);
    return image;
  }
}
