package org.convoyml.aug.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.udf;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.random.KeyedRandom;

/**
 * A data set in two parts that have each class in the same proportion. Which part an image is in
 * depends on its identity, its class and the seed, so that the split is the same however the data
 * set is packed, ordered or partitioned. A class of two or more images is in both parts; a single
 * image is for training.
 *
 * @param training the larger part, usually
 * @param validation the part that is held out
 */
public record StratifiedSplit(ImageDataset training, ImageDataset validation) {
  /** Keeps these draws apart from others with the same seed. */
  private static final long SPLIT = 0x73706C6974L;

  /**
   * Splits. Looks at identities and labels in a job; the parts are as lazy as the whole.
   *
   * @param fraction to hold out of each class, in (0, 1)
   * @param seed of the choice
   * @param name of the data set in messages
   * @throws ConvoyException if no class has two images
   */
  public static StratifiedSplit of(ImageDataset dataset, double fraction, long seed, String name) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new IllegalArgumentException(
          "the fraction to hold out must be in (0, 1), got " + fraction);
    }
    UDF1<Long, Long> draw = id -> KeyedRandom.key(SPLIT, seed, id);
    Column drawn = udf(draw, DataTypes.LongType).apply(col("id"));
    long[] limits = limits(dataset, drawn, fraction, name);
    UDF2<Integer, Long, Boolean> below = (label, number) -> number < limits[label];
    Column heldOut = udf(below, DataTypes.BooleanType).apply(col("label"), drawn);
    return new StratifiedSplit(part(dataset, not(heldOut)), part(dataset, heldOut));
  }

  private static ImageDataset part(ImageDataset dataset, Column condition) {
    return new ImageDataset(dataset.rows().where(condition), dataset.classes());
  }

  /**
   * For each label the smallest draw that is not held out: as many lie below it as are to be.
   * Labels that nothing is held out of have the smallest number.
   */
  private static long[] limits(ImageDataset dataset, Column drawn, double fraction, String name) {
    UDF1<Long, Long> share = images -> share(images, fraction);
    Column ofLabel =
        udf(share, DataTypes.LongType).apply(count(lit(1)).over(Window.partitionBy("label")));
    Dataset<Row> first =
        dataset
            .rows()
            .select(col("label"), drawn.as("drawn"))
            .select(
                col("label"),
                col("drawn"),
                row_number().over(Window.partitionBy("label").orderBy("drawn")).as("rank"),
                ofLabel.as("share"))
            .where("share > 0 and rank = share + 1")
            .select("label", "drawn");
    List<Row> found = Failures.unwrapped(first::collectAsList);
    if (found.isEmpty()) {
      throw new ConvoyException(
          name + ": expected a class of two or more images to hold some out of, found none");
    }
    long[] limits = new long[dataset.classes().size()];
    Arrays.fill(limits, Long.MIN_VALUE);
    for (Row row : found) {
      limits[row.getInt(0)] = row.getLong(1);
    }
    return limits;
  }

  /**
   * How many of a class's images are held out: the nearest whole number, but neither none nor all.
   */
  private static long share(long images, double fraction) {
    return images < 2 ? 0 : Math.min(images - 1, Math.max(1, Math.round(images * fraction)));
  }
}
