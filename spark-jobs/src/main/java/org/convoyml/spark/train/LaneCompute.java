package org.convoyml.spark.train;

import java.util.Arrays;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.GradientListener;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.StepResult;
import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.data.MicroBatchReader;

/** Computes gradients of the micro-batches of one worker's lanes, on one network for all. */
final class LaneCompute {
  private final RoundSpec round;
  private final CompiledNetwork compiled;
  private final MicroBatchReader reader;
  private final Runnable cancellation;

  /**
   * @param cancellation throws when the task is to stop; a task that only computes would not notice
   */
  LaneCompute(
      RoundSpec round, CompiledNetwork compiled, MicroBatchReader reader, Runnable cancellation) {
    this.cancellation = cancellation;
    this.round = round;
    this.compiled = compiled;
    this.reader = reader;
  }

  /** From now on the network has these parameters. */
  void load(float[] parameters) {
    compiled.load(parameters);
  }

  /**
   * Computes one lane's micro-batch. Lanes come in ascending order in each step.
   *
   * @param gradient receives that of the summed loss
   * @param ready is told which part of the gradient is final
   * @throws ConvoyException if the loss is not a number
   */
  Totals compute(int step, int lane, float[] gradient, GradientListener ready) {
    cancellation.run();
    MicroBatch batch = reader.read(round.plan().batchOf(step, lane));
    if (batch.size() == 0) {
      // There are more lanes than images, or all of them are corrupt.
      Arrays.fill(gradient, 0);
      ready.ready(0, gradient.length);
      return Totals.NONE;
    }
    batch.setKey(KeyedRandom.key(round.config().seed(), round.globalStep(step), lane));
    StepResult result = compiled.step(batch, gradient, ready);
    if (!Double.isFinite(result.lossSum())) {
      String layer =
          compiled.firstNonFiniteLayer(batch).map(name -> ", first in layer " + name).orElse("");
      throw diverged(step, "the loss is " + result.lossSum(), layer);
    }
    return new Totals(result.lossSum(), result.examples(), result.correct());
  }

  /**
   * Refuses values that are not numbers. A loss can stay finite when weights do not: max(0, NaN) is
   * 0 to some engines.
   *
   * @param what the values are, for messages
   */
  void checkFinite(int step, String what, float[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!Float.isFinite(values[i])) {
        throw diverged(step, "%s is %s".formatted(what, values[i]), ", in " + tensorAt(i));
      }
    }
  }

  private ConvoyException diverged(int step, String what, String where) {
    return new ConvoyException(
        "epoch %d, step %d: %s at learning rate %s%s: try a lower one"
            .formatted(round.epoch() + 1, step + 1, what, round.learningRate(step), where));
  }

  private String tensorAt(int element) {
    ParameterLayout layout = compiled.layout();
    return layout.slices().stream()
        .filter(slice -> slice.offset() <= element && element < slice.end())
        .map(ParameterSlice::name)
        .findFirst()
        .orElseThrow();
  }
}
