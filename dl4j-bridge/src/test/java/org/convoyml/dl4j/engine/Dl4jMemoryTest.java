package org.convoyml.dl4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.convoyml.nn.Malloc;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.GradientListener;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.Outputs;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.train.ParameterInitializer;
import org.convoyml.nn.zoo.Zoo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Native memory, which Deeplearning4j would leave to the garbage collector, is given back. */
@Timeout(120)
class Dl4jMemoryTest {
  private static final int EXAMPLES = 16;
  private static final int ROUNDS = 100;

  /** Large images, and little to compute. */
  private static final NetworkSpec POOL =
      NetworkSpec.builder("pool", Shape.of(3, 64, 64))
          .add("pool", MaxPool2d.of(8))
          .add("flatten", new Flatten())
          .add("dense", Dense.of(4))
          .classify("class")
          .build();

  /** Images of all micro-batches that steps and inferences give to Deeplearning4j. */
  private static final long IMAGES = 2L * ROUNDS * EXAMPLES * POOL.input().elements() * Float.BYTES;

  @Test
  void stepsAndInferencesTakeNoMoreAndMore() {
    try (CompiledNetwork network = compile(POOL)) {
      use(network, ROUNDS / 4);
      long before = Malloc.bytesInUse();
      use(network, ROUNDS);
      assertThat(Malloc.bytesInUse() - before).isLessThan(IMAGES / 5);
    }
  }

  @Test
  void closingGivesAllBack() {
    NetworkSpec lenet = Zoo.named("lenet").published();
    use(lenet); // loads what stays loaded
    use(lenet);
    long before = Malloc.bytesInUse();
    for (int i = 0; i < 20; i++) {
      use(lenet);
    }
    // Parameters and gradients of these alone take 69 MB.
    assertThat(Malloc.bytesInUse() - before).isLessThan(20_000_000);
  }

  private static void use(NetworkSpec spec) {
    try (CompiledNetwork network = compile(spec)) {
      use(network, 1);
    }
  }

  private static CompiledNetwork compile(NetworkSpec spec) {
    return new Dl4jEngine().compile(spec, CompileOptions.training(EXAMPLES, 1));
  }

  private static void use(CompiledNetwork network, int rounds) {
    NetworkSpec spec = network.network();
    float[] gradient = new float[network.layout().size()];
    MicroBatch batch = new MicroBatch(spec.input(), EXAMPLES);
    for (int n = 0; n < EXAMPLES; n++) {
      batch.add(n % spec.classes());
    }
    Outputs outputs = new Outputs(spec, EXAMPLES);
    float[] parameters = ParameterInitializer.initialize(network.layout(), 1);
    for (int i = 0; i < rounds; i++) {
      network.load(parameters);
      network.step(batch, gradient, GradientListener.NONE);
      network.infer(batch, outputs);
    }
  }
}
