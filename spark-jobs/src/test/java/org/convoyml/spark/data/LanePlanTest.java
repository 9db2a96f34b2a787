package org.convoyml.spark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class LanePlanTest {
  @Test
  void everyLaneIsHostedByTheWorkerWhoseBlockItIsIn() {
    for (int lanes = 1; lanes <= 64; lanes *= 2) {
      LanePlan plan = new LanePlan(1000, lanes, lanes);
      for (int workers = 1; workers <= lanes; workers++) {
        assertThat(plan.firstLaneOf(0, workers)).isZero();
        assertThat(plan.firstLaneOf(workers, workers)).isEqualTo(lanes);
        for (int worker = 0; worker < workers; worker++) {
          int first = plan.firstLaneOf(worker, workers);
          int end = plan.firstLaneOf(worker + 1, workers);
          assertThat(end - first).isBetween(lanes / workers, (lanes + workers - 1) / workers);
          for (int lane = first; lane < end; lane++) {
            assertThat(plan.workerOf(lane, workers))
                .as("lane %d of %d, %d workers", lane, lanes, workers)
                .isEqualTo(worker);
          }
        }
      }
    }
  }

  @Test
  void aStepTakesOneBatchFromEachLane() {
    LanePlan plan = new LanePlan(1001, 8, 64);
    assertThat(plan.steps()).isEqualTo(16);
    assertThat(plan.batches()).isEqualTo(new BatchPlan(1001, 128));
    assertThat(plan.batches().largest()).isEqualTo(8);
    assertThat(plan.batchOf(0, 7)).isEqualTo(7);
    assertThat(plan.batchOf(15, 7)).isEqualTo(127);
  }

  @Test
  void noLaneGetsMoreThanItsShareOfABatch() {
    for (int images = 1; images < 300; images++) {
      for (int batchSize = 8; batchSize <= 64; batchSize += 8) {
        LanePlan plan = new LanePlan(images, 8, batchSize);
        assertThat(plan.batches().largest()).isBetween(1, batchSize / 8);
        assertThat((plan.steps() - 1) * batchSize).isLessThan(images);
      }
    }
  }

  @Test
  void theShuffleSendsABatchToTheHostOfItsLane() {
    LanePlan plan = new LanePlan(100, 8, 16);
    LanePartitioner partitioner = new LanePartitioner(plan, 3);
    assertThat(partitioner.numPartitions()).isEqualTo(3);
    for (int step = 0; step < plan.steps(); step++) {
      for (int lane = 0; lane < 8; lane++) {
        assertThat(partitioner.getPartition(BatchKey.of(plan.batchOf(step, lane), 1)))
            .isEqualTo(plan.workerOf(lane, 3));
      }
    }
    assertThat(partitioner)
        .isEqualTo(new LanePartitioner(plan, 3))
        .isNotEqualTo(new LanePartitioner(plan, 2))
        .hasSameHashCodeAs(new LanePartitioner(plan, 3));
  }

  @Test
  void whatCannotBeDealtIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new LanePlan(0, 8, 8));
    assertThatIllegalArgumentException().isThrownBy(() -> new LanePlan(10, 6, 12));
    assertThatIllegalArgumentException().isThrownBy(() -> new LanePlan(10, 8, 12));
    assertThatIllegalArgumentException().isThrownBy(() -> new LanePlan(10, 8, 0));
  }
}
