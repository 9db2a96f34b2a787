package org.convoyml.benchmarks;

import java.io.IOException;
import org.bytedeco.dnnl.memory;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompileOptions.Precision;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.zoo.Zoo;

/** The bare primitives of the network. */
public final class BoundContestant {
  private static final int RUNS = 3;

  private BoundContestant() {}

  public static void main(String[] words) throws IOException {
    Contest contest = Contest.of(words);
    setThreads(contest.threads());
    memory.data_type type =
        contest.precision() == Precision.BF16 ? memory.data_type.bf16 : memory.data_type.f32;
    BarePrimitives primitives =
        new BarePrimitives(contest.spec(), contest.batch(), type, contest.training());
    primitives.runAll();
    Contestant.serveTimes(() -> primitives.milliseconds(RUNS));
  }

  /** Compiling a network sets the number of OpenMP threads of the calling thread. */
  private static void setThreads(int threads) {
    Engines.named("onednn")
        .compile(Zoo.named("lenet").published(), CompileOptions.inference(1, threads))
        .close();
  }
}
