package org.convoyml.spark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BatchPlanTest {
  @Test
  void everyPlaceIsInExactlyOneBatchAndSizesDifferByAtMostOne() {
    for (int images = 1; images <= 70; images++) {
      for (int batches = 1; batches <= 80; batches++) {
        checkPartition(new BatchPlan(images, batches));
      }
    }
  }

  private static void checkPartition(BatchPlan plan) {
    long place = 0;
    int smallest = Integer.MAX_VALUE;
    int largest = 0;
    for (long batch = 0; batch < plan.batches(); batch++) {
      assertThat(plan.firstOf(batch)).isEqualTo(place);
      int size = plan.sizeOf(batch);
      for (int i = 0; i < size; i++) {
        assertThat(plan.batchOf(place++)).isEqualTo(batch);
      }
      smallest = Math.min(smallest, size);
      largest = Math.max(largest, size);
    }
    assertThat(place).isEqualTo(plan.images());
    assertThat(plan.firstOf(plan.batches())).isEqualTo(plan.images());
    assertThat(largest - smallest).isBetween(0, 1);
    assertThat(plan.largest()).isEqualTo(largest);
  }

  @Test
  void firstAndLastPlacesAgreeInHugePlansToo() {
    BatchPlan plan = new BatchPlan(1_281_167_003L, 5_000_011L);
    for (long batch : new long[] {0, 1, 4_999_999, 5_000_010}) {
      assertThat(plan.batchOf(plan.firstOf(batch))).isEqualTo(batch);
      assertThat(plan.batchOf(plan.firstOf(batch + 1) - 1)).isEqualTo(batch);
    }
  }

  @Test
  void whatCannotBeCutIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new BatchPlan(-1, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> new BatchPlan(5, 0));
    assertThatThrownBy(() -> new BatchPlan(Long.MAX_VALUE / 2, 3))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void keysSortByBatchThenByPosition() {
    long[] sorted = {
      BatchKey.of(0, 0),
      BatchKey.of(0, 1),
      BatchKey.of(0, BatchKey.MAX_BATCH_SIZE - 1),
      BatchKey.of(1, 0),
      BatchKey.of(7, 3),
      BatchKey.of((1L << 43) - 1, 0),
      BatchKey.of((1L << 43) - 1, BatchKey.MAX_BATCH_SIZE - 1)
    };
    assertThat(sorted).isSorted().doesNotHaveDuplicates();
    assertThat(Arrays.stream(sorted).map(BatchKey::batch))
        .containsExactly(0L, 0L, 0L, 1L, 7L, (1L << 43) - 1, (1L << 43) - 1);
  }

  @Test
  void whatHasNoKeyIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> BatchKey.of(-1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> BatchKey.of(1L << 43, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> BatchKey.of(0, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> BatchKey.of(0, BatchKey.MAX_BATCH_SIZE));
  }
}
