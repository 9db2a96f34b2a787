package org.convoyml.aug.format;

/**
 * How a camera was held, out of the EXIF data of a photograph: the orientations 1 to 8 of TIFF 6.0.
 */
final class Exif {
  /** Rows from top to bottom, columns from left to right. */
  static final int UPRIGHT = 1;

  private static final String MARK = "Exif\0\0";
  private static final int ORIENTATION = 0x0112;
  private static final int SHORT = 3;
  private static final int ENTRY = 12;

  private Exif() {}

  /** Whether EXIF data begin there as in a JPEG. */
  static boolean isAt(byte[] content, int at) {
    return Bytes.matches(content, at, MARK);
  }

  /**
   * The orientation, {@link #UPRIGHT} if there is none that can be read: wrong EXIF data are
   * common, and no reason to lose a photograph.
   *
   * @param from index of a TIFF header, or of the mark before it
   * @param to index behind the data
   */
  static int orientation(byte[] content, int from, int to) {
    int start = isAt(content, from) ? from + MARK.length() : from;
    boolean little = Bytes.matches(content, start, "II*\0");
    if (!little && !Bytes.matches(content, start, "MM\0*")) {
      return UPRIGHT;
    }
    int size = Math.min(to, content.length) - start;
    if (size < 10) {
      return UPRIGHT;
    }
    int directory = integer(content, start + 4, little);
    if (directory < 8 || directory > size - 2) {
      return UPRIGHT;
    }
    int entries = unsignedShort(content, start + directory, little);
    int last = Math.min(entries, (size - directory - 2) / ENTRY);
    for (int i = 0; i < last; i++) {
      int entry = start + directory + 2 + i * ENTRY;
      if (unsignedShort(content, entry, little) == ORIENTATION) {
        int value = unsignedShort(content, entry + 8, little);
        boolean known = unsignedShort(content, entry + 2, little) == SHORT && value <= 8;
        return known ? Math.max(UPRIGHT, value) : UPRIGHT;
      }
    }
    return UPRIGHT;
  }

  private static int unsignedShort(byte[] content, int at, boolean little) {
    return little ? Bytes.unsignedShortLittle(content, at) : Bytes.unsignedShort(content, at);
  }

  private static int integer(byte[] content, int at, boolean little) {
    return little ? Bytes.integerLittle(content, at) : Bytes.integer(content, at);
  }
}
