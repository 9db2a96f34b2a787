package org.convoyml.aug.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
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
    List<Double> means =
        dataset
            .rows()
            .mapPartitions(
                (MapPartitionsFunction<Row, Double>)
                    rows -> {
                      List<Double> found = new java.util.ArrayList<>();
                      Preprocessing scale =
                          new Preprocessing(3, 32, 32, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
                      float[] image = new float[3 * 32 * 32];
                      try (ImagePipeline pipeline =
                          new ImagePipeline(scale, AugmentationPolicy.NONE)) {
                        while (rows.hasNext()) {
                          Row row = rows.next();
                          pipeline.apply(
                              row.getLong(0), row.getString(1), row.getAs(3), 1, 0, image, 0);
                          double sum = 0;
                          for (int i = 0; i < 32 * 32; i++) {
                            sum += image[i];
                          }
                          found.add(sum / (32 * 32));
                        }
                      }
                      return found.iterator();
                    },
                Encoders.DOUBLE())
            .collectAsList();

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
    // The published mean of the red channel is 0.4914 on the training images.
    assertThat(means.stream().mapToDouble(Double::doubleValue).average().orElseThrow())
        .isBetween(0.485, 0.50);
    assertThat(dataset.rows().select("id").distinct().count()).isEqualTo(10_000);
    assertThat(dataset.rows().groupBy("label").count().select("count").distinct().collectAsList())
        .extracting(row -> row.getLong(0))
        .containsExactly(1000L);
  }
}
