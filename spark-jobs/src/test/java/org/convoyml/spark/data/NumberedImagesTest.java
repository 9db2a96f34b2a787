package org.convoyml.spark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.RDDInfo;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;

@Timeout(120)
class NumberedImagesTest {
  private static final int IMAGES = 200;

  @TempDir private Path folder;

  @Test
  void numbersFollowTheIdsHoweverTheImagesArePartitioned() {
    List<String> one = dealt(1, new long[0]);
    assertThat(one).hasSize(IMAGES);
    assertThat(dealt(2, new long[0])).isEqualTo(one);
    assertThat(dealt(7, new long[0])).isEqualTo(one);
    List<Long> ids = one.stream().map(line -> Long.valueOf(line.split(" ")[1])).toList();
    assertThat(ids).isSorted();
  }

  @Test
  void anOrderMixesThemAndDependsOnItsKeyAlone() {
    List<String> one = dealt(1, new long[] {1, 2});
    assertThat(dealt(5, new long[] {1, 2})).isEqualTo(one);
    assertThat(dealt(5, new long[] {1, 3})).isNotEqualTo(one);
    assertThat(images(one))
        .containsExactlyInAnyOrderElementsOf(images(dealt(2, new long[0])))
        .isNotEqualTo(images(dealt(2, new long[0])));
  }

  @Test
  void batchesComeInOrderAndAreComplete() {
    try (NumberedImages images = numbered(3)) {
      BatchPlan plan = new BatchPlan(IMAGES, 13);
      List<Tuple2<Long, EncodedImage>> dealt =
          images.deal(plan, new long[] {5}, new BatchRangePartitioner(13, 4)).collect();
      int i = 0;
      for (long batch = 0; batch < 13; batch++) {
        for (int position = 0; position < plan.sizeOf(batch); position++) {
          assertThat(dealt.get(i++)._1()).isEqualTo(BatchKey.of(batch, position));
        }
      }
      assertThat(dealt).hasSize(i);
    }
  }

  @Test
  void theFingerprintIsOfTheImagesNotOfTheirPartitions() {
    long fingerprint = fingerprint(digits());
    assertThat(fingerprint).isNotZero();
    ImageDataset digits = digits();
    assertThat(fingerprint(partitioned(digits, 1))).isEqualTo(fingerprint);
    assertThat(fingerprint(partitioned(digits, 9))).isEqualTo(fingerprint);
    assertThat(fingerprint(new ImageDataset(digits.rows().where("label < 9"), digits.classes())))
        .isNotEqualTo(fingerprint);
    assertThat(
            fingerprint(
                new ImageDataset(
                    digits.rows().selectExpr("id", "origin", "9 - label as label", "content"),
                    digits.classes())))
        .isNotEqualTo(fingerprint);
    assertThat(
            fingerprint(
                new ImageDataset(
                    digits
                        .rows()
                        .selectExpr(
                            "id", "origin", "label", "content || cast(' ' as binary) as content"),
                    digits.classes())))
        .isNotEqualTo(fingerprint);
  }

  @Test
  void twoImagesOfTheSameIdAreBothNamed() {
    ImageDataset dataset =
        dataset(
            RowFactory.create(7L, "a/cat.png", 0, new byte[1]),
            RowFactory.create(8L, "b/dog.png", 1, new byte[1]),
            RowFactory.create(7L, "c/cat.png", 0, new byte[2]));
    assertThatThrownBy(() -> NumberedImages.of(dataset, "animals", ImageLimits.DEFAULT))
        .isInstanceOf(ConvoyException.class)
        .hasMessageContainingAll("a/cat.png", "c/cat.png", " and ", "rename one");
    assertThat(spark().getPersistentRDDs().isEmpty()).isTrue();
  }

  @Test
  void noImagesAreAnError() {
    assertThatThrownBy(() -> NumberedImages.of(dataset(), "animals", ImageLimits.DEFAULT))
        .isInstanceOf(ConvoyException.class)
        .hasMessage("animals: expected images, found none");
    assertThat(spark().getPersistentRDDs().isEmpty()).isTrue();
  }

  @Test
  void closingFreesTheMemory() {
    NumberedImages images = numbered(3);
    assertThat(Stream.of(spark().getRDDStorageInfo()))
        .singleElement()
        .satisfies(stored -> assertThat(stored.numCachedPartitions()).isEqualTo(3));
    images.close();
    assertThat(spark().getPersistentRDDs().isEmpty()).isTrue();
    assertThat(spark().getRDDStorageInfo()).isEmpty();
  }

  /** Blocks that go to disk pass through Kryo, which refuses classes that are not registered. */
  @Test
  void whatMemoryCannotHoldGoesToDisk() {
    List<String> expected = dealt(2, new long[] {4});
    SparkSession tiny =
        LocalSpark.restartedWith(
            Map.of(
                "spark.testing.memory", "4000000",
                "spark.testing.reservedMemory", "0",
                "spark.memory.storageFraction", "0",
                "spark.buffer.pageSize", "64k",
                "spark.storage.unrollMemoryThreshold", "65536"));
    try (NumberedImages images = NumberedImages.of(padded(20_000), "digits", ImageLimits.DEFAULT)) {
      RDDInfo stored = tiny.sparkContext().getRDDStorageInfo()[0];
      assertThat(stored.diskSize()).isPositive();
      assertThat(images.size()).isEqualTo(IMAGES);
      assertThat(lines(deal(images, new long[] {4}))).isEqualTo(expected);
    } finally {
      tiny.stop();
    }
  }

  private static List<String> images(List<String> dealt) {
    return dealt.stream().map(line -> line.substring(line.indexOf(' '))).toList();
  }

  private List<String> dealt(int partitions, long[] order) {
    try (NumberedImages images = numbered(partitions)) {
      assertThat(images.partitions()).isEqualTo(partitions);
      assertThat(images.size()).isEqualTo(IMAGES);
      return lines(deal(images, order));
    }
  }

  private static JavaPairRDD<Long, EncodedImage> deal(NumberedImages images, long[] order) {
    return images.deal(new BatchPlan(IMAGES, 10), order, new BatchRangePartitioner(10, 2));
  }

  private static List<String> lines(JavaPairRDD<Long, EncodedImage> dealt) {
    List<String> lines = new ArrayList<>();
    for (Tuple2<Long, EncodedImage> placed : dealt.collect()) {
      EncodedImage image = placed._2();
      lines.add(placed._1() + " " + image.id() + " " + image.origin() + " " + image.label());
    }
    return lines;
  }

  private static long fingerprint(ImageDataset dataset) {
    try (NumberedImages images = NumberedImages.of(dataset, "digits", ImageLimits.DEFAULT)) {
      return images.fingerprint();
    }
  }

  private NumberedImages numbered(int partitions) {
    return NumberedImages.of(partitioned(digits(), partitions), "digits", ImageLimits.DEFAULT);
  }

  private static ImageDataset partitioned(ImageDataset dataset, int partitions) {
    return new ImageDataset(dataset.rows().repartition(partitions), dataset.classes());
  }

  /** The digits with so many zeros behind them that they do not fit into a small memory. */
  private ImageDataset padded(int zeros) {
    ImageDataset digits = digits();
    return new ImageDataset(
        digits
            .rows()
            .selectExpr(
                "id",
                "origin",
                "label",
                "concat(content, cast(repeat('0', " + zeros + ") as binary)) as content")
            .repartition(4),
        digits.classes());
  }

  private ImageDataset digits() {
    Path data = Samples.mnist(folder.resolve("digits"), IMAGES);
    return ImageSources.open(LocalSpark.session(), data.toString());
  }

  private static ImageDataset dataset(org.apache.spark.sql.Row... rows) {
    return new ImageDataset(
        LocalSpark.session().createDataFrame(List.of(rows), ImageDataset.SCHEMA).repartition(3),
        List.of("cat", "dog"));
  }

  private static SparkContext spark() {
    return LocalSpark.session().sparkContext();
  }
}
