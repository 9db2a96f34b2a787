package org.convoyml.spark.train;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.BarrierTaskInfo;
import org.apache.spark.SparkEnv;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.spec.NetworkJson;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.train.ParameterInitializer;
import org.convoyml.nn.train.ParameterUpdate;
import org.convoyml.nn.train.UpdateRule;
import org.convoyml.spark.checkpoint.StateFiles;
import org.convoyml.spark.checkpoint.StatePart;
import org.convoyml.spark.collective.AllReduce;
import org.convoyml.spark.collective.InMemoryAllReduce;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.collective.Waiting;
import org.convoyml.spark.collective.WorkerLostException;
import org.convoyml.spark.collective.transport.MeetingPoint;
import org.convoyml.spark.collective.transport.Membership;
import org.convoyml.spark.collective.transport.TransportAllReduce;
import org.convoyml.spark.data.MicroBatchReader;
import org.convoyml.spark.data.NumberedBatch;
import org.convoyml.spark.model.HadoopFiles;
import org.convoyml.spark.train.Averaging.Sync;

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
      } catch (Throwable e) { // Spark's Scala throws checked exceptions that nothing declares
        group.abort(told(e));
        throw e;
      }
    }
  }

  /**
   * What the others hear. They must not take for a failure of this worker's own what only calls for
   * another attempt: any of them may be the first whom the driver hears.
   */
  private Throwable told(Throwable failure) {
    return PassingFailure.message(failure)
        .<Throwable>map(
            message ->
                new WorkerLostException("worker %d failed: %s".formatted(number, message), failure))
        .orElse(failure);
  }

  /** Workers in one executor meet in memory; others over Spark's network layer. */
  private AllReduce join() {
    Waiting waiting =
        new Waiting(Duration.ofSeconds(round.config().timeoutSeconds()), context::isInterrupted);
    long executors =
        Stream.of(context.getTaskInfos()).map(BarrierTaskInfo::address).distinct().count();
    if (executors == 1) {
      return InMemoryAllReduce.join(
          round.group(), number, round.workers(), layout.size(), this::neighbour, waiting);
    }
    return TransportAllReduce.joinFromExecutor(
        new Membership(round.group(), number, round.workers(), layout.size(), lanes()),
        MeetingPoint.named(round.meetingPoint()),
        waiting);
  }

  /** The lanes hosted here, for messages. */
  private String lanes() {
    return round.plan().lanesOf(number, round.workers());
  }

  /** A worker in this executor, for messages. */
  private String neighbour(int worker) {
    return "worker %d (executor %s at %s, %s)"
        .formatted(
            worker,
            SparkEnv.get().executorId(),
            context.getTaskInfos()[worker].address(),
            round.plan().lanesOf(worker, round.workers()));
  }

  private WorkerResult train(Iterator<NumberedBatch> images, AllReduce group) {
    int largest = round.plan().batches().largest();
    try (CompiledNetwork compiled =
        Engines.named(round.engine())
            .compile(
                network,
                CompileOptions.training(largest, context.cpus())
                    .withPrecision(round.config().precision()))) {
      MicroBatchReader reader = new MicroBatchReader(images, network.input());
      LaneSteps lanes =
          lanes(new LaneCompute(round, compiled, reader, context::killTaskIfInterrupted), group);
      Totals epoch = round.before();
      long start = System.nanoTime();
      for (int step = round.firstStep(); step < round.endStep(); step++) {
        Totals known = lanes.step(step);
        if (known != null) {
          epoch = epoch.plus(known);
          long seen = epoch.examples() - round.before().examples();
          report(step, epoch, seen / ((System.nanoTime() - start) / 1e9));
          // All workers have the same totals, so that all stop here or none.
          if (round.isSpoilt(step, epoch.examples())) {
            return result(epoch, reader, List.of(), true);
          }
        }
      }
      if (reader.nextBatch() >= 0) {
        throw new IllegalStateException(
            "micro-batch %d is left over".formatted(reader.nextBatch()));
      }
      return result(epoch, reader, save(group, lanes), false);
    }
  }

  private WorkerResult result(
      Totals epoch, MicroBatchReader reader, List<StatePart> parts, boolean stopped) {
    return new WorkerResult(
        number,
        epoch,
        reader.ledger(),
        reader.takeCorrupt(),
        parts.toArray(StatePart[]::new),
        stopped);
  }

  private LaneSteps lanes(LaneCompute compute, AllReduce group) {
    float[] parameters = restoreParameters();
    boolean whole = round.config().averaging().sync() == Sync.PARAMETERS;
    int from = whole ? 0 : group.from();
    int to = whole ? layout.size() : group.to();
    float[][] state = restoreState(from, to);
    return switch (round.config().averaging().sync()) {
      case GRADIENTS ->
          new GradientAveraging(round, number, compute, group, parameters, update(from, to, state));
      case PARAMETERS ->
          new ParameterAveraging(
              round, number, compute, group, layout, parameters, () -> update(from, to, state));
    };
  }

  private void report(int step, Totals epoch, double imagesPerSecond) {
    if (number == 0) {
      progress.add(
          new Progress(
              round.epoch() + 1,
              round.config().epochs(),
              step + 1,
              round.plan().steps(),
              epoch.meanLoss(),
              epoch.accuracy(),
              imagesPerSecond));
    }
  }

  private float[] restoreParameters() {
    if (round.stateBefore().isEmpty()) {
      return ParameterInitializer.initialize(layout, round.config().seed());
    }
    try (HadoopFiles files = HadoopFiles.of(configuration, round.stateBefore())) {
      return new StateFiles(files, new Path(round.stateBefore()))
          .readParameters(layout, round.partsBefore());
    }
  }

  /** The optimizer's state of a range, as the round before has left it; zeros at the beginning. */
  private float[][] restoreState(int from, int to) {
    float[][] state = new float[rule.stateVectors()][to - from];
    if (!round.stateBefore().isEmpty()) {
      try (HadoopFiles files = HadoopFiles.of(configuration, round.stateBefore())) {
        new StateFiles(files, new Path(round.stateBefore()))
            .readState(round.partsBefore(), state, from, to);
      }
    }
    return state;
  }

  private ParameterUpdate update(int from, int to, float[][] state) {
    ParameterUpdate update = new ParameterUpdate(layout, rule, from, to);
    for (int i = 0; i < state.length; i++) {
      System.arraycopy(state[i], 0, update.state()[i], 0, to - from);
    }
    update.startAfter(round.globalStep(round.firstStep()));
    return update;
  }

  /** Every worker writes what it owns of the optimizer's state, and the first one the rest. */
  private List<StatePart> save(AllReduce group, LaneSteps lanes) {
    float[][] state = lanes.ownedState();
    float[] parameters = lanes.parameters();
    float[] weights = rule.averages() ? average(group, state) : parameters;
    List<StatePart> parts = new ArrayList<>();
    try (HadoopFiles files = HadoopFiles.of(configuration, round.stateAfter())) {
      StateFiles out = new StateFiles(files, new Path(round.stateAfter()));
      if (state.length > 0 && group.from() < group.to()) {
        parts.add(out.writeSlice(state, group.from(), group.to()));
      }
      if (number == 0) {
        parts.add(out.writeWeights(layout, weights));
        if (rule.averages()) {
          parts.add(out.writeParameters(layout, parameters));
        }
      }
    }
    return parts;
  }

  /** The moving average, which is the last of the state vectors. */
  private float[] average(AllReduce group, float[][] state) {
    float[] average = new float[layout.size()];
    System.arraycopy(state[state.length - 1], 0, average, group.from(), group.to() - group.from());
    group.allGather(round.endStep() + 1L, average);
    return average;
  }
}
