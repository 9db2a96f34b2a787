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

class ImageAugmenterTest {
  private static final List<ImageOp> OPS = List.of(new Rotate(25), new Translate(0.2));

  @ParameterizedTest
  @CsvSource({"28,28,1", "17,33,3", "1,9,1", "32,32,3"})
  void isOneBilinearWarpByTheComposedMap(int height, int width, int channels) {
    byte[] pixels = smooth(height, width, channels);
    try (Mat image = image(height, width, channels, pixels);
        ImageAugmenter augmenter = new ImageAugmenter(OPS)) {
      for (int id = 0; id < 20; id++) {
        AffineMap map =
            new Rotate(25)
                .draw(KeyedRandom.of(5, 6, id, 0), height, width)
                .then(new Translate(0.2).draw(KeyedRandom.of(5, 6, id, 1), height, width));

        byte[] result = bytes(augmenter.apply(image, 5, 6, id));

        for (int i = 0; i < result.length; i++) {
          Sample expected = sample(pixels, height, width, channels, i, map);
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
        ImageAugmenter augmenter = new ImageAugmenter(OPS);
        ImageAugmenter another = new ImageAugmenter(OPS)) {
      byte[] first = bytes(augmenter.apply(image, 1, 2, 3));

      assertThat(bytes(augmenter.apply(image, 1, 3, 3))).isNotEqualTo(first);
      assertThat(bytes(augmenter.apply(image, 2, 2, 3))).isNotEqualTo(first);
      assertThat(bytes(augmenter.apply(image, 1, 2, 4))).isNotEqualTo(first);
      assertThat(bytes(augmenter.apply(image, 1, 2, 3))).isEqualTo(first);
      assertThat(bytes(another.apply(image, 1, 2, 3))).isEqualTo(first);
    }
  }

  @Test
  void anImageThatDoesNotMoveIsGivenBack() {
    try (Mat image = image(9, 9, 3, smooth(9, 9, 3));
        ImageAugmenter still = new ImageAugmenter(List.of(new Rotate(0), new Translate(0)));
        ImageAugmenter none = new ImageAugmenter(List.of())) {
      assertThat(still.apply(image, 1, 2, 3)).isSameAs(image);
      assertThat(none.apply(image, 1, 2, 3)).isSameAs(image);
    }
  }

  private static Mat image(int height, int width, int channels, byte[] pixels) {
    Mat image = new Mat(height, width, CV_8UC(channels));
    image.data().put(pixels);
    return image;
  }

  private static byte[] bytes(Mat image) {
    byte[] bytes = new byte[(int) (image.total() * image.elemSize())];
    image.data().get(bytes);
    return bytes;
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
      byte[] pixels, int height, int width, int channels, int index, AffineMap map) {
    double x = index / channels % width - map.x0();
    double y = index / channels / width - map.y0();
    double determinant = map.xx() * map.yy() - map.xy() * map.yx();
    double fromX = (map.yy() * x - map.xy() * y) / determinant;
    double fromY = (map.xx() * y - map.yx() * x) / determinant;
    double sum = 0;
    double least = 255;
    double most = 0;
    for (int row = (int) Math.floor(fromY); row <= Math.floor(fromY) + 1; row++) {
      for (int column = (int) Math.floor(fromX); column <= Math.floor(fromX) + 1; column++) {
        boolean inside = row >= 0 && row < height && column >= 0 && column < width;
        int value =
            inside ? pixels[(row * width + column) * channels + index % channels] & 0xFF : 0;
        sum += value * (1 - Math.abs(fromX - column)) * (1 - Math.abs(fromY - row));
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    return new Sample(sum, most - least);
  }
}
