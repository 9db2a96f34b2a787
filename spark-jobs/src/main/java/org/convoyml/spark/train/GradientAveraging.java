package org.convoyml.spark.train;

import org.convoyml.nn.engine.GradientListener;
import org.convoyml.nn.train.Norms;
import org.convoyml.nn.train.ParameterUpdate;
import org.convoyml.spark.collective.AllReduce;
import org.convoyml.spark.collective.LaneTree;
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
    for (int lane = firstLane; lane < endLane; lane++) {
      float[] gradient = tree.buffer();
      tree.add(lane, gradient, compute.compute(step, lane, gradient, GradientListener.NONE));
    }
    Totals totals = group.reduceScatter(step + 1L, tree.subtrees(), sum);
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

  @Override
  public float[] parameters() {
    return parameters;
  }

  @Override
  public float[][] ownedState() {
    return update.state();
  }
}
