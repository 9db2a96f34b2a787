package org.convoyml.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;
import org.convoyml.nn.engine.CompileOptions.Precision;

/** What an engine on oneDNN can approach: the sum of the times of a network's bare primitives. */
final class Bound {
  private final stream stream;
  private final List<BarePrimitive> primitives;

  Bound(Contest contest) {
    ConvoyContestant.loadEngine(contest.threads());
    engine cpu = new engine(engine.kind.cpu, 0);
    this.stream = new stream(cpu);
    memory.data_type type =
        contest.precision() == Precision.BF16 ? memory.data_type.bf16 : memory.data_type.f32;
    this.primitives =
        BarePrimitives.of(contest.spec(), contest.batch(), type, contest.training(), cpu);
  }

  List<BarePrimitive> primitives() {
    return primitives;
  }

  /**
   * Times of each primitive in milliseconds: one after another, each by itself many times.
   *
   * @param seconds for all of them, or as long as two runs of each take
   * @param summary which one number stands for the times of one primitive, the shortest first
   */
  double[] milliseconds(double seconds, ToDoubleFunction<double[]> summary) {
    return primitives.stream()
        .mapToDouble(
            primitive -> {
              primitive.run(stream);
              return summary.applyAsDouble(
                  Stopwatch.milliseconds(() -> primitive.run(stream), seconds / primitives.size()));
            })
        .toArray();
  }

  /** Runs each once. */
  void runAll() {
    for (BarePrimitive primitive : primitives) {
      primitive.run(stream);
    }
  }
}
