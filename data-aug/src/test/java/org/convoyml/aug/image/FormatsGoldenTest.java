package org.convoyml.aug.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.opencv.opencv_core.Mat;
import org.convoyml.nn.spec.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of file that is decoded, against PIL; {@code scripts/oracle/images.py} made them. */
class FormatsGoldenTest {
  private static final Path FOLDER = folder();

  static Stream<String> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<String> names =
          files.map(file -> file.getFileName().toString()).filter(name -> !isGolden(name)).toList();
      return names.stream().sorted();
    }
  }

  @Test
  void noneIsMissing() throws IOException {
    assertThat(files()).hasSize(52);
  }

  @ParameterizedTest
  @MethodSource("files")
  void itIsDecodedAsPilDecodesIt(String name) {
    byte[] content = read(name);
    byte[] expected = golden(name, ".ppm");
    try (ImageDecoder decoder = new ImageDecoder(3)) {
      decoder.open(name, content);
      Mat image = decoder.decode(1);
      assertThat(List.of(decoder.height(), decoder.width())).isEqualTo(sizeOf(name));
      assertThat(List.of(image.rows(), image.cols())).isEqualTo(sizeOf(name));
      assertThat(image.channels()).isEqualTo(3);
      assertThat(largestDifference(pixels(image), expected)).isLessThanOrEqualTo(tolerance(name));
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void asGreyItHasTheLuminance(String name) {
    byte[] expected = golden(name, ".pgm");
    try (ImageDecoder decoder = new ImageDecoder(1)) {
      Mat image = decoder.decode(name, read(name));
      assertThat(image.channels()).isEqualTo(1);
      // What is computed from red, green and blue may be rounded otherwise.
      assertThat(largestDifference(pixels(image), expected))
          .isLessThanOrEqualTo(Math.max(1, tolerance(name)));
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void itsHeaderTellsWhetherItIsGrey(String name) {
    List<Integer> size = sizeOf(name);
    int channels = name.contains("grey") || name.equals("bmp-1.bmp") ? 1 : 3;
    assertThat(ImageDecoder.shapeOf(name, read(name), ImageDecoder.MAX_PIXELS))
        .isEqualTo(Shape.of(channels, size.get(0), size.get(1)));
  }

  /** No format but JPEG, whose decoders may round otherwise, leaves a choice. */
  private static int tolerance(String name) {
    if (name.contains("cmyk") || name.contains("ycck")) {
      return 2;
    }
    return name.endsWith(".jpg") ? 1 : 0;
  }

  private static int largestDifference(byte[] actual, byte[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    int largest = 0;
    for (int i = 0; i < actual.length; i++) {
      largest = Math.max(largest, Math.abs((actual[i] & 0xFF) - (expected[i] & 0xFF)));
    }
    return largest;
  }

  private static byte[] pixels(Mat image) {
    byte[] pixels = new byte[(int) (image.total() * image.elemSize())];
    image.data().get(pixels);
    return pixels;
  }

  private static byte[] golden(String name, String kind) {
    byte[] file = read(goldenOf(name, kind));
    int header = "P6\n30 21\n255\n".length();
    byte[] pixels = new byte[file.length - header];
    System.arraycopy(file, header, pixels, 0, pixels.length);
    return pixels;
  }

  /** Height and width, as the golden file's header has them. */
  private static List<Integer> sizeOf(String name) {
    String[] header =
        new String(read(goldenOf(name, ".ppm")), 0, 8, StandardCharsets.US_ASCII).split("\\s");
    return List.of(Integer.parseInt(header[2]), Integer.parseInt(header[1]));
  }

  private static String goldenOf(String name, String kind) {
    return name.substring(0, name.lastIndexOf('.')) + kind;
  }

  private static boolean isGolden(String name) {
    return name.endsWith(".ppm") || name.endsWith(".pgm");
  }

  static byte[] read(String name) {
    try {
      return Files.readAllBytes(FOLDER.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    try {
      return Path.of(FormatsGoldenTest.class.getResource("/formats").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
