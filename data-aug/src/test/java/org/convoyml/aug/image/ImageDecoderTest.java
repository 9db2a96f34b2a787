package org.convoyml.aug.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.opencv.opencv_core.Mat;
import org.convoyml.aug.TestImages;
import org.convoyml.nn.ConvoyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
  @TempDir private Path directory;

  @Test
  void coloursAreRedGreenBlue() throws IOException {
    byte[] png = encoded("x.png", 3, 5, 200, 100, 50);

    assertThat(decode(3, png)).hasSize(3 * 5 * 3).startsWith(200, 100, 50, 200, 100, 50);
  }

  @Test
  void jpegsAreRedGreenBlueToo() throws IOException {
    byte[] jpeg = encoded("x.jpg", 16, 16, 200, 100, 50);

    List<Integer> levels = decode(3, jpeg);
    assertThat(levels.get(0)).isCloseTo(200, within(3));
    assertThat(levels.get(1)).isCloseTo(100, within(3));
    assertThat(levels.get(2)).isCloseTo(50, within(3));
  }

  @Test
  void coloursBecomeGreyByTheirLuminance() throws IOException {
    byte[] png = encoded("x.png", 3, 5, 200, 100, 50);

    // 0.299·200 + 0.587·100 + 0.114·50 = 124.2
    assertThat(decode(1, png)).hasSize(15).containsOnly(124);
  }

  @Test
  void greyBecomesThreeEqualChannels() {
    assertThat(decode(3, TestImages.pgm(1, 2, new byte[] {7, (byte) 250})))
        .containsExactly(7, 7, 7, 250, 250, 250);
  }

  @Test
  void pgmIsReadAsItIs() {
    assertThat(decode(1, TestImages.pgm(2, 3, new byte[] {0, 1, 2, 3, 4, (byte) 255})))
        .containsExactly(0, 1, 2, 3, 4, 255);
  }

  @Test
  void pnmHeadersMayHaveComments() {
    byte[] content = "P5 # grey\n#text 9\n 2\t1\n255\nab".getBytes(StandardCharsets.US_ASCII);

    assertThat(decode(1, content)).containsExactly((int) 'a', (int) 'b');
  }

  @Test
  void imagesOfAnySizeFollowOneAnother() throws IOException {
    try (ImageDecoder decoder = new ImageDecoder(3)) {
      for (int side : List.of(3, 64, 5)) {
        Mat image = decoder.decode("x", encoded("x.png", side, side + 1, side, 0, 0));
        assertThat(image.rows()).isEqualTo(side);
        assertThat(image.cols()).isEqualTo(side + 1);
        assertThat(image.data().get() & 0xFF).isEqualTo(side);
      }
    }
  }

  @Test
  void photographsAreTurnedUpright() throws IOException {
    byte[] jpeg = encoded("x.jpg", 16, 24, 1, 2, 3);
    byte[] exif =
        HexFormat.of()
            .parseHex(
                "ffe1"
                    + "0022"
                    + "457869660000"
                    + "49492a0008000000"
                    + "0100"
                    // orientation, a short, one value: 6, the camera was held on its left side
                    + "1201"
                    + "0300"
                    + "01000000"
                    + "06000000"
                    + "00000000");
    ByteArrayOutputStream turned = new ByteArrayOutputStream();
    turned.write(jpeg, 0, 2);
    turned.writeBytes(exif);
    turned.write(jpeg, 2, jpeg.length - 2);

    try (ImageDecoder decoder = new ImageDecoder(3)) {
      assertThat(decoder.decode("x", turned.toByteArray()).rows()).isEqualTo(24);
      assertThat(decoder.decode("x", jpeg).rows()).isEqualTo(16);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void jpegsAreDecodedToAFractionOfTheirSize(int reduction) throws IOException {
    byte[] jpeg = encoded("x.jpg", 33, 50, 200, 100, 50);
    try (ImageDecoder decoder = new ImageDecoder(3)) {
      Mat image = decoder.decode("x", jpeg, reduction);
      assertThat(image.rows()).isEqualTo((33 + reduction - 1) / reduction);
      assertThat(image.cols()).isEqualTo((50 + reduction - 1) / reduction);
      assertThat(image.data().get() & 0xFF).isCloseTo(200, within(3));
    }
  }

  @Test
  void otherFormatsAreDecodedInFullSize() throws IOException {
    byte[] png = encoded("x.png", 33, 50, 200, 100, 50);
    try (ImageDecoder decoder = new ImageDecoder(3)) {
      assertThat(decoder.decode("x", png, 8).rows()).isEqualTo(33);
      assertThatThrownBy(() -> decoder.decode("x", encoded("x.jpg", 9, 9, 1, 2, 3), 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("reduction must be 1, 2, 4 or 8, got 3");
    }
  }

  @Test
  void aJpegWithoutPixelsIsRefused() throws IOException {
    byte[] jpeg = noise("x.jpg");
    byte[] content = Arrays.copyOf(jpeg, indexOf(jpeg, 0xDA));
    content[content.length - 2] = (byte) 0xFF;
    content[content.length - 1] = (byte) 0xD9;

    assertRefused(content, "/data/x: expected a JPEG image, found ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.jpg", "x.png", "x.ppm"})
  void anImageCutOffAnywhereIsRefused(String name) throws IOException {
    byte[] whole = noise(name);
    for (int length = 0; length < whole.length - 2; length += 1 + whole.length / 50) {
      assertRefused(Arrays.copyOf(whole, length), "/data/x: expected ");
    }
    assertRefused(Arrays.copyOf(whole, whole.length - 2), "/data/x: expected ");
  }

  @Test
  void anotherFileIsRefused() {
    assertRefused(
        "GIF89a".getBytes(StandardCharsets.US_ASCII),
        "/data/x: expected a JPEG, PNG, BMP, WebP or binary PNM image, found a GIF image");
    assertRefused(
        new byte[0],
        "/data/x: expected a JPEG, PNG, BMP, WebP or binary PNM image, found an empty file");
  }

  @Test
  void moreThan8BitsOfPnmAreRefused() {
    assertRefused(
        "P5\n2 1\n65535\nabcd".getBytes(StandardCharsets.US_ASCII),
        "/data/x: expected a PGM image with levels up to 255, found 65535");
  }

  @Test
  void aDamagedPngIsRefused() throws IOException {
    byte[] png = noise("x.png");
    png[png.length / 2] ^= 1;

    assertRefused(png, "/data/x: expected a whole PNG image, found one with a wrong checksum");
  }

  @Test
  void whatIsFoundInThePlaceOfAnImageIsNamed() {
    assertFound("a GIF image", "GIF89a\1\0");
    assertFound("a TIFF image", "II*\0\b\0");
    assertFound("a TIFF image", "MM\0*\0\0");
    assertFound("an AVIF image", "\0\0\0\40ftypavif\0");
    assertFound("a HEIC image", "\0\0\0\40ftypheic\0");
    assertFound("a JPEG 2000 image", "\0\0\0\fjP  \r\n");
    assertFound("a JPEG XL image", "\u00FF\n\372");
    assertFound("HTML", "<!DOCTYPE html>\n<html lang=\"en\">");
    assertFound("HTML", "\u00EF\u00BB\u00BF\r\n<HTML><body>404");
    assertFound("an SVG image", "<?xml version=\"1.0\"?>\n<svg width=\"8\">");
    assertFound("XML", "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code>");
    assertFound("a PDF document", "%PDF-1.7");
    assertFound("an empty file", "");
    assertFound("nothing but zero bytes", "\0".repeat(1000));
    assertFound("a file that begins with 0x6d656f77", "meow meow");
  }

  private static void assertFound(String what, String content) {
    assertRefused(
        content.getBytes(StandardCharsets.ISO_8859_1),
        "/data/x: expected a JPEG, PNG, BMP, WebP or binary PNM image, found " + what);
  }

  @Test
  void whatCouldNotBeReadGivesItsReason() {
    assertRefused(UnreadableImage.of("Permission denied"), "/data/x: Permission denied");
  }

  @Test
  void whatNoDecoderHereTakesIsRefusedByName() throws IOException {
    byte[] jpeg = noise("x.jpg");
    jpeg[indexOf(jpeg, 0xC0) + 4] = 12;
    assertRefused(
        jpeg, "/data/x: expected a JPEG image, found one with samples of 12 bits, not of 8");
    jpeg[indexOf(jpeg, 0xC0) + 1] = (byte) 0xC3;
    assertRefused(
        jpeg,
        "/data/x: expected a JPEG image, found one with a lossless or hierarchical coding, which is"
            + " not supported");

    byte[] bmp = FormatsGoldenTest.read("bmp-palette-8.bmp");
    bmp[30] = 1;
    assertRefused(
        bmp, "/data/x: expected a BMP image, found one with compression 1, which is not supported");
  }

  @Test
  void aMarkerThatHidesTheSizeIsRefused() throws IOException {
    byte[] jpeg = noise("x.jpg");
    // RST0 has no length; who takes one from what follows skips over the true frame header.
    byte[] hiding = new byte[jpeg.length + 2];
    hiding[0] = (byte) 0xFF;
    hiding[1] = (byte) 0xD8;
    hiding[2] = (byte) 0xFF;
    hiding[3] = (byte) 0xD0;
    System.arraycopy(jpeg, 2, hiding, 4, jpeg.length - 2);
    assertRefused(hiding, "/data/x: expected a JPEG image, found one with a misplaced marker");
  }

  @Test
  void moreThanAHundredPassesOverTheSamePixelsAreRefused() {
    byte[] jpeg = FormatsGoldenTest.read("jpeg-progressive.jpg");
    int scan = indexOf(jpeg, 0xDA);
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    many.write(jpeg, 0, scan);
    for (int i = 0; i < 11; i++) {
      many.write(jpeg, scan, jpeg.length - 2 - scan);
    }
    many.write(jpeg, jpeg.length - 2, 2);
    assertRefused(
        many.toByteArray(),
        "/data/x: expected a JPEG image, found one with more than 100 passes over its pixels");
  }

  /** 2 MB that would take 2.7 GB and 15 seconds. */
  @Test
  @Timeout(5)
  void aGiantPngIsRefusedByItsHeader() {
    byte[] png = TestImages.pngOfClaimedSize(30_000, 30_000, 2_000_000);
    long start = System.nanoTime();
    assertRefused(png, "/data/x: expected at most 50000000 pixels, found 30000×30000");
    assertThat(System.nanoTime() - start).isLessThan(100_000_000L);
  }

  @Test
  void theLimitOfPixelsIsInclusive() throws IOException {
    byte[] png = encoded("x.png", 30, 50, 1, 2, 3);
    try (ImageDecoder enough = new ImageDecoder(3, 1500);
        ImageDecoder tooFew = new ImageDecoder(3, 1499)) {
      assertThat(enough.decode("x", png).rows()).isEqualTo(30);
      assertThatThrownBy(() -> tooFew.decode("x", png))
          .isInstanceOf(CorruptImageException.class)
          .hasMessage("x: expected at most 1499 pixels, found 30×50");
    }
  }

  @Test
  void aHugeImageIsRefusedBeforeItIsDecoded() throws IOException {
    byte[] png = encoded("x.png", 3, 5, 1, 2, 3);
    ByteBuffer.wrap(png).putInt(16, 10_000).putInt(20, 5_001);
    assertRefused(png, "/data/x: expected at most 50000000 pixels, found 5001×10000");

    assertRefused(
        "P5\n99999999999 2\n255\n".getBytes(StandardCharsets.US_ASCII),
        "/data/x: expected at most 50000000 pixels, found 2×2147483647");
  }

  @Test
  void afterABadImageComesAGoodOne() throws IOException {
    byte[] jpeg = noise("x.jpg");
    try (ImageDecoder decoder = new ImageDecoder(3)) {
      assertThatThrownBy(() -> decoder.decode("bad", Arrays.copyOf(jpeg, jpeg.length / 2)))
          .isInstanceOf(ConvoyException.class);
      assertThat(decoder.decode("good", jpeg).rows()).isEqualTo(40);
    }
  }

  @Test
  void afterAGoodImageABadOneIsStillRefused() throws IOException {
    byte[] jpeg = noise("x.jpg");
    byte[] bad = jpeg.clone();
    // Sampling factors of the first component, which only the decoder looks at.
    bad[indexOf(jpeg, 0xC0) + 10] = 0x55;
    try (ImageDecoder decoder = new ImageDecoder(3)) {
      assertThat(decoder.decode("good", jpeg).rows()).isEqualTo(40);
      assertThatThrownBy(() -> decoder.decode("bad", bad))
          .isInstanceOf(CorruptImageException.class)
          .hasMessage("bad: expected a JPEG image, found one that cannot be decoded");
    }
  }

  private static List<Integer> decode(int channels, byte[] content) {
    try (ImageDecoder decoder = new ImageDecoder(channels)) {
      Mat image = decoder.decode("x", content);
      byte[] pixels = new byte[(int) (image.total() * image.elemSize())];
      image.data().get(pixels);
      return IntStream.range(0, pixels.length).mapToObj(i -> pixels[i] & 0xFF).toList();
    }
  }

  private static void assertRefused(byte[] content, String message) {
    try (ImageDecoder decoder = new ImageDecoder(3)) {
      assertThatThrownBy(() -> decoder.decode("/data/x", content))
          .as("%s bytes", content.length)
          .isInstanceOf(ConvoyException.class)
          .hasMessageStartingWith(message)
          .message()
          .doesNotContain("\n");
    }
  }

  private byte[] encoded(String name, int height, int width, int red, int green, int blue)
      throws IOException {
    return Files.readAllBytes(
        TestImages.solid(directory.resolve(name), height, width, red, green, blue));
  }

  /** Where the first marker of a kind stands. */
  private static int indexOf(byte[] jpeg, int kind) {
    for (int i = 0; ; i++) {
      if (jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) kind) {
        return i;
      }
    }
  }

  /** An image that compresses badly, so that it has much to lose. */
  private byte[] noise(String name) throws IOException {
    byte[] pixels = new byte[40 * 30 * 3];
    new Random(1).nextBytes(pixels);
    return Files.readAllBytes(TestImages.write(directory.resolve(name), 40, 30, 3, pixels));
  }
}
