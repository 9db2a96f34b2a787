package org.convoyml.spark.train;

import java.util.Arrays;
import java.util.List;
import org.convoyml.nn.engine.GradientListener;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.train.ParameterUpdate;
import org.convoyml.spark.collective.AllReduce;
import org.convoyml.spark.collective.LaneTree;
import org.convoyml.spark.collective.Totals;

/**
 * Every lane is a replica with parameters, running statistics and optimizer state of its own, and
 * takes some steps by itself. Then all are averaged, weighted by the examples that each has trained
 * since the last time.
 */
final class ParameterAveraging implements LaneSteps {
  private final RoundSpec round;
  private final int firstLane;
  private final LaneCompute compute;
  private final AllReduce group;
  private final List<ParameterSlice> trained;
  private final Replica[] replicas;
  private final float[] gradient;
  private final LaneTree tree;
  private final float[] mean;

  /** One lane's model. */
  private static final class Replica {
    private final float[] parameters;
    private final ParameterUpdate update;
    private Totals trained = Totals.NONE;

    private Replica(float[] parameters, ParameterUpdate update) {
      this.parameters = parameters;
      this.update = update;
    }

    /** The parameters, then the optimizer's state vectors. */
    private float[] vector(int number) {
      return number == 0 ? parameters : update.state()[number - 1];
    }

    private int vectors() {
      return 1 + update.state().length;
    }
  }

  /** Makes the update of one lane, with the state that all lanes begin with. */
  @FunctionalInterface
  interface Updates {
    ParameterUpdate create();
  }

  /**
   * @param parameters the flat vector that all lanes begin with
   * @param updates of the whole flat vector
   */
  ParameterAveraging(
      RoundSpec round,
      int worker,
      LaneCompute compute,
      AllReduce group,
      ParameterLayout layout,
      float[] parameters,
      Updates updates) {
    this.round = round;
    this.firstLane = round.firstLaneOf(worker);
    this.compute = compute;
    this.trained = layout.slices().stream().filter(slice -> !slice.frozen()).toList();
    this.group = group;
    this.replicas = new Replica[round.firstLaneOf(worker + 1) - firstLane];
    Arrays.setAll(replicas, lane -> new Replica(parameters.clone(), updates.create()));
    this.gradient = new float[parameters.length];
    this.tree = new LaneTree(0, parameters.length);
    this.mean = new float[parameters.length];
  }

  @Override
  public Totals step(int step) {
    for (int i = 0; i < replicas.length; i++) {
      Replica replica = replicas[i];
      compute.load(replica.parameters);
      Totals totals = compute.compute(step, firstLane + i, gradient, GradientListener.NONE);
      replica.update.apply(
          replica.parameters, gradient, totals.examples(), round.learningRate(step));
      replica.trained = replica.trained.plus(totals);
    }
    return round.config().averaging().isDue(step, round.plan().steps()) ? average(step) : null;
  }

  private Totals average(int step) {
    Totals totals = null;
    for (int vector = 0; vector < replicas[0].vectors(); vector++) {
      totals = average(step, vector);
    }
    for (Replica replica : replicas) {
      replica.trained = Totals.NONE;
    }
    return totals;
  }

  /** Averages one vector of all replicas of all workers. */
  private Totals average(int step, int vector) {
    for (int i = 0; i < replicas.length; i++) {
      float[] weighted = tree.buffer();
      float[] values = replicas[i].vector(vector);
      float examples = replicas[i].trained.examples();
      for (int j = 0; j < weighted.length; j++) {
        weighted[j] = examples * values[j];
      }
      tree.add(firstLane + i, weighted, replicas[i].trained);
    }
    Totals totals = group.reduceScatter(step + 1L, tree.subtrees(), mean);
    float examples = totals.examples();
    for (int j = group.from(); j < group.to(); j++) {
      mean[j] /= examples;
    }
    // Without examples nobody has changed anything, and there is no mean.
    if (totals.examples() > 0) {
      compute.checkFinite(
          step, vector == 0 ? "a weight" : "the optimizer's state", mean, group.from(), group.to());
    }
    group.allGather(step + 1L, mean);
    tree.clear();
    if (totals.examples() > 0) {
      for (Replica replica : replicas) {
        take(replica.vector(vector));
      }
    }
    return totals;
  }

  /**
   * What is frozen stays as it is, to the bit: a weighted mean of equal values need not be equal.
   */
  private void take(float[] values) {
    for (ParameterSlice slice : trained) {
      System.arraycopy(mean, slice.offset(), values, slice.offset(), slice.end() - slice.offset());
    }
  }

  @Override
  public float[] parameters() {
    return replicas[0].parameters;
  }

  @Override
  public float[][] ownedState() {
    float[][] state = replicas[0].update.state();
    float[][] owned = new float[state.length][];
    Arrays.setAll(owned, i -> Arrays.copyOfRange(state[i], group.from(), group.to()));
    return owned;
  }
}
