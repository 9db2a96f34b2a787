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
  void batchesComeInOrderWithTheirImagesAndLabels() {
    MicroBatchReader reader = reader(2, 2, 5);
    MicroBatch batch = reader.read(2);
    assertThat(batch.size()).isEqualTo(2);
    assertThat(Arrays.copyOf(batch.images(), 4)).containsExactly(0, 0, 1, -1);
    assertThat(Arrays.copyOf(batch.labels(), 2)).containsExactly(0, 1);
    assertThat(reader.nextBatch()).isEqualTo(5);
    assertThat(reader.read(5).size()).isEqualTo(1);
    assertThat(reader.nextBatch()).isEqualTo(-1);
  }

  @Test
  void aBatchWithoutImagesIsEmpty() {
    MicroBatchReader reader = reader(3);
    assertThat(reader.read(1).size()).isZero();
    assertThat(reader.read(2).size()).isZero();
    assertThat(reader.read(3).size()).isEqualTo(1);
    assertThat(reader.read(4).size()).isZero();
  }

  @Test
  void imagesLeftOverFromAnEarlierBatchAreNoticed() {
    assertThatIllegalStateException()
        .isThrownBy(() -> reader(1, 4).read(4))
        .withMessage("micro-batch 1 came where 4 was due");
  }

  @Test
  void aBatchLargerThanPlannedIsNoticed() {
    assertThatIllegalStateException().isThrownBy(() -> reader(0, 0, 0, 0).read(0));
  }

  /** The i-th image has the values i and −i and the label i; one object serves for all. */
  private static MicroBatchReader reader(long... batches) {
    ImageTensor tensor = new ImageTensor(SHAPE.elements());
    Iterator<ImageTensor> images =
        new Iterator<>() {
          private int i;

          @Override
          public boolean hasNext() {
            return i < batches.length;
          }

          @Override
          public ImageTensor next() {
            tensor.set(batches[i], i);
            tensor.values()[0] = i;
            tensor.values()[1] = -i;
            i++;
            return tensor;
          }
        };
    return new MicroBatchReader(images, SHAPE, 3);
  }
}
