package org.convoyml.dl4j.exchange;

import java.util.Optional;
import org.convoyml.nn.train.Adam;
import org.convoyml.nn.train.Optimizer;
import org.convoyml.nn.train.RmsProp;
import org.convoyml.nn.train.Sgd;

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
}
