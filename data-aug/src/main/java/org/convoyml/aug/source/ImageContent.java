package org.convoyml.aug.source;

import static org.apache.spark.sql.functions.udf;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.convoyml.aug.image.UnreadableImage;

/** The content of images that are values of a column. */
final class ImageContent {
  /** OpenCV's codes of 8-bit pixels with 1, 3 and 4 channels, as Spark's image schema has them. */
  private static final int CV_8UC1 = 0;

  private static final int CV_8UC3 = 16;
  private static final int CV_8UC4 = 24;

  private ImageContent() {}

  /** Encoded images of a column that {@link ImageColumns} found. */
  static Column of(StructField image) {
    Column column = Columns.named(image.name());
    if (ImageColumns.isPixels(image.dataType())) {
      UDF1<Row, byte[]> encode = ImageContent::pnm;
      return udf(encode, DataTypes.BinaryType).apply(column);
    }
    UDF1<byte[], byte[]> present = bytes -> bytes == null ? missing() : bytes;
    Column bytes = image.dataType() instanceof BinaryType ? column : column.getField("bytes");
    return udf(present, DataTypes.BinaryType).apply(bytes);
  }

  private static byte[] missing() {
    return UnreadableImage.of("expected an image, found null");
  }

  /**
   * Undecoded pixels, blue first, as a PGM or PPM file.
   *
   * @param image of Spark's image schema
   */
  private static byte[] pnm(Row image) {
    if (image == null || image.isNullAt(image.fieldIndex("data"))) {
      return missing();
    }
    int height = image.getInt(image.fieldIndex("height"));
    int width = image.getInt(image.fieldIndex("width"));
    int channels = image.getInt(image.fieldIndex("nChannels"));
    int mode = image.getInt(image.fieldIndex("mode"));
    byte[] pixels = image.getAs("data");
    boolean known =
        (mode == CV_8UC1 && channels == 1)
            || (mode == CV_8UC3 && channels == 3)
            || (mode == CV_8UC4 && channels == 4);
    if (!known) {
      return UnreadableImage.of(
          "expected 8-bit pixels of 1, 3 or 4 channels, found OpenCV mode %d, %d channels"
              .formatted(mode, channels));
    }
    if (height <= 0 || width <= 0 || pixels.length != (long) height * width * channels) {
      return UnreadableImage.of(
          "expected %d×%d pixels of %d channels, found %d bytes"
              .formatted(height, width, channels, pixels.length));
    }
    return channels == 1
        ? PnmContent.grey(height, width, pixels)
        : PnmContent.ofBgr(height, width, channels, pixels);
  }
}
