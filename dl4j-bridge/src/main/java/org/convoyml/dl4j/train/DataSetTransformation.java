package org.convoyml.dl4j.train;

import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.CollectionAccumulator;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.dl4j.engine.Dl4jThreads;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.spec.Shape;
import org.convoyml.spark.data.MicroBatchReader;
import org.convoyml.spark.data.NumberedBatch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Micro-batches as Deeplearning4j's data sets: images {@code (N, C, H, W)} and shares of classes
 * {@code (N, K)}.
 *
 * @param preprocessing knows the shape of an image
 * @param classes {@code K}
 * @param labelSmoothing share of every label that goes to all classes alike
 * @param ledgers takes what became of the images of each partition, when it has come to its end
 */
record DataSetTransformation(
    Preprocessing preprocessing,
    int classes,
    float labelSmoothing,
    CollectionAccumulator<PartitionLedger> ledgers)
    implements FlatMapFunction<Iterator<NumberedBatch>, DataSet> {
  @Override
  public Iterator<DataSet> call(Iterator<NumberedBatch> batches) {
    // Here, because dl4j-spark's own tasks have no place for it.
    Dl4jThreads.use(TaskContext.get().cpus());
    MicroBatchReader reader = new MicroBatchReader(batches, preprocessing.shape());
    return Stream.generate(() -> next(reader)).takeWhile(set -> set != null).iterator();
  }

  /** The next that has images, or null. */
  private DataSet next(MicroBatchReader reader) {
    while (reader.nextBatch() >= 0) {
      MicroBatch batch = reader.read(reader.nextBatch());
      if (batch.size() > 0) {
        return new DataSet(images(batch), labels(batch));
      }
    }
    ledgers.add(
        new PartitionLedger(TaskContext.getPartitionId(), reader.ledger(), reader.takeCorrupt()));
    return null;
  }

  private INDArray images(MicroBatch batch) {
    Shape shape = preprocessing.shape();
    return Nd4j.create(
        Arrays.copyOf(batch.images(), batch.size() * shape.elements()),
        new long[] {batch.size(), shape.channels(), shape.height(), shape.width()},
        'c');
  }

  private INDArray labels(MicroBatch batch) {
    float[] shares = new float[batch.size() * classes];
    if (batch.targetWidth() == classes) {
      System.arraycopy(batch.targets(), 0, shares, 0, shares.length);
    } else {
      for (int n = 0; n < batch.size(); n++) {
        shares[n * classes + batch.labels()[n]] = 1;
      }
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] = (1 - labelSmoothing) * shares[i] + labelSmoothing / classes;
    }
    return Nd4j.create(shares, new long[] {batch.size(), classes}, 'c');
  }
}
