package org.convoyml.aug.source;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The identity of an image: the same from a folder, a tar file or any other packing. */
final class ImageIds {
  private ImageIds() {}

  /**
   * The first 8 bytes, big endian, of the SHA-256 of the path in UTF-8.
   *
   * @param relativePath from the data set's root, with {@code /} between names
   */
  static long of(String relativePath) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return ByteBuffer.wrap(digest.digest(relativePath.getBytes(StandardCharsets.UTF_8)))
          .getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
