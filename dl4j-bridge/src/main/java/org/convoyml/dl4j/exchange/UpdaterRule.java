package org.convoyml.dl4j.exchange;

import java.util.Optional;
import org.convoyml.nn.train.Adam;
import org.convoyml.nn.train.Optimizer;
import org.convoyml.nn.train.RmsProp;
import org.convoyml.nn.train.Sgd;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * An updater of Deeplearning4j's in Convoy's words.
 *
 * @param optimizer that takes the same steps, but for where ε stands
 * @param learningRate that stays the same
 * @param factor of the state: Nesterov's velocity has the learning rate and the sign of a step in
 *     Deeplearning4j, those of a gradient in Convoy
 */
record UpdaterRule(Optimizer optimizer, float learningRate, float factor) {

  /** What an updater is, if Convoy has it. */
  static Optional<UpdaterRule> read(JsonPlace updater) {
    boolean scheduled =
        updater.fields().stream()
            .anyMatch(field -> field.endsWith("Schedule") && updater.get(field).isPresent());
    if (scheduled || !(updater.get("learningRate").number(0) > 0)) {
      return Optional.empty();
    }
    float rate = (float) updater.get("learningRate").number();
    try {
      return switch (updater.type()) {
        case "Sgd" -> Optional.of(new UpdaterRule(new Sgd(0), rate, 1));
        case "Nesterovs" -> {
          float momentum = (float) updater.get("momentum").number();
          yield momentum == 0
              ? Optional.empty()
              : Optional.of(new UpdaterRule(new Sgd(momentum, true), rate, -1 / rate));
        }
        case "Adam" ->
            Optional.of(
                new UpdaterRule(
                    new Adam(
                        (float) updater.get("beta1").number(),
                        (float) updater.get("beta2").number(),
                        (float) updater.get("epsilon").number(),
                        false),
                    rate,
                    1));
        case "RmsProp" ->
            Optional.of(
                new UpdaterRule(
                    new RmsProp(
                        (float) updater.get("rmsDecay").number(),
                        (float) updater.get("epsilon").number(),
                        0),
                    rate,
                    1));
        default -> Optional.empty();
      };
    } catch (IllegalArgumentException e) {
      throw LayerImport.wrong(updater, e);
    }
  }

  /** The updater that an optimizer is, if Deeplearning4j has it. */
  static Optional<IUpdater> updater(Optimizer optimizer, float rate) {
    if (optimizer instanceof Sgd sgd) {
      if (sgd.momentum() == 0) {
        return Optional.of(new org.nd4j.linalg.learning.config.Sgd(rate));
      }
      return sgd.nesterov() ? Optional.of(new Nesterovs(rate, sgd.momentum())) : Optional.empty();
    }
    if (optimizer instanceof Adam adam && !adam.decoupled()) {
      return Optional.of(
          new org.nd4j.linalg.learning.config.Adam(
              rate, adam.beta1(), adam.beta2(), adam.epsilon()));
    }
    if (optimizer instanceof RmsProp rmsProp && rmsProp.momentum() == 0) {
      return Optional.of(
          new org.nd4j.linalg.learning.config.RmsProp(rate, rmsProp.alpha(), rmsProp.epsilon()));
    }
    return Optional.empty();
  }
}
