package org.convoyml.nn.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.bytedeco.javacpp.Pointer;
import org.convoyml.nn.Malloc;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompileOptions.Precision;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.GradientListener;
import org.convoyml.nn.engine.MemoryPlan;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.Outputs;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.train.ParameterInitializer;
import org.convoyml.nn.zoo.Zoo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a compiled network does not do any more: allocate. */
class SteadyStateTest {
  private static final int ROUNDS = 100;
  private static final int SMALLEST_OBJECT = 16;

  /** Convolutions, batch norms, sums, shortcuts; concatenation and dropout. */
  @ParameterizedTest
  @CsvSource({
    "lenet, 1, 28, F32",
    "resnet20, 3, 8, F32",
    "resnet20, 3, 8, BF16",
    "squeezenet1_1, 3, 32, F32",
  })
  void stepsAndInferencesAllocateNeitherOnTheHeapNorNatively(
      String name, int channels, int side, Precision precision) {
    NetworkSpec spec = Zoo.build(name, Shape.of(channels, side, side), 10);
    try (CompiledNetwork network =
        new OnednnEngine().compile(spec, CompileOptions.training(4, 1).withPrecision(precision))) {
      float[] parameters = ParameterInitializer.initialize(network.layout(), 1);
      float[] gradient = new float[parameters.length];
      Outputs outputs = new Outputs(spec, 4);
      MicroBatch four = batch(spec, 4);
      MicroBatch three = batch(spec, 3);
      Runnable work =
          () -> {
            network.load(parameters);
            network.step(four, gradient, GradientListener.NONE);
            network.step(three, gradient, GradientListener.NONE);
            network.infer(four, outputs);
          };
      // Until every batch size is compiled, and the JVM has compiled what runs here.
      for (int i = 0; i < 3 * ROUNDS; i++) {
        work.run();
      }
      long objects = Pointer.totalCount();
      long least = Long.MAX_VALUE;
      long leastNative = Long.MAX_VALUE;
      // The least of several: a JIT compiler may still replace a method once, which costs the
      // thread some bytes, and its own memory is native.
      for (int attempt = 0; attempt < 5; attempt++) {
        long beforeNative = Malloc.bytesInUse();
        long before = allocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
          work.run();
        }
        least = Math.min(least, allocatedBytes() - before);
        leastNative = Math.min(leastNative, Malloc.bytesInUse() - beforeNative);
      }
      // Measuring allocates a little itself, but less than one object a round.
      assertThat(least).as("bytes on the heap").isLessThan(ROUNDS * SMALLEST_OBJECT);
      assertThat(leastNative).as("native bytes").isLessThan(ROUNDS * SMALLEST_OBJECT);
      assertThat(Pointer.totalCount()).isEqualTo(objects);
    }
  }

  @Test
  void closingReleasesAllNativeObjectsAndMemory() throws InterruptedException {
    NetworkSpec spec = Zoo.named("lenet").published();
    compileAndRun(spec); // loads what stays loaded
    long objects = count();
    long bytes = Malloc.bytesInUse();
    for (int i = 0; i < 20; i++) {
      compileAndRun(spec);
    }
    assertThat(count()).isEqualTo(objects);
    // Twenty of these networks take more than 120 MB.
    assertThat(Malloc.growthSince(bytes, 30_000_000)).isLessThan(30_000_000);
  }

  private static void compileAndRun(NetworkSpec spec) {
    try (CompiledNetwork network =
        new OnednnEngine().compile(spec, CompileOptions.training(4, 1))) {
      network.load(ParameterInitializer.initialize(network.layout(), 1));
      network.step(batch(spec, 2), new float[network.layout().size()], GradientListener.NONE);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "resnet50, 16, F32",
    "resnet50, 16, BF16",
    "vgg16, 8, F32",
    "resnet20, 128, F32",
    "inception_v3, 8, F32",
    "mobilenet_v2, 16, F32"
  })
  void thePlanIsHardlyLargerThanWhatLivesAtOnce(String name, int batch, Precision precision) {
    // Memory that is planned but not used costs nothing, so the large networks can be compiled too.
    try (CompiledNetwork network =
        new OnednnEngine()
            .compile(
                Zoo.named(name).published(),
                CompileOptions.training(batch, 1).withPrecision(precision))) {
      MemoryPlan plan = network.memoryPlan();
      assertThat(plan.activations()).isGreaterThanOrEqualTo(plan.peakLive());
      assertThat((double) plan.activations() / plan.peakLive()).isLessThanOrEqualTo(1.15);
    }
  }

  /**
   * Native objects that Java owns, after those that only wait for the garbage collector are gone.
   */
  private static long count() {
    Pointer.deallocateReferences();
    return Pointer.totalCount();
  }

  private static MicroBatch batch(NetworkSpec spec, int examples) {
    MicroBatch batch = new MicroBatch(spec.input(), examples);
    for (int n = 0; n < examples; n++) {
      batch.add(n);
    }
    return batch;
  }

  private static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
