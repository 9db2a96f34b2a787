package org.convoyml.aug.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;
import org.convoyml.aug.image.UnreadableImage;

/**
 * The content of image files. One that cannot be read is no reason to stop: its reason takes the
 * content's place, and it is reported and left out where images are decoded.
 *
 * <p>A file that is missing, refused or damaged will be so the next time. Anything else (a lost
 * connection, a data node that is down, a failing disk) may pass: the task fails, so that Spark
 * tries it again, on another executor perhaps, as often as {@code spark.task.maxFailures} says; the
 * last attempt takes what it can get.
 */
final class FileContent {
  /** Above it no file is taken for an image, lest it takes all memory of an executor. */
  static final long LARGEST = 512L << 20;

  private FileContent() {}

  /**
   * All bytes of a file, or why it has none.
   *
   * @throws org.convoyml.nn.ConvoyException if another attempt of the task may have more luck
   */
  static byte[] read(HadoopFile file) {
    try (InputStream in = file.open()) {
      byte[] content = in.readNBytes((int) LARGEST + 1);
      return content.length > LARGEST ? tooLarge(file.status().getLen()) : content;
    } catch (IOException e) {
      if (mayPass(e) && !Attempts.isLast()) {
        throw file.unreadable(e);
      }
      return UnreadableImage.of(HadoopFile.reason(e));
    }
  }

  private static boolean mayPass(IOException e) {
    return !(e instanceof FileNotFoundException
        || e instanceof AccessDeniedException
        || e instanceof AccessControlException
        || e instanceof ChecksumException
        || e instanceof UnsupportedFileSystemException);
  }

  static byte[] tooLarge(long bytes) {
    return UnreadableImage.of(
        "expected an image of at most %d MB, found %d bytes".formatted(LARGEST >> 20, bytes));
  }
}
