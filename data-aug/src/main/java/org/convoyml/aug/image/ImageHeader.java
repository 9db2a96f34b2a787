package org.convoyml.aug.image;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.convoyml.nn.ConvoyException;

/**
 * What the first bytes of an image file say about it; decoders are given nothing that has not
 * passed here.
 *
 * @param format its kind
 * @param height rows, positive
 * @param width columns, positive
 */
record ImageHeader(Format format, int height, int width) {
  /** The kinds of image files that are decoded. */
  enum Format {
    JPEG,
    PNG,
    PNM
  }

  private static final byte[] JPEG_START = {(byte) 0xFF, (byte) 0xD8};
  private static final byte[] PNG_START = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  /**
   * @throws ConvoyException if it is of no known kind, or its header is damaged
   */
  static ImageHeader read(String origin, byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    try {
      if (startsWith(content, JPEG_START)) {
        return jpeg(origin, bytes);
      }
      if (startsWith(content, PNG_START)) {
        return of(origin, Format.PNG, bytes.getInt(20), bytes.getInt(16));
      }
      if (content.length > 2 && content[0] == 'P' && content[1] >= '1' && content[1] <= '6') {
        bytes.position(2);
        int width = pnmNumber(bytes);
        return of(origin, Format.PNM, pnmNumber(bytes), width);
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new ConvoyException(
          "%s: expected an image, found %d bytes that end within its header"
              .formatted(origin, content.length),
          e);
    }
    throw new ConvoyException(
        "%s: expected a JPEG, PNG or PNM image, found %d bytes beginning with %s"
            .formatted(origin, content.length, firstBytes(content)));
  }

  long pixels() {
    return (long) height * width;
  }

  private static ImageHeader of(String origin, Format format, int height, int width) {
    if (height <= 0 || width <= 0) {
      throw new ConvoyException(
          "%s: expected a %s image, found one of size %d×%d"
              .formatted(origin, format, height, width));
    }
    return new ImageHeader(format, height, width);
  }

  /** Walks over segments {@code FF, kind, length, …} to the frame header, which has the size. */
  private static ImageHeader jpeg(String origin, ByteBuffer bytes) {
    bytes.position(JPEG_START.length);
    while (true) {
      int kind = 0xFF;
      if ((bytes.get() & 0xFF) != 0xFF) {
        throw new ConvoyException(
            "%s: expected a JPEG image, found no marker at byte %d"
                .formatted(origin, bytes.position() - 1));
      }
      while (kind == 0xFF) {
        kind = bytes.get() & 0xFF;
      }
      int segment = bytes.position();
      boolean frameHeader =
          kind >= 0xC0 && kind <= 0xCF && kind != 0xC4 && kind != 0xC8 && kind != 0xCC;
      if (frameHeader) {
        int height = bytes.getShort(segment + 3) & 0xFFFF;
        int width = bytes.getShort(segment + 5) & 0xFFFF;
        return of(origin, Format.JPEG, height, width);
      }
      bytes.position(segment);
      int length = bytes.getShort() & 0xFFFF;
      if (segment + length > bytes.limit()) {
        throw new BufferUnderflowException();
      }
      bytes.position(segment + length);
    }
  }

  /** A decimal number after white space and comments. */
  private static int pnmNumber(ByteBuffer bytes) {
    int c = bytes.get();
    while (Character.isWhitespace(c) || c == '#') {
      if (c == '#') {
        while (bytes.get() != '\n') {
          // a comment ends with its line
        }
      }
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
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < Math.min(4, content.length); i++) {
      hex.append("%02x".formatted(content[i]));
    }
    return hex.isEmpty() ? "nothing" : "0x" + hex;
  }
}
