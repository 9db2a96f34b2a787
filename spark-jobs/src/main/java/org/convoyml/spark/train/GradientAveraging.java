package org.convoyml.spark.train;

import org.convoyml.nn.engine.GradientListener;
import org.convoyml.nn.train.Norms;
import org.convoyml.nn.train.ParameterUpdate;
import org.convoyml.spark.collective.AllReduce;
import org.convoyml.spark.collective.LaneTree;
import org.convoyml.spark.collective.Reduction;
import org.convoyml.spark.collective.Totals;

/**
 * All lanes have the same parameters. In every step the workers add their lanes' gradients, each
 * updates the range that it owns, and all share what they have updated.
 */
final class GradientAveraging implements LaneSteps {
  private final RoundSpec round;
  private final int firstLane;
  private final int endLane;
  private final LaneCompute compute;
  private final AllReduce group;
  private final float[] parameters;
  private final ParameterUpdate update;
  private final LaneTree tree;
  private final float[] sum;

  /**
   * @param parameters the flat vector; belongs to this from now on
   * @param update of the range that the group's member owns
   */
  GradientAveraging(
      RoundSpec round,
      int worker,
      LaneCompute compute,
      AllReduce group,
      float[] parameters,
      ParameterUpdate update) {
    this.round = round;
    this.firstLane = round.firstLaneOf(worker);
    this.endLane = round.firstLaneOf(worker + 1);
    this.compute = compute;
    this.group = group;
    this.parameters = parameters;
    this.update = update;
    this.tree = new LaneTree(0, parameters.length);
    this.sum = new float[parameters.length];
  }

  @Override
  public Totals step(int step) {
    compute.load(parameters);
    int lastLane = endLane - 1;
    for (int lane = firstLane; lane < lastLane; lane++) {
      float[] gradient = tree.buffer();
      tree.add(lane, gradient, compute.compute(step, lane, gradient, GradientListener.NONE));
    }
    Totals totals = reduceWithLast(step, lastLane);
    update.prepare(parameters, sum, totals.examples());
    Norms norms = update.norms();
    if (norms != null) {
      group.allGather(
          step + 1L, norms.squares(), norms.indexOf(group.from()), norms.indexOf(group.to()));
    }
    update.finish(parameters, sum, round.learningRate(step));
    compute.checkFinite(step, "a weight", parameters, group.from(), group.to());
    group.allGather(step + 1L, parameters);
    tree.clear();
    return totals;
  }

  /** Computes the last lane, which completes sums that leave while the rest is still computed. */
  private Totals reduceWithLast(int step, int lane) {
    float[] gradient = tree.buffer();
    tree.begin(lane, gradient);
    Reduction reduction = group.beginReduce(step + 1L, tree.subtrees(), sum);
    GradientListener ready =
        (from, to) -> {
          tree.ready(from, to);
          reduction.ready(from, to);
        };
    tree.end(compute.compute(step, lane, gradient, ready));
    return reduction.finish(tree.subtrees());
  }

  @Override
  public float[] parameters() {
    return parameters;
  }

  @Override
  public float[][] ownedState() {
    return update.state();
  }
}
