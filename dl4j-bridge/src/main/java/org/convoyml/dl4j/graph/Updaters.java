package org.convoyml.dl4j.graph;

import java.util.Optional;
import org.convoyml.nn.train.Adam;
import org.convoyml.nn.train.Optimizer;
import org.convoyml.nn.train.RmsProp;
import org.convoyml.nn.train.Sgd;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

/** Optimizers as Deeplearning4j's updaters. */
public final class Updaters {
  private Updaters() {}

  /** The updater that makes the same steps, but for where ε stands, if Deeplearning4j has it. */
  public static Optional<IUpdater> of(Optimizer optimizer, double learningRate) {
    if (optimizer instanceof Sgd sgd) {
      if (sgd.momentum() == 0) {
        return Optional.of(new org.nd4j.linalg.learning.config.Sgd(learningRate));
      }
      return sgd.nesterov()
          ? Optional.of(new Nesterovs(learningRate, sgd.momentum()))
          : Optional.empty();
    }
    if (optimizer instanceof Adam adam && !adam.decoupled()) {
      return Optional.of(
          new org.nd4j.linalg.learning.config.Adam(
              learningRate, adam.beta1(), adam.beta2(), adam.epsilon()));
    }
    if (optimizer instanceof RmsProp rmsProp && rmsProp.momentum() == 0) {
      return Optional.of(
          new org.nd4j.linalg.learning.config.RmsProp(
              learningRate, rmsProp.alpha(), rmsProp.epsilon()));
    }
    return Optional.empty();
  }
}
