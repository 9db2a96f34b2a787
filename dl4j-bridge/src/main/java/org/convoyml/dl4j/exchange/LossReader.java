package org.convoyml.dl4j.exchange;

import java.util.ArrayList;
import java.util.List;
import org.convoyml.nn.spec.Loss;
import org.convoyml.nn.spec.MeanSquaredError;
import org.convoyml.nn.spec.SigmoidCrossEntropy;
import org.convoyml.nn.spec.SoftmaxCrossEntropy;

/** What an output layer is trained for, and which of its activation is part of that. */
final class LossReader {
  private LossReader() {}

  /**
   * A loss.
   *
   * @param takesLogits whether the layer's activation belongs to it
   */
  record Found(Loss loss, boolean takesLogits) {}

  /** Reads the loss of an output layer. */
  static Found read(JsonPlace layer) {
    JsonPlace loss = layer.get("lossFn");
    String activation = layer.get("activationFn").type();
    switch (loss.type()) {
      case "LossMCXENT", "LossNegativeLogLikelihood" -> {
        if (!activation.equals("ActivationSoftmax")) {
          throw layer.get("activationFn").wrong("softmax, for the layer's cross-entropy");
        }
        return new Found(new SoftmaxCrossEntropy(0, weights(loss)), true);
      }
      case "LossBinaryXENT" -> {
        if (!activation.equals("ActivationSigmoid") || !areShares(weights(loss))) {
          throw layer.wrong(
              "sigmoid and no weights but equal shares, for the layer's binary cross-entropy");
        }
        return new Found(new SigmoidCrossEntropy(), true);
      }
      case "LossMSE" -> {
        if (!weights(loss).isEmpty()) {
          throw loss.get("weights").wrong("no weights of a mean squared error");
        }
        return new Found(new MeanSquaredError(), false);
      }
      default -> throw loss.wrong("a loss");
    }
  }

  /** None, or 1/K each, which make a mean of the sum over outputs. */
  private static boolean areShares(List<Float> weights) {
    float share = 1f / weights.size();
    return weights.stream().allMatch(weight -> Math.abs(weight - share) <= 1e-6f * share);
  }

  private static List<Float> weights(JsonPlace loss) {
    List<Float> weights = new ArrayList<>();
    JsonPlace array = loss.get("weights");
    if (array.isPresent()) {
      if (array.get("data").elements().isEmpty()) {
        throw array.wrong("weights of classes, with data");
      }
      array.get("data").elements().forEach(weight -> weights.add((float) weight.number()));
    }
    return weights;
  }
}
