package org.convoyml.spark.data;

import java.util.Random;
import java.util.stream.LongStream;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.spec.Shape;

/** Micro-batches of random images, for tests of other packages. */
public final class MadeBatches {
  private MadeBatches() {}

  /** A reader of the first micro-batches, which all have as many images. */
  public static MicroBatchReader reader(Shape shape, int batches, int size, int classes) {
    Random random = new Random(1);
    return new MicroBatchReader(
        LongStream.range(0, batches)
            .mapToObj(
                number -> {
                  MicroBatch images = new MicroBatch(shape, size);
                  NumberedBatch batch = new NumberedBatch(images);
                  batch.restart(number);
                  for (int i = 0; i < size; i++) {
                    images.add(random.nextInt(classes));
                  }
                  for (int i = 0; i < images.images().length; i++) {
                    images.images()[i] = random.nextFloat();
                  }
                  return batch;
                })
            .iterator(),
        shape);
  }
}
