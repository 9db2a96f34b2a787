package org.convoyml.aug.format;

/**
 * JPEG (ITU-T T.81): segments {@code FF, kind, length, …} up to the first scan, whose coded data
 * follow. Kinds and lengths are read exactly as libjpeg does, so that it cannot find another size.
 */
final class Jpeg {
  /**
   * More passes than any encoder makes (progressive ones make about ten): each goes over the whole
   * image, however few bytes it has.
   */
  private static final int MOST_SCANS = 100;

  private static final int START_OF_SCAN = 0xDA;
  private static final int END_OF_IMAGE = 0xD9;
  private static final int EXIF = 0xE1;
  private static final int PROGRESSIVE = 0xC2;
  private static final int EXTENDED_ARITHMETIC = 0xC9;
  private static final int PROGRESSIVE_ARITHMETIC = 0xCA;

  private Jpeg() {}

  static void readHeader(byte[] content, ImageHeader into) {
    int at = 2;
    int components = 0;
    boolean progressive = false;
    boolean turned = false;
    while (true) {
      if (content[at] != (byte) 0xFF) {
        throw damaged("no marker where a segment should begin");
      }
      int kind = Bytes.unsignedByte(content, ++at);
      while (kind == 0xFF) {
        kind = Bytes.unsignedByte(content, ++at);
      }
      // Kinds that have no length do not belong before the pixels; C0 is the first that has one.
      if (kind < 0xC0 || (kind >= 0xD0 && kind <= END_OF_IMAGE)) {
        throw damaged("a misplaced marker");
      }
      int start = at + 1;
      int length = Bytes.unsignedShort(content, start);
      int end = start + length;
      if (length < 2 || end > content.length) {
        throw damaged("a segment that does not fit into it");
      }
      if (isFrame(kind)) {
        if (components != 0) {
          throw damaged("two sizes");
        }
        if (!isDecoded(kind)) {
          throw damaged("a lossless or hierarchical coding, which is not supported");
        }
        progressive = kind == PROGRESSIVE || kind == PROGRESSIVE_ARITHMETIC;
        components = readFrame(content, start, into);
      } else if (kind == EXIF && !turned && Exif.isAt(content, start + 2)) {
        turned = true;
        into.setOrientation(Exif.orientation(content, start + 2, end));
      } else if (kind == START_OF_SCAN) {
        if (components == 0) {
          throw damaged("no size");
        }
        into.setDataStart(end);
        into.setSeveralScans(progressive || Bytes.unsignedByte(content, start + 2) < components);
        return;
      }
      at = end;
    }
  }

  /** SOF0 to SOF15, without the three of other meaning among them. */
  private static boolean isFrame(int kind) {
    return kind >= 0xC0 && kind <= 0xCF && kind != 0xC4 && kind != 0xC8 && kind != 0xCC;
  }

  /**
   * Baseline, extended and progressive ones, of Huffman or arithmetic codes. Lossless ones would be
   * decoded for some networks and crops only: they have no colour conversion and no smaller size.
   */
  private static boolean isDecoded(int kind) {
    return kind <= PROGRESSIVE || kind == EXTENDED_ARITHMETIC || kind == PROGRESSIVE_ARITHMETIC;
  }

  /** Returns the number of components. */
  private static int readFrame(byte[] content, int start, ImageHeader into) {
    int precision = Bytes.unsignedByte(content, start + 2);
    if (precision != 8) {
      throw damaged("samples of %d bits, not of 8".formatted(precision));
    }
    into.setSize(Bytes.unsignedShort(content, start + 3), Bytes.unsignedShort(content, start + 5));
    int components = Bytes.unsignedByte(content, start + 7);
    if (components != 1 && components != 3 && components != 4) {
      throw damaged("%d components, not 1, 3 or 4".formatted(components));
    }
    into.setChannels(components == 1 ? 1 : 3);
    return components;
  }

  /**
   * The end marker must come after the pixels have begun; it cannot occur in coded data. Looked for
   * from the end, where it should be: some cameras write more behind it.
   */
  static void checkWhole(byte[] content, ImageHeader header) {
    int end = content.length - 2;
    while (end >= header.dataStart()
        && !(content[end] == (byte) 0xFF && content[end + 1] == (byte) END_OF_IMAGE)) {
      end--;
    }
    if (end < header.dataStart()) {
      throw new UnsoundImageException(
          "expected a whole JPEG image, found one that is cut off before its end marker");
    }
    if (header.severalScans()) {
      checkScans(content, header.dataStart(), end);
    }
  }

  private static void checkScans(byte[] content, int from, int to) {
    int scans = 1;
    for (int i = from; i < to; i++) {
      if (content[i] == (byte) 0xFF && content[i + 1] == (byte) START_OF_SCAN) {
        scans++;
      }
    }
    if (scans > MOST_SCANS) {
      throw damaged("more than %d passes over its pixels".formatted(MOST_SCANS));
    }
  }

  private static UnsoundImageException damaged(String found) {
    return new UnsoundImageException("expected a JPEG image, found one with " + found);
  }
}
