package org.convoyml.spark.eval;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.Outputs;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.spark.data.MicroBatchReader;
import org.convoyml.spark.data.NumberedBatch;
import org.convoyml.spark.model.ModelDirectory;

/**
 * Runs a model on a partition's batches. Each task reads the model's files itself.
 *
 * @param model directory of the model
 * @param engine by name
 * @param largest the size of the largest batch
 * @param modelLabels the model's label for each of the data set's
 * @param configuration where file systems are
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record BatchScorer(
    String model,
    String engine,
    int largest,
    int[] modelLabels,
    SerializableConfiguration configuration)
    implements FlatMapFunction<Iterator<NumberedBatch>, BatchScore> {
  @Override
  public Iterator<BatchScore> call(Iterator<NumberedBatch> images) {
    TaskContext task = TaskContext.get();
    NetworkSpec network = ModelDirectory.readDescription(configuration.value(), model).network();
    CompiledNetwork compiled =
        Engines.named(engine).compile(network, CompileOptions.inference(largest, task.cpus()));
    TaskCompletionListener closing = context -> compiled.close();
    task.addTaskCompletionListener(closing);
    compiled.load(ModelDirectory.readWeights(configuration.value(), model, compiled.layout()));
    MicroBatchReader reader = new MicroBatchReader(images, network.input());
    Outputs outputs = new Outputs(network, largest);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return reader.nextBatch() >= 0;
      }

      @Override
      public BatchScore next() {
        long number = reader.nextBatch();
        if (number < 0) {
          throw new NoSuchElementException();
        }
        MicroBatch batch = reader.read(number);
        if (batch.size() > 0) {
          compiled.infer(batch, outputs);
        }
        return score(number, batch, outputs.get(network.primaryOutput().name()));
      }

      private BatchScore score(long number, MicroBatch batch, float[] logits) {
        int classes = network.classes();
        int[] labels = new int[batch.size()];
        int[] predictions = new int[batch.size()];
        double lossSum = 0;
        for (int n = 0; n < batch.size(); n++) {
          labels[n] = modelLabels[batch.labels()[n]];
          int row = n * classes;
          checkFinite(logits, row, row + classes);
          int best = 0;
          for (int k = 1; k < classes; k++) {
            best = logits[row + k] > logits[row + best] ? k : best;
          }
          predictions[n] = best;
          double sum = 0;
          for (int k = 0; k < classes; k++) {
            sum += StrictMath.exp((double) logits[row + k] - logits[row + best]);
          }
          lossSum += StrictMath.log(sum) + logits[row + best] - logits[row + labels[n]];
        }
        return new BatchScore(number, lossSum, labels, predictions, reader.takeCorrupt());
      }

      /** Of outputs that are not numbers none is the largest, and no figure would mean anything. */
      private void checkFinite(float[] logits, int from, int to) {
        for (int i = from; i < to; i++) {
          if (!Float.isFinite(logits[i])) {
            throw new ConvoyException(
                "%s: the network gives %s: weights that are too large, or a variance below zero"
                    .formatted(model, logits[i]));
          }
        }
      }
    };
  }
}
