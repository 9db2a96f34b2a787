package org.convoyml.aug.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.convoyml.aug.TestImages;
import org.convoyml.aug.op.ImageCanvas;
import org.convoyml.aug.op.MatSource;
import org.convoyml.aug.op.PixelSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Large JPEGs are decoded to a fraction of their size where no more is needed. */
class ReducedDecodingTest {
  private static final int HEIGHT = 450;
  private static final int WIDTH = 610;

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    // x, y, height, width, side, reduction
    "0, 0, 450, 610, 48, 8",
    "33, 21, 301, 402, 40, 4",
    "101, 7, 301, 402, 100, 2",
    "101, 7, 99, 140, 100, 1",
  })
  void isNearlyWhatAllOfTheImageGives(int x, int y, int height, int width, int side, int reduction)
      throws IOException {
    for (boolean flip : List.of(false, true)) {
      for (int degrees : List.of(0, 20)) {
        Consumer<ImageCanvas> moves =
            canvas -> {
              canvas.resizedCrop(x, y, height, width, side, side);
              if (flip) {
                canvas.flipHorizontally();
              }
              double cos = Math.cos(Math.toRadians(degrees));
              double sin = Math.sin(Math.toRadians(degrees));
              canvas.affineAboutCentre(cos, sin, -sin, cos, 0, 0);
            };
        try (ImageDecoder decoder = new ImageDecoder(3);
            ImageCanvas canvas = new ImageCanvas()) {
          canvas.open(new MatSource(decoder.decode("x.jpg", photograph())));
          moves.accept(canvas);
          byte[] expected = new byte[side * side * 3];
          canvas.read(expected);

          Recorded source = new Recorded(decoder);
          canvas.open(source);
          moves.accept(canvas);
          byte[] result = new byte[expected.length];
          canvas.read(result);

          assertThat(source.reduction).isEqualTo(reduction);
          int differences = 0;
          int greatest = 0;
          for (int i = 0; i < result.length; i++) {
            int difference = Math.abs((result[i] & 0xFF) - (expected[i] & 0xFF));
            differences += difference;
            greatest = Math.max(greatest, difference);
          }
          // A level changes by up to 14 from one pixel of the result to the next.
          assertThat((double) differences / result.length).isLessThan(2);
          // Turned, pixels at the edge are mixed with the black outside, over a wider seam.
          if (degrees == 0) {
            assertThat(greatest).isLessThan(8);
          }
        }
      }
    }
  }

  @Test
  void noMoreThanNeededIsNotLessThanNeeded() throws IOException {
    // 450 rows to 226 are less than a half: the reduced image would have to be enlarged.
    try (ImageDecoder decoder = new ImageDecoder(3);
        ImageCanvas canvas = new ImageCanvas()) {
      decoder.open("x.jpg", photograph());
      Recorded source = new Recorded(decoder);
      canvas.open(source);
      canvas.resize(226, 226);
      canvas.pixels();
      assertThat(source.reduction).isEqualTo(1);

      canvas.open(source);
      canvas.resize(225, 226);
      canvas.pixels();
      assertThat(source.reduction).isEqualTo(2);
    }
  }

  /** Waves of some 30 pixels and more. */
  private byte[] photograph() throws IOException {
    byte[] pixels = new byte[HEIGHT * WIDTH * 3];
    for (int i = 0; i < pixels.length; i++) {
      int c = i % 3;
      int x = i / 3 % WIDTH;
      int y = i / 3 / WIDTH;
      pixels[i] =
          (byte) Math.round(127 + 40 * Math.sin((x + 20 * c) / 33.0) + 60 * Math.cos(y / 41.0));
    }
    Path file = directory.resolve("x.jpg");
    return Files.readAllBytes(TestImages.write(file, HEIGHT, WIDTH, 3, pixels));
  }

  /** What the decoder has open; remembers what was asked for. */
  private static final class Recorded implements PixelSource {
    private final ImageDecoder decoder;
    private int reduction;

    Recorded(ImageDecoder decoder) {
      this.decoder = decoder;
    }

    @Override
    public int height() {
      return decoder.height();
    }

    @Override
    public int width() {
      return decoder.width();
    }

    @Override
    public int channels() {
      return 3;
    }

    @Override
    public Mat decode(int asked) {
      reduction = asked;
      return decoder.decode(asked);
    }
  }
}
