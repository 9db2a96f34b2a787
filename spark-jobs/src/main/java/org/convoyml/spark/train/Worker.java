package org.convoyml.spark.train;

import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.BarrierTaskInfo;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.engine.GradientListener;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.StepResult;
import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.NetworkJson;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.train.Norms;
import org.convoyml.nn.train.ParameterInitializer;
import org.convoyml.nn.train.ParameterUpdate;
import org.convoyml.nn.train.UpdateRule;
import org.convoyml.spark.checkpoint.TrainingState;
import org.convoyml.spark.collective.AllReduce;
import org.convoyml.spark.collective.InMemoryAllReduce;
import org.convoyml.spark.collective.LaneTree;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.collective.Waiting;
import org.convoyml.spark.collective.transport.MeetingPoint;
import org.convoyml.spark.collective.transport.Membership;
import org.convoyml.spark.collective.transport.TransportAllReduce;
import org.convoyml.spark.data.MicroBatchReader;
import org.convoyml.spark.data.NumberedBatch;
import org.convoyml.spark.model.HadoopFiles;

/**
 * One barrier task's part in a round: it hosts a block of lanes and owns a range of the flat
 * vector.
 */
final class Worker {
  private final RoundSpec round;
  private final BarrierTaskContext context;
  private final Configuration configuration;
  private final ProgressAccumulator progress;
  private final int number;
  private final NetworkSpec network;
  private final ParameterLayout layout;
  private final UpdateRule rule;

  Worker(
      RoundSpec round,
      BarrierTaskContext context,
      Configuration configuration,
      ProgressAccumulator progress) {
    this.round = round;
    this.context = context;
    this.configuration = configuration;
    this.progress = progress;
    this.number = context.partitionId();
    this.network = NetworkJson.read(round.networkJson(), "network of the round");
    this.layout = ParameterLayout.of(network);
    this.rule = round.config().updateRule();
  }

  WorkerResult run(Iterator<NumberedBatch> images) {
    try (AllReduce group = join()) {
      try {
        return train(images, group);
      } catch (RuntimeException | Error e) {
        group.abort(e);
        throw e;
      }
    }
  }

  /** Workers in one executor meet in memory; others over Spark's network layer. */
  private AllReduce join() {
    Waiting waiting =
        new Waiting(Duration.ofSeconds(round.config().timeoutSeconds()), context::isInterrupted);
    long executors =
        Stream.of(context.getTaskInfos()).map(BarrierTaskInfo::address).distinct().count();
    if (executors == 1) {
      return InMemoryAllReduce.join(round.group(), number, round.workers(), layout.size(), waiting);
    }
    return TransportAllReduce.joinFromExecutor(
        new Membership(round.group(), number, round.workers(), layout.size(), lanes()),
        MeetingPoint.named(round.meetingPoint()),
        waiting);
  }

  /** The lanes hosted here, for messages. */
  private String lanes() {
    int first = round.plan().firstLaneOf(number, round.workers());
    int last = round.plan().firstLaneOf(number + 1, round.workers()) - 1;
    return first == last ? "lane " + first : "lanes %d to %d".formatted(first, last);
  }

  private WorkerResult train(Iterator<NumberedBatch> images, AllReduce group) {
    int largest = round.plan().batches().largest();
    try (CompiledNetwork compiled =
        Engines.named(round.engine())
            .compile(
                network,
                CompileOptions.training(largest, context.cpus())
                    .withPrecision(round.config().precision()))) {
      ParameterUpdate update = new ParameterUpdate(layout, rule, group.from(), group.to());
      float[] parameters = restore(update);
      MicroBatchReader reader = new MicroBatchReader(images, network.input());
      LaneTree tree = new LaneTree(0, layout.size());
      float[] sum = new float[layout.size()];
      Totals epoch = Totals.NONE;
      long trained = 0;
      long start = System.nanoTime();
      for (int step = 0; step < round.plan().steps(); step++) {
        trained += computeLanes(step, parameters, compiled, reader, tree);
        Totals totals = group.reduceScatter(step, tree.subtrees(), sum);
        update.prepare(parameters, sum, totals.examples());
        if (update.norms() != null) {
          Norms norms = update.norms();
          group.allGather(
              step, norms.squares(), norms.indexOf(group.from()), norms.indexOf(group.to()));
        }
        update.finish(parameters, sum, round.learningRate(step));
        checkFinite(step, parameters, group);
        group.allGather(step, parameters);
        tree.clear();
        epoch = epoch.plus(totals);
        report(step, epoch, System.nanoTime() - start);
        // All workers have the same totals, so that all stop here or none.
        if (round.isSpoilt(step, epoch.examples())) {
          return new WorkerResult(number, epoch, trained, reader.takeCorrupt(), true);
        }
      }
      save(group, update, parameters);
      return new WorkerResult(number, epoch, trained, reader.takeCorrupt(), false);
    }
  }

  /**
   * Leaves the gradients of the lanes hosted here in the tree; returns how many images they had.
   */
  private long computeLanes(
      int step,
      float[] parameters,
      CompiledNetwork compiled,
      MicroBatchReader reader,
      LaneTree tree) {
    compiled.load(parameters);
    long trained = 0;
    int end = round.plan().firstLaneOf(number + 1, round.workers());
    for (int lane = round.plan().firstLaneOf(number, round.workers()); lane < end; lane++) {
      float[] gradient = tree.buffer();
      MicroBatch batch = reader.read(round.plan().batchOf(step, lane));
      if (batch.size() == 0) {
        // There are more lanes than images, or all of them are corrupt.
        Arrays.fill(gradient, 0);
        tree.add(lane, gradient, Totals.NONE);
      } else {
        batch.setKey(KeyedRandom.key(round.config().seed(), round.globalStep(step), lane));
        StepResult result = compiled.step(batch, gradient, GradientListener.NONE);
        checkFinite(step, result, compiled, batch);
        tree.add(lane, gradient, new Totals(result.lossSum(), result.examples(), result.correct()));
        trained += batch.size();
      }
    }
    return trained;
  }

  private void checkFinite(
      int step, StepResult result, CompiledNetwork compiled, MicroBatch batch) {
    if (!Double.isFinite(result.lossSum())) {
      String layer =
          compiled.firstNonFiniteLayer(batch).map(name -> ", first in layer " + name).orElse("");
      throw new ConvoyException(
          "epoch %d, step %d: the loss is %s at learning rate %s%s: try a lower one"
              .formatted(
                  round.epoch() + 1, step + 1, result.lossSum(), round.learningRate(step), layer));
    }
  }

  /** A loss can stay finite when weights do not: max(0, NaN) is 0 to some engines. */
  private void checkFinite(int step, float[] parameters, AllReduce group) {
    for (int i = group.from(); i < group.to(); i++) {
      if (!Float.isFinite(parameters[i])) {
        throw new ConvoyException(
            "epoch %d, step %d: a weight is %s at learning rate %s, in %s: try a lower one"
                .formatted(
                    round.epoch() + 1,
                    step + 1,
                    parameters[i],
                    round.learningRate(step),
                    tensorAt(i)));
      }
    }
  }

  private String tensorAt(int element) {
    return layout.slices().stream()
        .filter(slice -> slice.offset() <= element && element < slice.end())
        .map(ParameterSlice::name)
        .findFirst()
        .orElseThrow();
  }

  private void report(int step, Totals epoch, long nanos) {
    if (number == 0) {
      progress.add(
          new Progress(
              round.epoch() + 1,
              round.config().epochs(),
              step + 1,
              round.plan().steps(),
              epoch.meanLoss(),
              epoch.accuracy(),
              epoch.examples() / (nanos / 1e9)));
    }
  }

  private float[] restore(ParameterUpdate update) {
    if (round.stateBefore().isEmpty()) {
      return ParameterInitializer.initialize(layout, round.config().seed());
    }
    try (HadoopFiles files = HadoopFiles.of(configuration, round.stateBefore())) {
      TrainingState state =
          TrainingState.read(files, new Path(round.stateBefore()), layout, rule.stateVectors());
      for (int i = 0; i < rule.stateVectors(); i++) {
        System.arraycopy(
            state.optimizer()[i], update.from(), update.state()[i], 0, update.to() - update.from());
      }
      update.startAfter(round.globalStep(0));
      return state.parameters();
    }
  }

  private void save(AllReduce group, ParameterUpdate update, float[] parameters) {
    float[][] state = new float[rule.stateVectors()][layout.size()];
    for (int i = 0; i < state.length; i++) {
      System.arraycopy(update.state()[i], 0, state[i], update.from(), update.to() - update.from());
      group.allGather(round.plan().steps() + i, state[i]);
    }
    if (number == 0) {
      try (HadoopFiles files = HadoopFiles.of(configuration, round.stateAfter())) {
        new TrainingState(parameters, state).write(files, new Path(round.stateAfter()), layout);
      }
    }
  }
}
