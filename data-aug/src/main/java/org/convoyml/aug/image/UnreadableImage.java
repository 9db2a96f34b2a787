package org.convoyml.aug.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What stands in an image's place when its file could not be read. It begins as no image does, and
 * carries the reason, so that it passes through shuffles and packed data sets like any content and
 * is reported where images are decoded.
 */
public final class UnreadableImage {
  private static final byte[] START =
      "convoy: unreadable image: ".getBytes(StandardCharsets.US_ASCII);

  private UnreadableImage() {}

  /** The content of an image that could not be read. */
  public static byte[] of(String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    byte[] content = Arrays.copyOf(START, START.length + text.length);
    System.arraycopy(text, 0, content, START.length, text.length);
    return content;
  }

  /** Why the image could not be read; empty if the content is anything else. */
  public static Optional<String> reason(byte[] content) {
    boolean unreadable =
        content.length >= START.length
            && Arrays.equals(content, 0, START.length, START, 0, START.length);
    return unreadable
        ? Optional.of(
            new String(
                content, START.length, content.length - START.length, StandardCharsets.UTF_8))
        : Optional.empty();
  }
}
