package org.convoyml.benchmarks.allreduce;

import java.util.function.IntFunction;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.engine.GradientListener;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.StepResult;
import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.train.ParameterInitializer;
import org.convoyml.nn.train.ParameterUpdate;
import org.convoyml.nn.train.Sgd;
import org.convoyml.nn.zoo.Zoo;
import org.convoyml.spark.collective.LaneTree;
import org.convoyml.spark.collective.Reduction;
import org.convoyml.spark.collective.Totals;

/** A training step as a worker does it, with one thread and its share of eight lanes. */
final class TrainingExchange implements Exchange {
  private static final int LANES = 8;

  /** As in {@code ConvoyContestant}: thousands of steps must not learn the images by heart. */
  private static final float LEARNING_RATE = 1e-9f;

  private final int member;
  private final int members;
  private final GroupMember group;
  private final CompiledNetwork network;
  private final float[] parameters;
  private final float[] sum;
  private final LaneTree tree;
  private final MicroBatch batch;
  private final ParameterUpdate update;
  private long step;

  /**
   * Compiles the network.
   *
   * @param members how many workers there are
   * @param batchSize images in a step of all workers
   */
  TrainingExchange(int member, int members, String name, int batchSize, IntFunction<int[]> meet) {
    this.member = member;
    this.members = members;
    NetworkSpec spec = Zoo.named(name).published();
    int size = batchSize / LANES;
    network = Engines.named("onednn").compile(spec, CompileOptions.training(size, 1));
    parameters = ParameterInitializer.initialize(network.layout(), 1);
    sum = new float[parameters.length];
    tree = new LaneTree(0, parameters.length);
    batch = images(spec, size);
    group = new GroupMember(member, members, parameters.length, false, meet);
    update =
        new ParameterUpdate(network.layout(), new Sgd(0.9f), group.all().from(), group.all().to());
  }

  private static MicroBatch images(NetworkSpec spec, int size) {
    MicroBatch batch = new MicroBatch(spec.input(), size);
    KeyedRandom random = KeyedRandom.of(1);
    for (int n = 0; n < size; n++) {
      int offset = batch.add(random.nextInt(10));
      for (int i = 0; i < spec.input().elements(); i++) {
        batch.images()[offset + i] = (float) random.uniform(-1, 1);
      }
    }
    return batch;
  }

  @Override
  public void run() {
    network.load(parameters);
    int lanes = LANES / members;
    int last = (member + 1) * lanes - 1;
    for (int lane = member * lanes; lane < last; lane++) {
      float[] gradient = tree.buffer();
      tree.add(lane, gradient, compute(gradient, GradientListener.NONE));
    }
    float[] gradient = tree.buffer();
    tree.begin(last, gradient);
    Reduction reduction = group.all().beginReduce(step, tree.subtrees(), sum);
    tree.end(
        compute(
            gradient,
            (from, to) -> {
              tree.ready(from, to);
              reduction.ready(from, to);
            }));
    Totals totals = reduction.finish(tree.subtrees());
    update.apply(parameters, sum, totals.examples(), LEARNING_RATE);
    group.all().allGather(step, parameters);
    tree.clear();
    step++;
  }

  private Totals compute(float[] gradient, GradientListener ready) {
    StepResult result = network.step(batch, gradient, ready);
    return new Totals(result.lossSum(), result.examples(), result.correct());
  }

  @Override
  public long waitingNanos() {
    return group.all().waitingTime().toNanos();
  }

  @Override
  public long communicationNanos() {
    return group.all().communicationTime().toNanos();
  }

  @Override
  public void close() {
    group.close();
    network.close();
  }
}
