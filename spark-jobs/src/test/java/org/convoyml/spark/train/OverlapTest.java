package org.convoyml.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engine;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.spec.NetworkJson;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.train.ParameterInitializer;
import org.convoyml.nn.train.ParameterUpdate;
import org.convoyml.spark.collective.AllReduce;
import org.convoyml.spark.collective.InMemoryAllReduce;
import org.convoyml.spark.collective.Reduction;
import org.convoyml.spark.collective.Subtree;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.collective.Waiting;
import org.convoyml.spark.data.LanePlan;
import org.convoyml.spark.data.MadeBatches;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Gradients leave while others are still computed. */
@Timeout(60)
class OverlapTest {
  private static final int LANES = 4;
  private static final int IMAGES = 8;
  private static final ParameterLayout LAYOUT = ParameterLayout.of(Trainings.LENET);

  /** What was said to be final, and how the sum of all lanes was then. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Part(int from, int to, float[] sum) {}

  /** A group of one member, which remembers what it was told before the sum was waited for. */
  private record Recording(AllReduce group, List<Part> parts, List<float[]> finished)
      implements AllReduce {
    @Override
    public int from() {
      return group.from();
    }

    @Override
    public int to() {
      return group.to();
    }

    @Override
    public Reduction beginReduce(long step, List<Subtree> mine, float[] sum) {
      Reduction reduction = group.beginReduce(step, mine, sum);
      return new Reduction() {
        @Override
        public void ready(int from, int to) {
          parts.add(new Part(from, to, mine.get(0).sum().clone()));
          reduction.ready(from, to);
        }

        @Override
        public Totals finish(List<Subtree> subtrees) {
          assertThat(subtrees).hasSize(1);
          finished.add(subtrees.get(0).sum().clone());
          return reduction.finish(subtrees);
        }
      };
    }

    @Override
    public void allGather(long step, float[] vector) {
      group.allGather(step, vector);
    }

    @Override
    public void allGather(long step, double[] numbers, int first, int end) {
      group.allGather(step, numbers, first, end);
    }

    @Override
    public void abort(Throwable reason) {
      group.abort(reason);
    }

    @Override
    public void close() {
      group.close();
    }
  }

  @Test
  void whatIsFinalLeavesWhileTheRestIsStillComputed() {
    Engine engine = Engines.best();
    assumeTrue(engine.name().equals("onednn"), "oneDNN cannot run here");
    RoundSpec round = round(engine);
    Recording group = new Recording(alone(), new ArrayList<>(), new ArrayList<>());
    try (group;
        CompiledNetwork compiled =
            engine.compile(Trainings.LENET, CompileOptions.training(IMAGES / LANES, 1))) {
      LaneCompute compute =
          new LaneCompute(
              round,
              compiled,
              MadeBatches.reader(Trainings.LENET.input(), LANES, IMAGES / LANES, 10),
              () -> {});
      float[] parameters = ParameterInitializer.initialize(LAYOUT, 1);
      ParameterUpdate update =
          new ParameterUpdate(LAYOUT, round.config().updateRule(), 0, LAYOUT.size());
      Totals totals = new GradientAveraging(round, 0, compute, group, parameters, update).step(0);
      assertThat(totals.examples()).isEqualTo(IMAGES);
    }

    List<Part> parts = group.parts();
    assertThat(parts.size()).as("two convolutions, two dense layers").isGreaterThanOrEqualTo(4);
    float[] end = group.finished().get(0);
    int behind = LAYOUT.size();
    for (Part part : parts) {
      assertThat(part.to()).as("goes on where the part before began").isEqualTo(behind);
      assertThat(Arrays.equals(part.sum(), part.from(), part.to(), end, part.from(), part.to()))
          .as("[%d, %d) is final", part.from(), part.to())
          .isTrue();
      behind = part.from();
    }
    assertThat(behind).as("everything was ready before the sum was waited for").isZero();
    Part first = parts.get(0);
    assertThat(Arrays.equals(first.sum(), 0, first.from(), end, 0, first.from()))
        .as("the rest was still to come")
        .isFalse();
  }

  private static AllReduce alone() {
    return InMemoryAllReduce.join(
        "overlap",
        0,
        1,
        LAYOUT.size(),
        member -> "worker " + member,
        new Waiting(Duration.ofSeconds(20), () -> false));
  }

  private static RoundSpec round(Engine engine) {
    return new RoundSpec(
        "",
        NetworkJson.write(Trainings.LENET),
        Trainings.config(Map.of("lanes", String.valueOf(LANES))),
        new LanePlan(IMAGES, LANES, IMAGES),
        1,
        0,
        0,
        1,
        Totals.NONE,
        engine.name(),
        1,
        "",
        List.of(),
        "overlap");
  }
}
