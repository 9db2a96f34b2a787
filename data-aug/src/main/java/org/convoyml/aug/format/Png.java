package org.convoyml.aug.format;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** PNG (ISO/IEC 15948): chunks {@code length, kind, data, checksum} behind a signature. */
public final class Png {
  static final String SIGNATURE = "\u0089PNG\r\n\u001A\n";

  /** Length, kind and checksum. */
  private static final int AROUND = 12;

  private static final int HEADER = Bytes.tag("IHDR");
  private static final int PALETTE = Bytes.tag("PLTE");
  private static final int DATA = Bytes.tag("IDAT");
  private static final int END = Bytes.tag("IEND");
  private static final int EXIF = Bytes.tag("eXIf");
  private static final int APPLE = Bytes.tag("CgBI");

  private static final int HEADER_LENGTH = 13;
  private static final int FIRST_DATA = SIGNATURE.length() + 8;

  private Png() {}

  static void readHeader(byte[] content, ImageHeader into) {
    int first = Bytes.integer(content, FIRST_DATA - 4);
    if (first == APPLE) {
      throw new UnsoundImageException("expected a PNG image, found one in Apple's own variety");
    }
    if (first != HEADER || Bytes.integer(content, FIRST_DATA - 8) != HEADER_LENGTH) {
      throw new UnsoundImageException("expected a PNG image, found one without a header");
    }
    into.setSize(Bytes.integer(content, FIRST_DATA + 4), Bytes.integer(content, FIRST_DATA));
    int colour = Bytes.unsignedByte(content, FIRST_DATA + 9);
    // 0 is grey, 4 grey with alpha.
    into.setChannels(colour == 0 || colour == 4 ? 1 : 3);
    int chunk = FIRST_DATA + HEADER_LENGTH + 4;
    while (chunk <= content.length - AROUND) {
      int length = Bytes.integer(content, chunk);
      if (length < 0 || length > content.length - AROUND - chunk) {
        // The check of the whole file tells about it.
        return;
      }
      if (Bytes.integer(content, chunk + 4) == EXIF) {
        into.setOrientation(Exif.orientation(content, chunk + 8, chunk + 8 + length));
        return;
      }
      chunk += AROUND + length;
    }
  }

  /** Every chunk must be whole up to the last kind. */
  static void checkWhole(byte[] content, CRC32 checksum) {
    int chunk = SIGNATURE.length();
    while (chunk <= content.length - AROUND) {
      int length = Bytes.integer(content, chunk);
      if (length < 0 || length > content.length - AROUND - chunk) {
        throw cutOff();
      }
      checksum.reset();
      checksum.update(content, chunk + 4, 4 + length);
      if ((int) checksum.getValue() != Bytes.integer(content, chunk + 8 + length)) {
        throw new UnsoundImageException(
            "expected a whole PNG image, found one with a wrong checksum");
      }
      if (Bytes.integer(content, chunk + 4) == END) {
        return;
      }
      chunk += AROUND + length;
    }
    throw cutOff();
  }

  /**
   * Copies what makes the pixels, and leaves out everything else: animations, profiles and texts
   * that decoders unpack, transparency. The file has passed {@link ImageHeader#checkWhole}.
   *
   * @param into receives at most as many bytes as the file has
   */
  public static void copyPixels(byte[] content, ByteBuffer into) {
    into.put(content, 0, SIGNATURE.length());
    int chunk = SIGNATURE.length();
    int kind;
    do {
      int size = AROUND + Bytes.integer(content, chunk);
      kind = Bytes.integer(content, chunk + 4);
      if (kind == HEADER || kind == PALETTE || kind == DATA || kind == END) {
        into.put(content, chunk, size);
      }
      chunk += size;
    } while (kind != END);
  }

  private static UnsoundImageException cutOff() {
    return new UnsoundImageException("expected a whole PNG image, found one that is cut off");
  }
}
