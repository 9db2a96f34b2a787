package org.convoyml.benchmarks;

import java.util.concurrent.TimeUnit;
import org.convoyml.nn.engine.CompileOptions.Precision;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Milliseconds of one whole training step, beside the bare primitives that it is made of. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class EngineStep {
  @Param({"lenet"})
  private String network;

  @Param({"F32"})
  private Precision precision;

  @Param({"2"})
  private int threads;

  private Contestant.Step step;
  private Bound bound;

  @Setup(Level.Trial)
  public void compile() {
    Contest contest = new Contest(network, Contest.batchOf(network), threads, precision, true);
    step = ConvoyContestant.step(contest);
    bound = new Bound(contest);
  }

  @Benchmark
  public void step() {
    step.run();
  }

  @Benchmark
  public void barePrimitives() {
    bound.runAll();
  }
}
