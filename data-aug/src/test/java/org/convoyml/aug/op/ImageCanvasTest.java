package org.convoyml.aug.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC;

import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;
import org.convoyml.nn.random.KeyedRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageCanvasTest {
  private static final List<ImageOp> OPS = List.of(new Rotate(25), new Translate(0.2));
  private static final List<ImageOp> NOTHING = List.of();
  private static final List<ImageOp> STILL = List.of(new Rotate(0), new Translate(0));

  @ParameterizedTest
  @CsvSource({"28,28,1", "17,33,3", "1,9,1", "32,32,3"})
  void isOneBilinearWarpByTheComposedMap(int height, int width, int channels) {
    byte[] pixels = smooth(height, width, channels);
    try (Mat image = image(height, width, channels, pixels);
        ImageCanvas canvas = new ImageCanvas()) {
      for (int id = 0; id < 20; id++) {
        double angle = Math.toRadians(KeyedRandom.of(5, 6, id, 0).uniform(-25, 25));
        KeyedRandom second = KeyedRandom.of(5, 6, id, 1);
        double right = second.uniform(-0.2, 0.2) * width;
        double down = second.uniform(-0.2, 0.2) * height;

        byte[] result = apply(canvas, image, OPS, 5, 6, id);

        for (int i = 0; i < result.length; i++) {
          // Back by the shift, then by the rotation about the centre, anticlockwise as seen.
          double x = i / channels % width - right - (width - 1) / 2.0;
          double y = i / channels / width - down - (height - 1) / 2.0;
          double fromX = Math.cos(angle) * x - Math.sin(angle) * y + (width - 1) / 2.0;
          double fromY = Math.sin(angle) * x + Math.cos(angle) * y + (height - 1) / 2.0;
          Sample expected = sample(pixels, height, width, channels, i % channels, fromX, fromY);
          // OpenCV rounds places to 1/32 of a pixel, so is off by 1/64 at most in each direction.
          assertThat((double) (result[i] & 0xFF))
              .as("image %s, value %s", id, i)
              .isCloseTo(expected.value, within(1 + expected.range / 32));
        }
      }
    }
  }

  @Test
  void theSameKeyGivesTheSamePixelsAndAnotherDoesNot() {
    try (Mat image = image(28, 28, 1, smooth(28, 28, 1));
        ImageCanvas canvas = new ImageCanvas();
        ImageCanvas another = new ImageCanvas()) {
      byte[] first = apply(canvas, image, OPS, 1, 2, 3);

      assertThat(apply(canvas, image, OPS, 1, 3, 3)).isNotEqualTo(first);
      assertThat(apply(canvas, image, OPS, 2, 2, 3)).isNotEqualTo(first);
      assertThat(apply(canvas, image, OPS, 1, 2, 4)).isNotEqualTo(first);
      assertThat(apply(canvas, image, OPS, 1, 2, 3)).isEqualTo(first);
      assertThat(apply(another, image, OPS, 1, 2, 3)).isEqualTo(first);
    }
  }

  @Test
  void anImageThatDoesNotMoveIsTheSourceItself() {
    try (Mat image = image(9, 9, 3, smooth(9, 9, 3));
        ImageCanvas canvas = new ImageCanvas()) {
      for (List<ImageOp> still : List.of(STILL, NOTHING)) {
        apply(canvas, image, still, 1, 2, 3);
        canvas.open(new MatSource(image));
        assertThat(canvas.pixels()).isSameAs(image);
      }
    }
  }

  /** Levels are in the Java heap or in native memory, with a table pending or not. */
  @ParameterizedTest
  @CsvSource({"1", "3"})
  void whereTheImageLiesInBetweenDoesNotMatter(int channels) {
    List<ImageOp> ops =
        List.of(
            new Brightness(0.4),
            new Contrast(0.5),
            new Saturation(0.8),
            new Hue(0.3),
            new Flip(),
            new Noise(0.1),
            new Cutout(5, 77),
            new Blur(0.5, 1),
            new Equalize(),
            new Autocontrast(),
            new Grayscale(),
            new Sharpness(0.9),
            new Invert(),
            new Crop(13),
            new Solarize(100),
            new Jpeg(50, 60));
    try (Mat image = image(17, 19, channels, smooth(17, 19, channels));
        ImageCanvas lazy = new ImageCanvas();
        ImageCanvas settled = new ImageCanvas()) {
      for (int id = 0; id < 300; id++) {
        KeyedRandom random = KeyedRandom.of(77, id);
        lazy.open(new MatSource(image));
        settled.open(new MatSource(image));
        for (int i = 0; i < 5; i++) {
          ImageOp op = ops.get(random.nextInt(ops.size()));
          op.apply(lazy, KeyedRandom.of(id, i));
          op.apply(settled, KeyedRandom.of(id, i));
          assertThat(settled.editable().rows()).isEqualTo(lazy.height());
        }
        byte[] expected = new byte[settled.height() * settled.width() * channels];
        settled.read(expected);
        byte[] result = new byte[expected.length];
        lazy.read(result);

        assertThat(result).as("image %s", id).isEqualTo(expected);
        assertThat(levels(lazy)).as("native, image %s", id).isEqualTo(expected);
        assertThat(planes(lazy)).as("floats, image %s", id).isEqualTo(planes(expected, channels));
      }
    }
  }

  private static byte[] levels(ImageCanvas canvas) {
    byte[] levels = new byte[canvas.height() * canvas.width() * canvas.channels()];
    canvas.pixels().data().get(levels);
    return levels;
  }

  private static float[] planes(ImageCanvas canvas) {
    float[] values = new float[256 * canvas.channels()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    float[] planes = new float[3 + canvas.height() * canvas.width() * canvas.channels()];
    // A table is pending again, so that it is composed with the values.
    canvas.colours().invert();
    canvas.read(values, planes, 3);
    return planes;
  }

  private static float[] planes(byte[] levels, int channels) {
    float[] planes = new float[3 + levels.length];
    for (int i = 0; i < levels.length; i++) {
      int channel = i % channels;
      planes[3 + channel * (levels.length / channels) + i / channels] =
          256 * channel + 255 - (levels[i] & 0xFF);
    }
    return planes;
  }

  private static byte[] apply(
      ImageCanvas canvas, Mat image, List<ImageOp> ops, long seed, long epoch, long id) {
    canvas.open(new MatSource(image));
    for (int i = 0; i < ops.size(); i++) {
      ops.get(i).apply(canvas, KeyedRandom.of(seed, epoch, id, i));
    }
    byte[] bytes = new byte[canvas.height() * canvas.width() * canvas.channels()];
    canvas.read(bytes);
    return bytes;
  }

  private static Mat image(int height, int width, int channels, byte[] pixels) {
    Mat image = new Mat(height, width, CV_8UC(channels));
    image.data().put(pixels);
    return image;
  }

  /** (H, W, C), slowly changing, up to 255; neighbours differ by little. */
  private static byte[] smooth(int height, int width, int channels) {
    byte[] pixels = new byte[height * width * channels];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < channels; c++) {
          pixels[(y * width + x) * channels + c] =
              (byte) Math.round(127 + 60 * Math.sin((x + c) / 9.0) + 60 * Math.cos(y / 11.0));
        }
      }
    }
    return pixels;
  }

  private record Sample(double value, double range) {}

  /**
   * The definition, slowly: a value is the bilinear mean of the four around the place it comes
   * from, which are 0 outside the image.
   */
  private static Sample sample(
      byte[] pixels, int height, int width, int channels, int channel, double fromX, double fromY) {
    double sum = 0;
    double least = 255;
    double most = 0;
    for (int row = (int) Math.floor(fromY); row <= Math.floor(fromY) + 1; row++) {
      for (int column = (int) Math.floor(fromX); column <= Math.floor(fromX) + 1; column++) {
        boolean inside = row >= 0 && row < height && column >= 0 && column < width;
        int value = inside ? pixels[(row * width + column) * channels + channel] & 0xFF : 0;
        sum += value * (1 - Math.abs(fromX - column)) * (1 - Math.abs(fromY - row));
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    return new Sample(sum, most - least);
  }
}
