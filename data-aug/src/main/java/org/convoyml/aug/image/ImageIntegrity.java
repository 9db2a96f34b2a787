package org.convoyml.aug.image;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Whether an image file is all there. OpenCV decodes what it finds of a damaged or shortened file
 * and leaves the rest grey or black, without a word.
 */
final class ImageIntegrity {
  private static final int PNG_SIGNATURE = 8;
  private static final int PNG_CHUNK_OVERHEAD = 12;
  private static final int PNG_END = 'I' << 24 | 'E' << 16 | 'N' << 8 | 'D';

  private ImageIntegrity() {}

  /**
   * @throws CorruptImageException if the file was cut off or, where it has checksums, damaged
   */
  static void check(String origin, ImageHeader header, byte[] content) {
    boolean whole =
        switch (header.format()) {
          case JPEG -> endsJpeg(content, header.end());
          case PNG -> isSoundPng(content);
          case PGM -> content.length >= header.end() + header.pixels();
          case PPM -> content.length >= header.end() + 3 * header.pixels();
        };
    if (!whole) {
      throw new CorruptImageException(
          origin,
          "expected a whole %s image, found %d bytes that are cut off or damaged"
              .formatted(header.format(), content.length));
    }
  }

  /**
   * Whether the end marker {@code FF D9} comes after the frame header; it cannot occur in coded
   * data. Looked for from the end, where it should be: some cameras write more behind it.
   */
  private static boolean endsJpeg(byte[] content, int from) {
    for (int i = content.length - 2; i >= from; i--) {
      if (content[i] == (byte) 0xFF && content[i + 1] == (byte) 0xD9) {
        return true;
      }
    }
    return false;
  }

  /** Whether chunks {@code length, kind, data, checksum} follow one another up to the last kind. */
  private static boolean isSoundPng(byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    CRC32 checksum = new CRC32();
    int chunk = PNG_SIGNATURE;
    while (chunk <= content.length - PNG_CHUNK_OVERHEAD) {
      int length = bytes.getInt(chunk);
      if (length < 0 || length > content.length - PNG_CHUNK_OVERHEAD - chunk) {
        return false;
      }
      checksum.reset();
      checksum.update(content, chunk + 4, 4 + length);
      if ((int) checksum.getValue() != bytes.getInt(chunk + 8 + length)) {
        return false;
      }
      if (bytes.getInt(chunk + 4) == PNG_END) {
        return true;
      }
      chunk += PNG_CHUNK_OVERHEAD + length;
    }
    return false;
  }
}
