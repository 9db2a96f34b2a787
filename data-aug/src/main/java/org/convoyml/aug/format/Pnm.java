package org.convoyml.aug.format;

/** Binary PNM: {@code P5} or {@code P6}, width, height, highest level, one space, the pixels. */
final class Pnm {
  private static final int HIGHEST_LEVEL = 255;

  private Pnm() {}

  static boolean isAt(byte[] content, char kind) {
    return content.length > 2
        && content[0] == 'P'
        && content[1] == kind
        && (Character.isWhitespace(content[2]) || content[2] == '#');
  }

  static void readHeader(byte[] content, ImageHeader into) {
    Reader reader = new Reader(content);
    int width = reader.number();
    int height = reader.number();
    int highest = reader.number();
    if (highest != HIGHEST_LEVEL) {
      throw new UnsoundImageException(
          "expected a %s image with levels up to %d, found %d"
              .formatted(into.format().label(), HIGHEST_LEVEL, highest));
    }
    int channels = into.format() == ImageFormat.PGM ? 1 : 3;
    into.setSize(height, width);
    into.setChannels(channels);
    into.setLeastLength(reader.at + channels * Math.min(into.pixels(), Integer.MAX_VALUE));
  }

  /** Short-lived enough for the compiler to keep it out of the heap. */
  private static final class Reader {
    private final byte[] content;
    private int at = 2;

    private Reader(byte[] content) {
      this.content = content;
    }

    /** A decimal number, the white space and comments before it, and the one character after it. */
    private int number() {
      int c = content[at++];
      boolean comment = false;
      while (comment || Character.isWhitespace(c) || c == '#') {
        comment = c == '#' || (comment && c != '\n');
        c = content[at++];
      }
      long value = 0;
      while (c >= '0' && c <= '9') {
        value = Math.min(value * 10 + c - '0', Integer.MAX_VALUE);
        c = content[at++];
      }
      return (int) value;
    }
  }
}
