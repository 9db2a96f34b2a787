package org.convoyml.nn.engine;

import static org.convoyml.nn.engine.EngineCases.anyBatch;
import static org.convoyml.nn.engine.EngineCases.network;
import static org.convoyml.nn.engine.EngineCases.onFeatures;
import static org.convoyml.nn.engine.EngineCases.onMaps;

import java.util.ArrayList;
import java.util.List;
import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Elu;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.Gelu;
import org.convoyml.nn.spec.HardSwish;
import org.convoyml.nn.spec.LayerSpec;
import org.convoyml.nn.spec.LeakyRelu;
import org.convoyml.nn.spec.Linear;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Relu6;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Sigmoid;
import org.convoyml.nn.spec.Silu;
import org.convoyml.nn.spec.Softmax;
import org.convoyml.nn.spec.Tanh;

/** Every activation behind whatever it may be fused with. */
final class ActivationCases {
  static final List<LayerSpec> ALL =
      List.of(
          new Relu(),
          new Relu6(),
          new LeakyRelu(0.1f),
          new LeakyRelu(0),
          new Elu(1),
          new Elu(0.3f),
          new Sigmoid(),
          new Tanh(),
          new Gelu(),
          new Silu(),
          new HardSwish(),
          new Linear(),
          new Softmax());

  private ActivationCases() {}

  static List<EngineCase> all() {
    List<EngineCase> cases = new ArrayList<>();
    for (LayerSpec activation : ALL) {
      cases.add(onMaps(activation + " behind a convolution", 5, activation));
      cases.add(onFeatures(activation + " behind a dense layer", 17, activation));
      cases.add(
          anyBatch(
              activation + " behind a batch norm, a sum and a pool",
              network(Shape.of(2, 6, 5))
                  .add("conv", Conv2d.of(3, 3).withoutBias())
                  .add("norm", BatchNorm.standard())
                  .add("first", activation)
                  .add("sum", new Add(), "first", "conv")
                  .add("second", activation)
                  .add("pool", MaxPool2d.of(2))
                  .add("third", activation)
                  .add("flatten", new Flatten())
                  .add("last", Dense.of(3))
                  .classify("class")
                  .build()));
    }
    cases.add(
        anyBatch(
            "an activation read twice before a max pool",
            network(Shape.of(2, 6, 6))
                .add("conv", Conv2d.of(3, 3))
                .add("elu", new Elu(1))
                .add("pool", MaxPool2d.of(2))
                .add("shallow", Conv2d.of(3, 3), "elu")
                .add("sum", new Add(), "pool", "shallow")
                .add("flatten", new Flatten())
                .add("last", Dense.of(3))
                .classify("class")
                .build()));
    return cases;
  }
}
