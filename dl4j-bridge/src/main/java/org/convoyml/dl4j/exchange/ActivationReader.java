package org.convoyml.dl4j.exchange;

import java.util.Optional;
import org.convoyml.nn.spec.Elu;
import org.convoyml.nn.spec.LayerSpec;
import org.convoyml.nn.spec.LeakyRelu;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Relu6;
import org.convoyml.nn.spec.Sigmoid;
import org.convoyml.nn.spec.Silu;
import org.convoyml.nn.spec.Softmax;
import org.convoyml.nn.spec.Tanh;

/** Activation functions as layers. */
final class ActivationReader {
  private ActivationReader() {}

  /** The layer that computes it; none for the identity. */
  static Optional<LayerSpec> read(JsonPlace function) {
    return switch (function.type()) {
      case "ActivationIdentity" -> Optional.empty();
      case "ActivationReLU" -> Optional.of(relu(function));
      case "ActivationReLU6" -> Optional.of(new Relu6());
      case "ActivationLReLU" ->
          Optional.of(new LeakyRelu((float) function.get("alpha").number(0.01)));
      case "ActivationELU" -> Optional.of(new Elu((float) function.get("alpha").number(1)));
      case "ActivationSigmoid" -> Optional.of(new Sigmoid());
      case "ActivationSoftmax" -> Optional.of(new Softmax());
      case "ActivationSwish" -> Optional.of(new Silu());
      case "ActivationTanH" -> Optional.of(new Tanh());
      default -> throw function.wrong("an activation function");
    };
  }

  /** ReLU with a ceiling or a slope, which the class has since 1.0.0-beta4. */
  private static LayerSpec relu(JsonPlace function) {
    double ceiling = function.get("max").number(0);
    double slope = function.get("negativeSlope").number(0);
    if (function.get("threshold").number(0) == 0) {
      if (ceiling == 0) {
        return slope == 0 ? new Relu() : new LeakyRelu((float) slope);
      }
      if (ceiling == 6 && slope == 0) {
        return new Relu6();
      }
    }
    throw function.wrong("a ReLU without threshold, with a slope or a ceiling of 6 at most");
  }
}
