package org.convoyml.aug.source;

import java.io.EOFException;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.convoyml.nn.ConvoyException;

/** The rows of a range of a CIFAR file's images, whose pixels become PPM files. */
final class CifarRows extends StreamRows {
  private final CifarFormat format;
  private final CifarSource.Range range;
  private final FSDataInputStream in;
  private final int[] labels;
  private int index;

  /**
   * @param labels ours for each of the file's
   */
  static CifarRows of(CifarFormat format, CifarSource.Range range, int[] labels) {
    try {
      FSDataInputStream in = range.file().open();
      in.seek((long) range.first() * format.recordBytes());
      return new CifarRows(format, range, in, labels);
    } catch (IOException e) {
      throw range.file().unreadable(e);
    }
  }

  private CifarRows(
      CifarFormat format, CifarSource.Range range, FSDataInputStream in, int[] labels) {
    super(range.file(), in);
    this.format = format;
    this.range = range;
    this.in = in;
    this.labels = labels;
    this.index = range.first();
  }

  @Override
  Row read() throws IOException {
    if (index == range.end()) {
      return null;
    }
    byte[] record = in.readNBytes(format.recordBytes());
    if (record.length < format.recordBytes()) {
      throw new EOFException();
    }
    String origin = range.file().path() + "#" + index;
    int label = record[format.labelOffset()] & 0xFF;
    if (label >= labels.length) {
      throw new ConvoyException(
          "%s: expected a label below %d, the number of names of classes, found %d"
              .formatted(origin, labels.length, label));
    }
    String path = "%s/%08d".formatted(range.file().name(), index++);
    return RowFactory.create(
        ImageIds.of(path),
        origin,
        labels[label],
        PnmContent.ofPlanes(CifarFormat.SIDE, CifarFormat.SIDE, record, format.pixelOffset()));
  }
}
