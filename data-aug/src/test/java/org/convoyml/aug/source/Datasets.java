package org.convoyml.aug.source;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.convoyml.nn.ConvoyException;

/** What tests ask of data sets. */
final class Datasets {
  private Datasets() {}

  /** All rows in the order of their origins. */
  static List<Row> sorted(ImageDataset dataset) {
    return dataset.rows().orderBy("origin").collectAsList();
  }

  /** Identity, label and a hash of the content of every image, in the order of identities. */
  static List<List<Object>> identities(ImageDataset dataset) {
    return dataset.rows().orderBy("id").collectAsList().stream()
        .map(
            row ->
                List.<Object>of(
                    row.getLong(0), row.getInt(2), Arrays.hashCode(row.<byte[]>getAs(3))))
        .toList();
  }

  static void assertOpeningFails(SparkSession spark, Path path, String message) {
    assertFails(() -> ImageSources.open(spark, path.toString()), message);
  }

  static void assertReadingFails(SparkSession spark, Path path, String message) {
    ImageDataset dataset = ImageSources.open(spark, path.toString());
    assertFails(() -> Failures.unwrapped(() -> dataset.rows().collectAsList()), message);
  }

  /** In one line that begins so. */
  static void assertFails(ThrowingCallable action, String message) {
    assertThatThrownBy(action)
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith(message)
        .message()
        .doesNotContain("\n");
  }
}
