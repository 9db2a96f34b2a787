package org.convoyml.aug.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;
import org.convoyml.aug.image.CorruptImageException;
import org.convoyml.aug.image.ImageVariants;
import org.convoyml.aug.image.OutputFormat;
import org.convoyml.aug.image.UnreadableImage;
import org.convoyml.aug.op.ImageOp;
import org.convoyml.nn.random.KeyedRandom;

/** What an {@link Augmenter} does with a partition. Images are decoded as rows are asked for. */
record VariantRows(
    Columns columns,
    List<ImageOp> ops,
    long seed,
    int copies,
    boolean includeOriginal,
    OutputFormat format,
    int quality,
    long maxPixels)
    implements MapPartitionsFunction<Row, Row> {
  static final String ID = "id";
  static final String ORIGIN = "origin";
  static final String CONTENT = "content";

  /** Tells ids of variants from other numbers that are drawn from an id. */
  private static final long PURPOSE = 0x76617279L;

  /** Where in a row they are. A row that an RDD made knows no names. */
  record Columns(int id, int origin, int content) implements Serializable {
    static Columns of(StructType schema) {
      return new Columns(
          schema.fieldIndex(ID), schema.fieldIndex(ORIGIN), schema.fieldIndex(CONTENT));
    }
  }

  VariantRows {
    ops = List.copyOf(ops);
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    ImageVariants variants = new ImageVariants(ops, format, quality, maxPixels);
    TaskCompletionListener closing = context -> variants.close();
    TaskContext.get().addTaskCompletionListener(closing);
    return new Iterator<>() {
      private final int first = includeOriginal ? 0 : 1;
      private Row original;
      private int copy = copies + 1;

      @Override
      public boolean hasNext() {
        return copy <= copies || rows.hasNext();
      }

      @Override
      public Row next() {
        if (copy > copies) {
          original = rows.next();
          copy = first;
        }
        int number = copy++;
        return number == 0 ? original : variant(variants, original, number);
      }
    };
  }

  private Row variant(ImageVariants variants, Row row, int copy) {
    long id = row.getLong(columns.id());
    String origin = row.getString(columns.origin());
    Object[] values = new Object[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i);
    }
    values[columns.id()] = KeyedRandom.key(PURPOSE, id, copy);
    values[columns.origin()] = origin + "#augmented-" + copy;
    values[columns.content()] =
        content(variants, id, origin, row.getAs(columns.content()), copy - 1);
    return RowFactory.create(values);
  }

  private byte[] content(
      ImageVariants variants, long id, String origin, byte[] content, int epoch) {
    if (content == null) {
      return UnreadableImage.of("expected an image, found null");
    }
    try {
      return variants.apply(id, origin, content, seed, epoch);
    } catch (CorruptImageException e) {
      return UnreadableImage.of(e.reason());
    }
  }
}
