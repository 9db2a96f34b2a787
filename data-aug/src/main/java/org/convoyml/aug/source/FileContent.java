package org.convoyml.aug.source;

import java.io.IOException;
import java.io.InputStream;
import org.convoyml.aug.image.UnreadableImage;

/**
 * The content of image files. One that cannot be read is no reason to stop: its reason takes the
 * content's place, and it is reported and left out where images are decoded.
 */
final class FileContent {
  /** Above it no file is taken for an image, lest it takes all memory of an executor. */
  static final long LARGEST = 512L << 20;

  private FileContent() {}

  /** All bytes of a file, or why it has none. */
  static byte[] read(HadoopFile file) {
    try (InputStream in = file.open()) {
      byte[] content = in.readNBytes((int) LARGEST + 1);
      return content.length > LARGEST ? tooLarge(file.status().getLen()) : content;
    } catch (IOException e) {
      return UnreadableImage.of(HadoopFile.reason(e));
    }
  }

  static byte[] tooLarge(long bytes) {
    return UnreadableImage.of(
        "expected an image of at most %d MB, found %d bytes".formatted(LARGEST >> 20, bytes));
  }
}
