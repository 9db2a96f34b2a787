package org.convoyml.nn.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.bytedeco.javacpp.Pointer;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.GradientListener;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.Outputs;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.train.ParameterInitializer;
import org.convoyml.nn.zoo.LeNet;
import org.junit.jupiter.api.Test;

/** What a compiled network does not do any more: allocate. */
class SteadyStateTest {
  private static final int ROUNDS = 300;
  private static final int SMALLEST_OBJECT = 16;
  private static final NetworkSpec LENET = LeNet.network(Shape.of(1, 28, 28), 10);

  @Test
  void stepsAndInferencesAllocateNeitherOnTheHeapNorNatively() {
    try (CompiledNetwork network =
        new OnednnEngine().compile(LENET, CompileOptions.training(4, 1))) {
      float[] parameters = ParameterInitializer.initialize(network.layout(), 1);
      float[] gradient = new float[parameters.length];
      Outputs outputs = new Outputs(LENET, 4);
      MicroBatch four = batch(4);
      MicroBatch three = batch(3);
      Runnable work =
          () -> {
            network.load(parameters);
            network.step(four, gradient, GradientListener.NONE);
            network.step(three, gradient, GradientListener.NONE);
            network.infer(four, outputs);
          };
      // Until every batch size is compiled, and the JVM has compiled what runs here.
      for (int i = 0; i < ROUNDS; i++) {
        work.run();
      }
      long objects = Pointer.totalCount();
      long bytes = Pointer.totalBytes();
      long least = Long.MAX_VALUE;
      // The least of several: a JIT compiler may still replace a method once, which costs the
      // thread some bytes.
      for (int attempt = 0; attempt < 5; attempt++) {
        long before = allocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
          work.run();
        }
        least = Math.min(least, allocatedBytes() - before);
      }
      // Measuring allocates a little itself, but less than one object a round.
      assertThat(least).as("bytes on the heap").isLessThan(ROUNDS * SMALLEST_OBJECT);
      assertThat(Pointer.totalCount()).isEqualTo(objects);
      assertThat(Pointer.totalBytes()).isEqualTo(bytes);
    }
  }

  @Test
  void closingReleasesAllNativeObjects() {
    long objects = count();
    for (int i = 0; i < 3; i++) {
      try (CompiledNetwork network =
          new OnednnEngine().compile(LENET, CompileOptions.training(4, 1))) {
        network.load(ParameterInitializer.initialize(network.layout(), 1));
        network.step(batch(2), new float[network.layout().size()], GradientListener.NONE);
      }
    }
    assertThat(count()).isEqualTo(objects);
  }

  /**
   * Native objects that Java owns, after those that only wait for the garbage collector are gone.
   */
  private static long count() {
    Pointer.deallocateReferences();
    return Pointer.totalCount();
  }

  private static MicroBatch batch(int examples) {
    MicroBatch batch = new MicroBatch(LENET.input(), examples);
    for (int n = 0; n < examples; n++) {
      batch.add(n);
    }
    return batch;
  }

  private static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
