package org.convoyml.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.convoyml.nn.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class RangePartitionersTest {
  @Test
  void idsAreCutAtTheirExtremesToo() {
    for (int partitions : new int[] {1, 2, 3, 7, 200, Integer.MAX_VALUE}) {
      IdRangePartitioner partitioner = new IdRangePartitioner(partitions);
      assertThat(partitioner.getPartition(Long.MIN_VALUE)).isZero();
      assertThat(partitioner.getPartition(Long.MAX_VALUE)).isEqualTo(partitions - 1);
      assertThat(partitioner.getPartition(-1L)).isEqualTo((partitions - 1) / 2);
      assertThat(partitioner.getPartition(0L)).isEqualTo(partitions / 2);
    }
  }

  @Test
  void idRangesAscendAndAreEquallyFull() {
    KeyedRandom random = KeyedRandom.of(7);
    long[] ids = LongStream.generate(random::nextLong).limit(7000).sorted().toArray();
    IdRangePartitioner partitioner = new IdRangePartitioner(7);
    int[] sizes = new int[7];
    int last = 0;
    for (long id : ids) {
      int partition = partitioner.getPartition(id);
      assertThat(partition).isBetween(last, 6);
      last = partition;
      sizes[partition]++;
    }
    assertThat(IntStream.of(sizes)).allSatisfy(size -> assertThat(size).isBetween(850, 1150));
  }

  @Test
  void batchRangesAscendAndDifferByAtMostOne() {
    for (int batches = 1; batches < 40; batches++) {
      for (int partitions = 1; partitions <= batches; partitions++) {
        BatchRangePartitioner partitioner = new BatchRangePartitioner(batches, partitions);
        int[] chosen =
            IntStream.range(0, batches)
                .map(batch -> partitioner.getPartition(BatchKey.of(batch, 5)))
                .toArray();
        assertThat(chosen).isSorted();
        for (int partition = 0; partition < partitions; partition++) {
          int wanted = partition;
          assertThat(IntStream.of(chosen).filter(p -> p == wanted).count())
              .isBetween((long) batches / partitions, (long) batches / partitions + 1);
        }
      }
    }
  }

  @Test
  void partitionersOfTheSameRangesAreEqual() {
    assertThat(new IdRangePartitioner(3))
        .isEqualTo(new IdRangePartitioner(3))
        .hasSameHashCodeAs(new IdRangePartitioner(3))
        .isNotEqualTo(new IdRangePartitioner(4));
    assertThat(new BatchRangePartitioner(9, 3))
        .isEqualTo(new BatchRangePartitioner(9, 3))
        .hasSameHashCodeAs(new BatchRangePartitioner(9, 3))
        .isNotEqualTo(new BatchRangePartitioner(8, 3))
        .isNotEqualTo(new BatchRangePartitioner(9, 2));
  }
}
