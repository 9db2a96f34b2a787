package org.convoyml.dl4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
  private static final int ROUNDS = 10;
  private static final int ATTEMPTS = 50;

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

  /** What the collector would find counts too: attempts in which it has run are left out. */
  @Test
  void stepsAndInferencesTakeNoMoreAndMore() {
    try (CompiledNetwork network = compile(POOL)) {
      use(network, ROUNDS);
      List<Long> growths = new ArrayList<>();
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        long collections = collections();
        long before = Malloc.bytesInUse();
        use(network, ROUNDS);
        long growth = Malloc.bytesInUse() - before;
        if (collections() == collections) {
          growths.add(growth);
        }
      }
      assertThat(growths).hasSizeGreaterThan(ATTEMPTS / 5);
      // A just-in-time compiler takes native memory too, and a collector gives it back late.
      Collections.sort(growths);
      assertThat(growths.get(growths.size() / 2)).isLessThan(IMAGES / 5);
    }
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }

  /** What is closed is kept, so that the collector cannot give back what closing did not. */
  @Test
  void closingGivesAllBack() throws InterruptedException {
    NetworkSpec lenet = Zoo.named("lenet").published();
    List<CompiledNetwork> closed = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      closed.add(useAndClose(lenet)); // loads what stays loaded
    }
    long before = Malloc.bytesInUse();
    for (int i = 0; i < 60; i++) {
      closed.add(useAndClose(lenet));
    }
    // Of these 60, parameters take 103 MB, and gradients as much.
    assertThat(Malloc.growthSince(before, 50_000_000)).isLessThan(50_000_000);
    assertThat(closed).hasSize(70);
  }

  private static CompiledNetwork useAndClose(NetworkSpec spec) {
    try (CompiledNetwork network = compile(spec)) {
      use(network, 1);
      return network;
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
