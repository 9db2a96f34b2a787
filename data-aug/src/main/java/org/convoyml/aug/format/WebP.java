package org.convoyml.aug.format;

/**
 * WebP (RFC 9649): chunks {@code kind, length, data} in a RIFF container; the first is {@code VP8 }
 * (lossy), {@code VP8L} (lossless), or {@code VP8X}, behind which one of the two follows.
 */
final class WebP {
  private static final int RIFF = 12;
  private static final int CHUNK = 8;
  private static final int LOSSY = Bytes.tag("VP8 ");
  private static final int LOSSLESS = Bytes.tag("VP8L");
  private static final int EXTENDED = Bytes.tag("VP8X");
  private static final int EXIF = Bytes.tag("EXIF");
  private static final int ANIMATION_FLAG = 2;
  private static final int LOSSLESS_MARK = 0x2F;

  private WebP() {}

  static void readHeader(byte[] content, ImageHeader into) {
    into.setChannels(3);
    into.setLeastLength(CHUNK + (Bytes.integerLittle(content, 4) & 0xFFFFFFFFL));
    int data = RIFF + CHUNK;
    int first = Bytes.integer(content, RIFF);
    if (first != EXTENDED) {
      readSize(content, first, data, into);
      return;
    }
    if ((content[data] & ANIMATION_FLAG) != 0) {
      throw new UnsoundImageException("expected a WebP image, found an animated one");
    }
    int width = 1 + Bytes.unsigned24Little(content, data + 4);
    int height = 1 + Bytes.unsigned24Little(content, data + 7);
    int orientation = readChunks(content, into);
    if (into.height() != height || into.width() != width) {
      throw new UnsoundImageException("expected a WebP image, found one with two sizes");
    }
    into.setOrientation(orientation);
  }

  /** Sets the size by the first chunk that has one; returns the orientation. */
  private static int readChunks(byte[] content, ImageHeader into) {
    int orientation = Exif.UPRIGHT;
    into.setSize(0, 0);
    int chunk = RIFF;
    while (chunk <= content.length - CHUNK) {
      int kind = Bytes.integer(content, chunk);
      int length = Bytes.integerLittle(content, chunk + 4);
      int data = chunk + CHUNK;
      if (length < 0 || length > content.length - data) {
        break;
      }
      if ((kind == LOSSY || kind == LOSSLESS) && into.pixels() == 0) {
        readSize(content, kind, data, into);
      } else if (kind == EXIF) {
        orientation = Exif.orientation(content, data, data + length);
      }
      // Chunks begin at even places.
      chunk = data + length + (length & 1);
    }
    return orientation;
  }

  private static void readSize(byte[] content, int kind, int data, ImageHeader into) {
    if (kind == LOSSY && Bytes.matches(content, data + 3, "\u009D\u0001\u002A")) {
      into.setSize(
          Bytes.unsignedShortLittle(content, data + 8) & 0x3FFF,
          Bytes.unsignedShortLittle(content, data + 6) & 0x3FFF);
    } else if (kind == LOSSLESS && content[data] == LOSSLESS_MARK) {
      int bits = Bytes.integerLittle(content, data + 1);
      into.setSize(1 + (bits >> 14 & 0x3FFF), 1 + (bits & 0x3FFF));
    } else {
      throw new UnsoundImageException("expected a WebP image, found one without a header");
    }
  }
}
