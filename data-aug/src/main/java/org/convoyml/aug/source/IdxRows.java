package org.convoyml.aug.source;

import java.io.IOException;
import java.io.InputStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The rows of a range of an IDX file's images. Pixels become a PGM file: a real image format, so
 * that there is one way to decode, and one that costs next to nothing.
 */
final class IdxRows extends StreamRows {
  private final IdxFile images;
  private final InputStream pixels;
  private final byte[] labels;
  private final int first;
  private final String name;
  private final int height;
  private final int width;
  private int done;

  /**
   * @param first index of the first image
   * @param end index behind the last
   */
  static IdxRows of(IdxFile images, IdxFile labels, int first, int end) {
    byte[] labelRange;
    try (InputStream in = labels.openAt(first)) {
      labelRange = labels.read(in, first, end - first);
    } catch (IOException e) {
      throw labels.file().unreadable(e);
    }
    try {
      return new IdxRows(images, images.openAt(first), first, labelRange);
    } catch (IOException e) {
      throw images.file().unreadable(e);
    }
  }

  private IdxRows(IdxFile images, InputStream pixels, int first, byte[] labels) {
    super(images.file(), pixels);
    this.images = images;
    this.pixels = pixels;
    this.labels = labels;
    this.first = first;
    this.name = images.file().name().replaceFirst("\\.gz$", "");
    this.height = images.sizes().get(1);
    this.width = images.sizes().get(2);
  }

  @Override
  Row read() throws IOException {
    if (done == labels.length) {
      return null;
    }
    int index = first + done;
    byte[] image = images.read(pixels, index, 1);
    int label = labels[done++] & 0xFF;
    return RowFactory.create(
        ImageIds.of("%s/%08d".formatted(name, index)),
        images.file().path() + "#" + index,
        label,
        PnmContent.grey(height, width, image));
  }
}
