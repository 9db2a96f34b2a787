package org.convoyml.spark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.convoyml.aug.image.ImagePipeline;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.spark.Samples;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

class BatchAssemblerTest {
  private static final Preprocessing PREPROCESSING =
      new Preprocessing(1, 1, 2, List.of(0f), List.of(1f));

  private final NumberedBatch batch = new NumberedBatch(new MicroBatch(PREPROCESSING.shape(), 3));

  @Test
  void imagesOfOneBatchComeTogetherInOrder() throws InterruptedException {
    try (ImagePipeline pipeline = pipeline()) {
      BatchAssembler assembler = assembler(pipeline, 2, 2, 5);
      assertThat(assembler.fill(batch)).isTrue();
      assertThat(batch.number()).isEqualTo(2);
      assertThat(Arrays.copyOf(batch.images().labels(), batch.images().size()))
          .containsExactly(0, 1);
      assertThat(Arrays.copyOf(batch.images().images(), 4)).containsExactly(0, 0, 1, 1);
      assertThat(assembler.fill(batch)).isTrue();
      assertThat(batch.number()).isEqualTo(5);
      assertThat(batch.images().size()).isEqualTo(1);
      assertThat(assembler.fill(batch)).isFalse();
      assertThat(assembler.fill(batch)).isFalse();
    }
  }

  @Test
  void aBatchLargerThanPlannedIsNoticed() {
    try (ImagePipeline pipeline = pipeline()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> assembler(pipeline, 0, 0, 0, 0).fill(batch));
    }
  }

  @Test
  void itEndsWhenItsThreadIsInterrupted() {
    try (ImagePipeline pipeline = pipeline()) {
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(InterruptedException.class)
          .isThrownBy(() -> assembler(pipeline, 0, 0).fill(batch));
      assertThat(Thread.interrupted()).isFalse();
    }
  }

  private static ImagePipeline pipeline() {
    return new ImagePipeline(PREPROCESSING, AugmentationPolicy.NONE);
  }

  /** The i-th image has the label i and is black, the others white. */
  private static BatchAssembler assembler(ImagePipeline pipeline, long... batches) {
    Iterator<Tuple2<Long, EncodedImage>> images =
        IntStream.range(0, batches.length)
            .mapToObj(
                i -> {
                  byte[] content = Samples.blackPgm(1, 2);
                  if (i > 0) {
                    Arrays.fill(content, content.length - 2, content.length, (byte) 255);
                  }
                  return new Tuple2<>(
                      BatchKey.of(batches[i], i), new EncodedImage(i, "image " + i, i, content));
                })
            .iterator();
    return new BatchAssembler(images, pipeline, 42, 0);
  }
}
