package org.convoyml.spark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.Iterator;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.spec.Shape;
import org.junit.jupiter.api.Test;

class MicroBatchReaderTest {
  private static final Shape SHAPE = Shape.of(1, 1, 2);

  @Test
  void batchesComeByTheirNumbers() {
    MicroBatchReader reader = reader(2, 5);
    MicroBatch batch = reader.read(2);
    assertThat(batch.size()).isEqualTo(1);
    assertThat(batch.labels()[0]).isEqualTo(2);
    assertThat(reader.nextBatch()).isEqualTo(5);
    assertThat(reader.read(5).labels()[0]).isEqualTo(5);
    assertThat(reader.nextBatch()).isEqualTo(-1);
  }

  @Test
  void aBatchThatDoesNotComeIsEmpty() {
    MicroBatchReader reader = reader(3);
    assertThat(reader.read(1).size()).isZero();
    assertThat(reader.read(2).size()).isZero();
    assertThat(reader.read(3).size()).isEqualTo(1);
    assertThat(reader.read(4).size()).isZero();
  }

  @Test
  void aBatchThatWasLeftOutIsNoticed() {
    assertThatIllegalStateException()
        .isThrownBy(() -> reader(1, 4).read(4))
        .withMessage("micro-batch 1 came where 4 was due");
  }

  /** Each holds one image, whose label is the batch's number; one object serves for all. */
  private static MicroBatchReader reader(long... numbers) {
    NumberedBatch batch = new NumberedBatch(new MicroBatch(SHAPE, 3));
    Iterator<NumberedBatch> batches =
        Arrays.stream(numbers)
            .mapToObj(
                number -> {
                  batch.restart(number);
                  batch.images().add((int) number);
                  return batch;
                })
            .iterator();
    return new MicroBatchReader(batches, SHAPE);
  }
}
