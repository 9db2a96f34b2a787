package org.convoyml.nn.engine.reference;

import java.util.List;
import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.AveragePool2d;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.LayerSpec;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Tanh;

/** Binds a layer to its tensors. */
final class Operations {
  private Operations() {}

  /**
   * @param x the layer's inputs, in order
   * @param parameters the layer's tensors, in the order of {@link LayerSpec#parameters}
   * @param y the layer's output
   */
  static Operation bind(LayerSpec layer, List<Tensor> x, List<Tensor> parameters, Tensor y) {
    // Java 17 cannot switch over a sealed type; a test goes through every permitted layer instead.
    if (layer instanceof Conv2d spec) {
      return new Convolution(spec, x.get(0), parameters, y);
    }
    if (layer instanceof Dense) {
      return new FullyConnected(x.get(0), parameters, y);
    }
    if (layer instanceof BatchNorm spec) {
      return new BatchNormalization(spec, x.get(0), parameters, y);
    }
    if (layer instanceof MaxPool2d spec) {
      return new MaxPooling(spec, x.get(0), y);
    }
    if (layer instanceof AveragePool2d spec) {
      return new AveragePooling(spec, x.get(0), y);
    }
    if (layer instanceof Relu) {
      return new Rectifier(x.get(0), y);
    }
    if (layer instanceof Tanh) {
      return new HyperbolicTangent(x.get(0), y);
    }
    if (layer instanceof Flatten) {
      return new Flattening(x.get(0), y);
    }
    if (layer instanceof Add) {
      return new Addition(x, y);
    }
    throw new IllegalStateException("the reference engine does not know the layer " + layer);
  }
}
