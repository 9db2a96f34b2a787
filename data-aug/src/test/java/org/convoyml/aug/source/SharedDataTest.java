package org.convoyml.aug.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.image.ImagePipeline;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class SharedDataTest {
  /** Every image of a real data set, read, decoded and augmented by Spark's tasks. */
  @Test
  void allOfCifar10IsDecoded(SparkSession spark) {
    Path tar = Path.of(System.getProperty("convoy.root"), "../shared/data/cifar10/test.tar");
    assumeTrue(Files.exists(tar), () -> "skipped: there is no " + tar);

    ImageDataset dataset = ImageSources.open(spark, tar.toString());
    Preprocessing scale = new Preprocessing(3, 32, 32, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
    AugmentationPolicy policy = AugmentationPolicy.parse("rotate(10), translate(0.1)");
    MapPartitionsFunction<Row, Double> redMeans = rows -> redMeans(rows, scale, policy).iterator();
    List<Double> means = dataset.rows().mapPartitions(redMeans, Encoders.DOUBLE()).collectAsList();

    assertThat(dataset.classes())
        .containsExactly(
            "airplane",
            "automobile",
            "bird",
            "cat",
            "deer",
            "dog",
            "frog",
            "horse",
            "ship",
            "truck");
    assertThat(means).hasSize(10_000);
    // The published mean of the red channel is 0.4914; corners that turn in are black.
    assertThat(means.stream().mapToDouble(Double::doubleValue).average().orElseThrow())
        .isBetween(0.42, 0.48);
    assertThat(dataset.rows().select("id").distinct().count()).isEqualTo(10_000);
    assertThat(dataset.rows().groupBy("label").count().select("count").distinct().collectAsList())
        .extracting(row -> row.getLong(0))
        .containsExactly(1000L);
  }

  private static List<Double> redMeans(
      Iterator<Row> rows, Preprocessing scale, AugmentationPolicy policy) {
    List<Double> means = new ArrayList<>();
    float[] image = new float[scale.shape().elements()];
    int pixels = scale.height() * scale.width();
    try (ImagePipeline pipeline = new ImagePipeline(scale, policy)) {
      while (rows.hasNext()) {
        Row row = rows.next();
        pipeline.apply(row.getLong(0), row.getString(1), row.getAs(3), 1, 0, image, 0);
        double sum = 0;
        for (int i = 0; i < pixels; i++) {
          sum += image[i];
        }
        means.add(sum / pixels);
      }
    }
    return means;
  }
}
