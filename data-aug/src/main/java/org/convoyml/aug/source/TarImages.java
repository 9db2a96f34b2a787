package org.convoyml.aug.source;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Seekable;
import org.convoyml.nn.ConvoyException;

/** The images in a tar file or in a part of one, one after another. */
final class TarImages implements Closeable {
  private static final int RECORD = 512;

  private final HadoopFile file;
  private final TarArchiveInputStream tar;
  // Null where the bytes that are read are not those of the file: it is packed.
  private final Seekable position;
  private final long end;
  private TarArchiveEntry entry;
  private long start;
  private long next;

  private TarImages(HadoopFile file, InputStream in, long start, long end) {
    this.file = file;
    this.tar = new TarArchiveInputStream(in, "UTF-8");
    this.position = in instanceof Seekable seekable ? seekable : null;
    this.next = start;
    this.end = end;
  }

  /** All images, of a packed file too. */
  static TarImages open(HadoopFile file) throws IOException {
    return new TarImages(file, file.openUnpacked(), 0, Long.MAX_VALUE);
  }

  /**
   * The images of a part of a file that is not packed.
   *
   * @param start what {@link #start} gave for the first
   * @param end the same of the first that is not read; or the largest number
   */
  static TarImages open(HadoopFile file, long start, long end) throws IOException {
    FSDataInputStream in = file.open();
    try {
      in.seek(start);
      return new TarImages(file, in, start, end);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /**
   * Goes to the next image; false at the end. Content that was not asked for is skipped without
   * being read.
   *
   * @throws ConvoyException if it is a link, which has no content
   */
  boolean next() throws IOException {
    do {
      if (next >= end) {
        return false;
      }
      start = next;
      entry = tar.getNextTarEntry();
      if (entry == null) {
        return false;
      }
      if (position != null) {
        // Content follows, filled up to whole records; then the next entry's headers.
        next = position.getPos() + (entry.getSize() + RECORD - 1) / RECORD * RECORD;
      }
    } while (!entry.isFile() || !FolderLayout.isImage(entry.getName()));
    if (entry.isSymbolicLink() || entry.isLink()) {
      throw new ConvoyException(
          origin() + ": expected an image, found a link: pack what links point to");
    }
    return true;
  }

  /** Where the headers of the image begin; 0 in a packed file. */
  long start() {
    return start;
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
    return entry.getSize() > FileContent.LARGEST
        ? FileContent.tooLarge(entry.getSize())
        : tar.readNBytes((int) entry.getSize());
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }
}
