package org.convoyml.aug.format;

/** Windows bitmaps: a file header of 14 bytes, an information header, a palette, the pixels. */
final class Bmp {
  private static final int INFORMATION = 14;

  /** The information header of OS/2, whose numbers have 16 bits. */
  private static final int SHORT_INFORMATION = 12;

  private static final int LEAST_INFORMATION = 40;
  private static final int UNCOMPRESSED = 0;
  private static final int BIT_FIELDS = 3;

  private Bmp() {}

  static void readHeader(byte[] content, ImageHeader into) {
    int size = Bytes.integerLittle(content, INFORMATION);
    if (size == SHORT_INFORMATION) {
      int width = Bytes.unsignedShortLittle(content, INFORMATION + 4);
      int height = Bytes.unsignedShortLittle(content, INFORMATION + 6);
      read(content, into, height, width, INFORMATION + 10, 3);
      return;
    }
    if (size < LEAST_INFORMATION || size > content.length - INFORMATION) {
      throw damaged("a header of %d bytes".formatted(size));
    }
    int compression = Bytes.integerLittle(content, INFORMATION + 16);
    if (compression != UNCOMPRESSED && compression != BIT_FIELDS) {
      throw damaged("compression %d, which is not supported".formatted(compression));
    }
    int width = Bytes.integerLittle(content, INFORMATION + 4);
    // Rows run from the bottom up unless it is negative.
    int height = Math.abs(Bytes.integerLittle(content, INFORMATION + 8));
    read(content, into, height, width, INFORMATION + 14, 4);
  }

  /** Sets size, length and channels. */
  private static void read(
      byte[] content, ImageHeader into, int height, int width, int depthAt, int colourSize) {
    into.setSize(height, width);
    if (height <= 0 || width <= 0) {
      return;
    }
    int bits = Bytes.unsignedShortLittle(content, depthAt);
    if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32) {
      throw damaged("pixels of %d bits".formatted(bits));
    }
    long rowBytes = ((long) width * bits + 31) / 32 * 4;
    long start = Bytes.integerLittle(content, 10) & 0xFFFFFFFFL;
    into.setLeastLength(start + Math.min(rowBytes, Integer.MAX_VALUE) * height);
    into.setChannels(bits <= 8 && isGrey(content, colourSize, bits) ? 1 : 3);
  }

  /** Whether all colours of the palette are grey. */
  private static boolean isGrey(byte[] content, int colourSize, int bits) {
    int palette = INFORMATION + Bytes.integerLittle(content, INFORMATION);
    int used = colourSize == 4 ? Bytes.integerLittle(content, INFORMATION + 32) : 0;
    if (used < 0 || used > 1 << bits) {
      throw damaged("a palette of %d colours".formatted(used));
    }
    int colours = used == 0 ? 1 << bits : used;
    for (int i = 0; i < colours; i++) {
      int colour = palette + i * colourSize;
      if (content[colour] != content[colour + 1] || content[colour] != content[colour + 2]) {
        return false;
      }
    }
    return true;
  }

  private static UnsoundImageException damaged(String found) {
    return new UnsoundImageException("expected a BMP image, found one with " + found);
  }
}
