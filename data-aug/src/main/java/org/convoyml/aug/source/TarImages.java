package org.convoyml.aug.source;

import java.io.Closeable;
import java.io.IOException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.convoyml.nn.ConvoyException;

/** The images in a tar file, one after another. */
final class TarImages implements Closeable {
  private final HadoopFile file;
  private final TarArchiveInputStream tar;
  private TarArchiveEntry entry;

  private TarImages(HadoopFile file, TarArchiveInputStream tar) {
    this.file = file;
    this.tar = tar;
  }

  static TarImages open(HadoopFile file) throws IOException {
    return new TarImages(file, new TarArchiveInputStream(file.openUnpacked(), "UTF-8"));
  }

  /**
   * Goes to the next image; false at the end.
   *
   * @throws ConvoyException if it is a link, which has no content
   */
  boolean next() throws IOException {
    do {
      entry = tar.getNextTarEntry();
      if (entry == null) {
        return false;
      }
    } while (!entry.isFile() || !FolderLayout.isImage(entry.getName()));
    if (entry.isSymbolicLink() || entry.isLink()) {
      throw new ConvoyException(
          origin() + ": expected an image, found a link: pack what links point to");
    }
    return true;
  }

  /** Where the image is in the tar file. */
  String name() {
    return entry.getName();
  }

  /** Where the image is, for people. */
  String origin() {
    return file.path() + "!" + entry.getName();
  }

  byte[] content() throws IOException {
    if (entry.getSize() > Integer.MAX_VALUE) {
      throw new ConvoyException(
          "%s: expected an image, found %d bytes".formatted(origin(), entry.getSize()));
    }
    return tar.readNBytes((int) entry.getSize());
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }
}
