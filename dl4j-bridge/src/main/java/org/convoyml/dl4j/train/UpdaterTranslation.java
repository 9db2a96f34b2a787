package org.convoyml.dl4j.train;

import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.train.Adam;
import org.convoyml.nn.train.Optimizer;
import org.convoyml.nn.train.RmsProp;
import org.convoyml.nn.train.Sgd;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

/** Optimizers as Deeplearning4j's updaters, as far as it has them. */
public final class UpdaterTranslation {
  private UpdaterTranslation() {}

  /**
   * The updater that makes the same steps.
   *
   * @throws ConvoyException if Deeplearning4j has none; the message says what to take instead
   */
  public static IUpdater of(Optimizer optimizer, double learningRate) {
    if (optimizer instanceof Sgd sgd) {
      if (sgd.momentum() == 0) {
        return new org.nd4j.linalg.learning.config.Sgd(learningRate);
      }
      if (sgd.nesterov()) {
        return new Nesterovs(learningRate, sgd.momentum());
      }
      throw lacks(optimizer, "\"sgd(momentum=%s, nesterov)\"".formatted(sgd.momentum()));
    }
    if (optimizer instanceof Adam adam && !adam.decoupled()) {
      return new org.nd4j.linalg.learning.config.Adam(
          learningRate, adam.beta1(), adam.beta2(), adam.epsilon());
    }
    if (optimizer instanceof RmsProp rmsProp && rmsProp.momentum() == 0) {
      return new org.nd4j.linalg.learning.config.RmsProp(
          learningRate, rmsProp.alpha(), rmsProp.epsilon());
    }
    throw lacks(optimizer, "sgd with nesterov, adam, or rmsprop without momentum");
  }

  private static ConvoyException lacks(Optimizer optimizer, String instead) {
    return new ConvoyException(
        "Deeplearning4j has no optimizer %s: take --optimizer %s".formatted(optimizer, instead));
  }
}
