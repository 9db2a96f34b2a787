package org.convoyml.aug.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class StratifiedSplitTest {
  private static final List<String> CLASSES = List.of("many", "few", "two", "one", "none");

  @Test
  void everyClassIsInBothPartsInTheSameProportion(SparkSession spark) {
    StratifiedSplit split = StratifiedSplit.of(dataset(spark), 0.1, 7, "x");

    assertThat(counts(split.training())).isEqualTo(Map.of(0, 900L, 1, 27L, 2, 1L, 3, 1L));
    assertThat(counts(split.validation())).isEqualTo(Map.of(0, 100L, 1, 3L, 2, 1L));
    assertThat(split.validation().classes()).isEqualTo(CLASSES);
    assertThat(
            split
                .training()
                .rows()
                .select("id")
                .union(split.validation().rows().select("id"))
                .distinct()
                .count())
        .isEqualTo(1033);
  }

  @Test
  void evenALargeShareLeavesOneToTrainOn(SparkSession spark) {
    StratifiedSplit split = StratifiedSplit.of(dataset(spark), 0.999, 7, "x");

    assertThat(counts(split.training())).isEqualTo(Map.of(0, 1L, 1, 1L, 2, 1L, 3, 1L));
  }

  @Test
  void orderAndPartitioningDoNotMatterButTheSeedDoes(SparkSession spark) {
    ImageDataset whole = dataset(spark);
    ImageDataset shuffled =
        new ImageDataset(
            whole.rows().repartition(7, col("label")).orderBy(col("id").desc()), CLASSES);

    List<Long> heldOut = ids(StratifiedSplit.of(whole, 0.3, 7, "x").validation());

    assertThat(ids(StratifiedSplit.of(shuffled, 0.3, 7, "x").validation())).isEqualTo(heldOut);
    assertThat(ids(StratifiedSplit.of(whole, 0.3, 8, "x").validation()))
        .hasSameSizeAs(heldOut)
        .isNotEqualTo(heldOut);
  }

  @Test
  void aLargerShareKeepsWhatWasHeldOut(SparkSession spark) {
    ImageDataset whole = dataset(spark);

    assertThat(ids(StratifiedSplit.of(whole, 0.3, 7, "x").validation()))
        .containsAll(ids(StratifiedSplit.of(whole, 0.1, 7, "x").validation()));
  }

  @Test
  void nothingToHoldOut(SparkSession spark) {
    ImageDataset one = new ImageDataset(dataset(spark).rows().where("label = 3"), CLASSES);

    Datasets.assertFails(
        () -> StratifiedSplit.of(one, 0.5, 7, "photos"),
        "photos: expected a class of two or more images to hold some out of, found none");
  }

  @Test
  void theShareIsBetweenNoneAndAll(SparkSession spark) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StratifiedSplit.of(dataset(spark), 1, 7, "x"))
        .withMessage("the fraction to hold out must be in (0, 1), got 1.0");
  }

  /** 1,000 images of the first class, 30, 2 and 1 of the next, none of the last. */
  private static ImageDataset dataset(SparkSession spark) {
    Dataset<Row> rows =
        spark
            .range(1033)
            .select(
                expr("xxhash64(id)").as("id"),
                col("id").cast("string").as("origin"),
                expr("case when id < 1000 then 0 when id < 1030 then 1 when id < 1032 then 2 else 3"
                        + " end")
                    .as("label"),
                lit(new byte[] {1}).as("content"));
    return new ImageDataset(rows, CLASSES);
  }

  private static Map<Integer, Long> counts(ImageDataset dataset) {
    return dataset.rows().groupBy("label").count().collectAsList().stream()
        .collect(Collectors.toMap(row -> row.getInt(0), row -> row.getLong(1)));
  }

  private static List<Long> ids(ImageDataset dataset) {
    return dataset.rows().select("id").orderBy("id").collectAsList().stream()
        .map(row -> row.getLong(0))
        .toList();
  }
}
