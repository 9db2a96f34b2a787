package org.convoyml.benchmarks;

import java.util.concurrent.TimeUnit;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.engine.GradientListener;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.StepResult;
import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.train.ParameterInitializer;
import org.convoyml.nn.train.ParameterUpdate;
import org.convoyml.nn.train.Sgd;
import org.convoyml.nn.zoo.LeNet;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One training step of LeNet at batch 64 in images/s: load parameters, forward, loss, backward,
 * momentum update; beside the bare primitives it is made of.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class LeNetStep {
  private static final int BATCH = 64;

  /**
   * So small that thousands of steps on one micro-batch do not learn it by heart: its gradients
   * would become subnormal numbers, which no real training sees.
   */
  private static final float LEARNING_RATE = 1e-9f;

  @Param({"2"})
  private int threads;

  private CompiledNetwork network;
  private MicroBatch batch;
  private float[] parameters;
  private float[] gradient;
  private ParameterUpdate update;
  private LeNetPrimitives primitives;

  @Setup(Level.Trial)
  public void compile() {
    NetworkSpec spec = LeNet.network(Shape.of(1, 28, 28), 10);
    network = Engines.named("onednn").compile(spec, CompileOptions.training(BATCH, threads));
    parameters = ParameterInitializer.initialize(network.layout(), 1);
    gradient = new float[parameters.length];
    update = new ParameterUpdate(network.layout(), new Sgd(0.9f), 0, parameters.length);
    batch = new MicroBatch(spec.input(), BATCH);
    KeyedRandom random = KeyedRandom.of(1);
    for (int n = 0; n < BATCH; n++) {
      int offset = batch.add(random.nextInt(10));
      for (int i = 0; i < spec.input().elements(); i++) {
        batch.images()[offset + i] = (float) random.uniform(-1, 1);
      }
    }
    // Compiling set the number of threads of this thread; the primitives use the same.
    primitives = new LeNetPrimitives(BATCH);
  }

  @TearDown(Level.Trial)
  public void close() {
    network.close();
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public double step() {
    network.load(parameters);
    StepResult result = network.step(batch, gradient, GradientListener.NONE);
    update.apply(parameters, gradient, result.examples(), LEARNING_RATE);
    return result.lossSum();
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void barePrimitives() {
    primitives.run();
  }
}
