package org.convoyml.aug.image;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What an image file says about itself in its first bytes. Decoders are given nothing that has not
 * passed here: they would reserve memory for any size.
 *
 * @param format its kind
 * @param height rows, positive
 * @param width columns, positive
 * @param end index behind the header
 */
record ImageHeader(Format format, int height, int width, int end) {
  /** The kinds of image files that are decoded. */
  enum Format {
    JPEG,
    PNG,
    /** Binary grey (PGM), {@code P5}. */
    PGM,
    /** Binary colour (PPM), {@code P6}. */
    PPM
  }

  private static final byte[] JPEG_START = {(byte) 0xFF, (byte) 0xD8};
  private static final byte[] PNG_START = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int PNG_WIDTH = 16;
  private static final int PNG_HEIGHT = 20;
  private static final int PNG_HEADER = 33;

  /**
   * @throws CorruptImageException if it is of no known kind, or its header is damaged
   */
  static ImageHeader read(String origin, byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    try {
      ImageHeader header = read(origin, bytes);
      if (header.height <= 0 || header.width <= 0) {
        throw new CorruptImageException(
            origin,
            "expected a %s image, found one of size %d×%d"
                .formatted(header.format, header.height, header.width));
      }
      return header;
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new CorruptImageException(
          origin,
          "expected an image, found %d bytes that end within its header".formatted(content.length),
          e);
    }
  }

  long pixels() {
    return (long) height * width;
  }

  private static ImageHeader read(String origin, ByteBuffer bytes) {
    byte[] content = bytes.array();
    if (startsWith(content, JPEG_START)) {
      return jpeg(origin, bytes);
    }
    if (startsWith(content, PNG_START)) {
      return new ImageHeader(
          Format.PNG, bytes.getInt(PNG_HEIGHT), bytes.getInt(PNG_WIDTH), PNG_HEADER);
    }
    if (startsWith(content, ascii("P5"))) {
      return pnm(origin, Format.PGM, bytes);
    }
    if (startsWith(content, ascii("P6"))) {
      return pnm(origin, Format.PPM, bytes);
    }
    throw new CorruptImageException(
        origin,
        "expected a JPEG, PNG or binary PNM image, found %d bytes that begin with %s"
            .formatted(content.length, firstBytes(content)));
  }

  /** Walks over segments {@code FF, kind, length, …} to the frame header, which has the size. */
  private static ImageHeader jpeg(String origin, ByteBuffer bytes) {
    bytes.position(JPEG_START.length);
    while (true) {
      if ((bytes.get() & 0xFF) != 0xFF) {
        throw new CorruptImageException(
            origin,
            "expected a JPEG image, found no marker at byte %d".formatted(bytes.position() - 1));
      }
      int kind = bytes.get() & 0xFF;
      while (kind == 0xFF) {
        kind = bytes.get() & 0xFF;
      }
      int start = bytes.position();
      int end = start + (bytes.getShort(start) & 0xFFFF);
      boolean frame = kind >= 0xC0 && kind <= 0xCF && kind != 0xC4 && kind != 0xC8 && kind != 0xCC;
      if (frame) {
        int height = bytes.getShort(start + 3) & 0xFFFF;
        int width = bytes.getShort(start + 5) & 0xFFFF;
        return new ImageHeader(Format.JPEG, height, width, end);
      }
      if (end > bytes.limit()) {
        throw new BufferUnderflowException();
      }
      bytes.position(end);
    }
  }

  private static ImageHeader pnm(String origin, Format format, ByteBuffer bytes) {
    bytes.position(2);
    int width = pnmNumber(bytes);
    int height = pnmNumber(bytes);
    int largest = pnmNumber(bytes);
    if (largest != 255) {
      throw new CorruptImageException(
          origin, "expected a %s image with levels up to 255, found %d".formatted(format, largest));
    }
    return new ImageHeader(format, height, width, bytes.position());
  }

  /** A decimal number, the white space and comments before it, and the one character after it. */
  private static int pnmNumber(ByteBuffer bytes) {
    int c = bytes.get();
    boolean comment = false;
    while (comment || Character.isWhitespace(c) || c == '#') {
      comment = c == '#' || (comment && c != '\n');
      c = bytes.get();
    }
    long value = 0;
    while (c >= '0' && c <= '9') {
      value = Math.min(value * 10 + c - '0', Integer.MAX_VALUE);
      c = bytes.get();
    }
    return (int) value;
  }

  private static boolean startsWith(byte[] content, byte[] start) {
    return content.length >= start.length
        && Arrays.equals(content, 0, start.length, start, 0, start.length);
  }

  private static String firstBytes(byte[] content) {
    StringBuilder hex = new StringBuilder("0x");
    for (int i = 0; i < Math.min(4, content.length); i++) {
      hex.append("%02x".formatted(content[i]));
    }
    return content.length == 0 ? "nothing" : hex.toString();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
