package org.convoyml.spark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.Samples;
import org.convoyml.spark.driver.Jobs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import scala.Tuple2;

/** In real Spark tasks. */
@Timeout(120)
class TensorTransformationTest {
  private static final int IMAGES = 200;
  private static final int BATCH = 3;
  private static final TensorTransformation TENSORS =
      new TensorTransformation(Preprocessing.mnist(28, 28), Variation.NONE, BATCH, 1_000_000);

  @Test
  void batchesComeInOrderAndWhole() {
    List<Long> sizes =
        tensors(images()).map(batch -> batch.number() * 10 + batch.images().size()).collect();
    assertThat(sizes).hasSize(67).startsWith(3L, 13L, 23L).endsWith(662L);
    assertThat(prefetching()).isEmpty();
  }

  @Test
  void aTaskThatEndsEarlyLeavesNoThreadBehind() {
    assertThat(tensors(images()).map(NumberedBatch::number).take(1)).containsExactly(0L);
    assertThat(prefetching()).isEmpty();
  }

  @Test
  void aTaskThatFailsLeavesNoThreadBehind() {
    JavaRDD<Long> failing =
        tensors(images())
            .map(
                batch -> {
                  throw new ConvoyException("no memory left for number " + batch.number());
                });
    assertThatExceptionOfType(ConvoyException.class)
        .isThrownBy(() -> Jobs.run(failing::collect))
        .withMessage("no memory left for number 0");
    assertThat(prefetching()).isEmpty();
  }

  @Test
  void whatFailsAheadIsSaidAsWithoutPrefetching() {
    JavaRDD<Tuple2<Long, EncodedImage>> failing =
        rdd(images())
            .map(
                placed -> {
                  if (placed._2().id() == IMAGES - 1) {
                    throw new ConvoyException("images.tar: ends within an entry");
                  }
                  return placed;
                });
    JavaRDD<Long> numbers = failing.mapPartitions(TENSORS).map(NumberedBatch::number);
    assertThatExceptionOfType(ConvoyException.class)
        .isThrownBy(() -> Jobs.run(numbers::collect))
        .withMessage("images.tar: ends within an entry");
    assertThat(prefetching()).isEmpty();
  }

  private static List<Tuple2<Long, EncodedImage>> images() {
    return LongStream.range(0, IMAGES)
        .mapToObj(
            i ->
                new Tuple2<>(
                    BatchKey.of(i / BATCH, (int) (i % BATCH)),
                    new EncodedImage(i, "image " + i, 0, Samples.blackPgm(28, 28))))
        .toList();
  }

  private static JavaRDD<NumberedBatch> tensors(List<Tuple2<Long, EncodedImage>> images) {
    return rdd(images).mapPartitions(TENSORS);
  }

  private static JavaRDD<Tuple2<Long, EncodedImage>> rdd(List<Tuple2<Long, EncodedImage>> images) {
    return JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
        .parallelize(images, 1);
  }

  /** Threads that fetch ahead; a task is done for the driver when its listeners are. */
  private static List<String> prefetching() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("prefetch of"))
        .toList();
  }
}
