package org.convoyml.spark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

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
  void imagesAreMixedAsTheirMicroBatchSays() throws InterruptedException {
    AugmentationPolicy policy = AugmentationPolicy.parse("mixup(1)");
    float[][] shares = new float[3][];
    float[][] pixels = new float[3][];
    try (ImagePipeline pipeline = pipeline()) {
      for (int i = 0; i < 3; i++) {
        // Micro-batch 13 is lane 1 of step 3 with four lanes, and lane 3 of step 1 with ten.
        Variation variation = new Variation(policy, 42, 5, i == 2 ? 10 : 4, 3);
        NumberedBatch mixed =
            new NumberedBatch(new MicroBatch(PREPROCESSING.shape(), 3, variation.targetWidth()));
        new BatchAssembler(images(13, 13, 13), pipeline, variation).fill(mixed);
        shares[i] = mixed.images().targets().clone();
        pixels[i] = mixed.images().images().clone();
      }
    }
    assertThat(shares[1]).isEqualTo(shares[0]);
    assertThat(pixels[1]).isEqualTo(pixels[0]);
    assertThat(shares[2]).isNotEqualTo(shares[0]);
    for (int n = 0; n < 3; n++) {
      assertThat(shares[0][3 * n] + shares[0][3 * n + 1] + shares[0][3 * n + 2])
          .isCloseTo(1, within(1e-6f));
      // The first image is black, the others are white.
      assertThat(pixels[0][2 * n]).isCloseTo(1 - shares[0][3 * n], within(1e-6f));
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

  private static BatchAssembler assembler(ImagePipeline pipeline, long... batches) {
    return new BatchAssembler(images(batches), pipeline, Variation.NONE);
  }

  /** The i-th image has the label i; the first is black, the others are white. */
  private static Iterator<Tuple2<Long, EncodedImage>> images(long... batches) {
    return IntStream.range(0, batches.length)
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
  }
}
