package org.convoyml.aug.source;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bare pixels as a binary PGM or PPM file: real image formats, so that there is one way to decode,
 * and ones that cost next to nothing (ADR 0003).
 */
final class PnmContent {
  private PnmContent() {}

  /** A PGM file of grey pixels, row by row. */
  static byte[] grey(int height, int width, byte[] pixels) {
    byte[] content = start("P5", height, width, height * width);
    System.arraycopy(pixels, 0, content, content.length - height * width, height * width);
    return content;
  }

  /**
   * A PPM file of a plane each of red, green and blue.
   *
   * @param planes an array in which they follow each other
   * @param from where the red one begins
   */
  static byte[] ofPlanes(int height, int width, byte[] planes, int from) {
    int size = height * width;
    byte[] content = start("P6", height, width, 3 * size);
    int to = content.length - 3 * size;
    for (int i = 0; i < size; i++) {
      for (int channel = 0; channel < 3; channel++) {
        content[to++] = planes[from + channel * size + i];
      }
    }
    return content;
  }

  /**
   * A PPM file of pixels whose first three values are blue, green and red, as OpenCV has them.
   *
   * @param channels values of a pixel, 3 or 4; the fourth, opacity, is left out
   */
  static byte[] ofBgr(int height, int width, int channels, byte[] pixels) {
    int size = height * width;
    byte[] content = start("P6", height, width, 3 * size);
    int to = content.length - 3 * size;
    for (int from = 0; from < size * channels; from += channels) {
      content[to++] = pixels[from + 2];
      content[to++] = pixels[from + 1];
      content[to++] = pixels[from];
    }
    return content;
  }

  private static byte[] start(String kind, int height, int width, int bytes) {
    byte[] header =
        "%s\n%d %d\n255\n".formatted(kind, width, height).getBytes(StandardCharsets.US_ASCII);
    return Arrays.copyOf(header, header.length + bytes);
  }
}
