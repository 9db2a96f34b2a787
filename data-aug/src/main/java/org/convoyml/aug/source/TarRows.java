package org.convoyml.aug.source;

import java.io.IOException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** The rows of a tar file or a part of one. */
final class TarRows extends StreamRows {
  private final TarImages images;
  private final FolderLayout layout;

  /** All rows, of a packed file too. */
  static TarRows of(HadoopFile file, FolderLayout layout) {
    try {
      return new TarRows(file, TarImages.open(file), layout);
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }

  /** The rows of a part, as {@link TarIndex} found it. */
  static TarRows of(HadoopFile file, FolderLayout layout, long start, long end) {
    try {
      return new TarRows(file, TarImages.open(file, start, end), layout);
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }

  private TarRows(HadoopFile file, TarImages images, FolderLayout layout) {
    super(file, images);
    this.images = images;
    this.layout = layout;
  }

  @Override
  Row read() throws IOException {
    if (!images.next()) {
      return null;
    }
    String path = images.name();
    return RowFactory.create(
        ImageIds.of(layout.relative(path)), images.origin(), layout.label(path), images.content());
  }
}
