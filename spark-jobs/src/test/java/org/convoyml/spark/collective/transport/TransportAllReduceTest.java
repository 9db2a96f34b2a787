package org.convoyml.spark.collective.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.convoyml.spark.collective.AllReduce;
import org.convoyml.spark.collective.Blocks;
import org.convoyml.spark.collective.InMemoryAllReduce;
import org.convoyml.spark.collective.LaneTree;
import org.convoyml.spark.collective.Reduction;
import org.convoyml.spark.collective.Subtree;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.collective.Waiting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that talk over real connections must find what members in one memory find. */
@Timeout(60)
class TransportAllReduceTest {
  private static final int LANES = 8;
  private static final Map<String, String> ENCRYPTED =
      Map.of(
          "spark.network.crypto.enabled", "true",
          "spark.network.crypto.saslFallback", "false");

  private final List<Loopback> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(Loopback::close);
  }

  private Loopback loopback(Loopback loopback) {
    opened.add(loopback);
    return loopback;
  }

  /** One element; fewer blocks than members; a last block of one; several chunks of each slice. */
  @ParameterizedTest
  @ValueSource(
      ints = {1, 702, Blocks.SIZE, 3 * Blocks.SIZE + 1, 8 * Blocks.SIZE - 1, 21 * Blocks.SIZE + 13})
  void anyNumberOfMembersGetsTheBitsOfOneMemory(int length) throws Exception {
    float[] expected = inMemory(length);
    Loopback loopback = loopback(new Loopback());
    for (int members : new int[] {1, 2, 3, 5, 8}) {
      List<float[]> found =
          loopback.play(
              loopback.transports(members), length, 20_000, TransportAllReduceTest::threeSteps);
      assertThat(found)
          .as("%d members", members)
          .hasSize(members)
          .allSatisfy(vector -> assertThat(vector).isEqualTo(expected));
    }
  }

  /** In ranges that have nothing to do with chunks. */
  @ParameterizedTest
  @ValueSource(ints = {1, 702, 3 * Blocks.SIZE + 1, 21 * Blocks.SIZE + 13})
  void whatIsSentWhileItIsComputedGivesTheSameBits(int length) throws Exception {
    float[] expected = inMemory(length);
    Loopback loopback = loopback(new Loopback());
    for (String[] executors :
        new String[][] {{"a"}, {"a", "b"}, {"a", "b", "c"}, {"a", "b", "b", "a", "c"}}) {
      for (int range : new int[] {5_003, 50_021}) {
        List<float[]> found =
            loopback.play(
                loopback.transports(executors),
                length,
                20_000,
                (all, member, members) -> overlappedSteps(all, member, members, range));
        assertThat(found)
            .as("%d members, ranges of %d", executors.length, range)
            .hasSize(executors.length)
            .allSatisfy(vector -> assertThat(vector).isEqualTo(expected));
      }
    }
  }

  /** The owner has its sum before the other has finished. */
  @Test
  void whatIsReadyIsAddedWhileTheOtherStillComputes() throws Exception {
    int length = 2 * Blocks.SIZE;
    CountDownLatch summed = new CountDownLatch(1);
    Loopback loopback = loopback(new Loopback());
    List<Totals> totals =
        loopback.play(
            loopback.transports(2),
            length,
            1_000,
            (AllReduce all, int member, int members) -> {
              float[] gradient = new float[length];
              Arrays.fill(gradient, member + 1);
              List<Subtree> mine = List.of(new Subtree(member, 1, gradient, new Totals(0, 1, 0)));
              float[] sum = new float[length];
              Reduction reduction = all.beginReduce(0, mine, sum);
              reduction.ready(0, length);
              while (member == 0 ? sum[0] != 3 : summed.getCount() > 0) {
                reduction.ready(0, 0); // nothing more is ready, but something may have come
              }
              summed.countDown();
              return reduction.finish(mine);
            });
    assertThat(totals).containsOnly(new Totals(0, 2, 0));
  }

  @Test
  void rangesThatLeaveAGapAreRefused() throws Exception {
    Loopback loopback = loopback(new Loopback());
    loopback.play(
        loopback.transports(1),
        100,
        50,
        (AllReduce all, int member, int members) -> {
          List<Subtree> mine = List.of(new Subtree(0, 1, new float[100], Totals.NONE));
          Reduction reduction = all.beginReduce(0, mine, new float[100]);
          reduction.ready(60, 100);
          assertThatThrownBy(() -> reduction.ready(0, 50))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessage("expected elements up to 60, got [0, 50)");
          return reduction.finish(mine);
        });
  }

  @Test
  void membersBesideEachOtherAndFarAwayMix() throws Exception {
    int length = 9 * Blocks.SIZE + 5;
    float[] expected = inMemory(length);
    Loopback loopback = loopback(new Loopback());
    for (String[] executors :
        new String[][] {
          {"a", "a", "b"}, {"a", "b", "a"}, {"a", "b", "b", "a", "c"}, {"a", "a", "a", "a"}
        }) {
      List<float[]> found =
          loopback.play(
              loopback.transports(executors), length, 20_000, TransportAllReduceTest::threeSteps);
      assertThat(found).allSatisfy(vector -> assertThat(vector).isEqualTo(expected));
    }
  }

  @Test
  void theBitsAreTheSameWithSaslAndWithEncryption() throws Exception {
    int length = 5 * Blocks.SIZE + 3;
    float[] expected = inMemory(length);
    for (Map<String, String> settings :
        List.of(
            Map.<String, String>of(),
            Map.of("spark.authenticate.enableSaslEncryption", "true"),
            ENCRYPTED)) {
      Loopback loopback = loopback(new Loopback(settings, "a secret of some length"));
      List<float[]> found =
          loopback.play(loopback.transports(3), length, 20_000, TransportAllReduceTest::threeSteps);
      assertThat(found).allSatisfy(vector -> assertThat(vector).isEqualTo(expected));
    }
  }

  /** Few floats are messages. */
  @Test
  void manyFloatsAreUploads() throws Exception {
    int length = 60 * Blocks.SIZE + 3;
    float[] expected = inMemory(length);
    for (Loopback loopback :
        List.of(
            loopback(new Loopback()),
            loopback(new Loopback(ENCRYPTED, "a secret of some length")))) {
      List<float[]> found =
          loopback.play(
              loopback.transports(2), length, 300_000, TransportAllReduceTest::threeSteps);
      assertThat(found).allSatisfy(vector -> assertThat(vector).isEqualTo(expected));
    }
  }

  @Test
  void twoGroupsAtOnceDoNotMix() throws Exception {
    int length = 4 * Blocks.SIZE;
    Loopback loopback = loopback(new Loopback());
    List<Transport> at = loopback.transports(3);
    List<Future<float[]>> all = new ArrayList<>();
    for (int group = 0; group < 2; group++) {
      int shift = group;
      all.addAll(
          loopback.start(
              "group " + group,
              at,
              length,
              20_000,
              new Waiting(Loopback.LONG, Loopback.NEVER),
              (AllReduce reduce, int member, int members) ->
                  steps(reduce, member, members, shift)));
    }
    float[] first = all.get(0).get();
    float[] second = all.get(3).get();
    assertThat(first).isEqualTo(inMemory(length)).isNotEqualTo(second);
    for (int i = 1; i < 3; i++) {
      assertThat(all.get(i).get()).isEqualTo(first);
      assertThat(all.get(3 + i).get()).isEqualTo(second);
    }
  }

  @Test
  void numbersOfAllMembersComeTogether() throws Exception {
    Loopback loopback = loopback(new Loopback());
    List<double[]> found =
        loopback.play(
            loopback.transports("a", "b", "b"),
            100,
            50,
            (AllReduce all, int member, int members) -> {
              double[] numbers = new double[10];
              int first = 10 * member / members;
              int end = 10 * (member + 1) / members;
              double[] sums = new double[3];
              for (int step = 0; step < 3; step++) {
                for (int i = first; i < end; i++) {
                  numbers[i] = (step + 1) * i / 3.0;
                }
                all.allGather(step, numbers, first, end);
                sums[step] = Arrays.stream(numbers).sum();
              }
              return sums;
            });
    assertThat(found)
        .hasSize(3)
        .allSatisfy(sums -> assertThat(sums).isEqualTo(found.get(0)))
        .allSatisfy(sums -> assertThat(sums[2]).isBetween(44.9, 45.1));
  }

  /** A slow member must not take the next vector of a fast one for this one. */
  @Test
  void gathersInARowDoNotMix() throws Exception {
    int length = 3 * Blocks.SIZE + 100;
    Loopback loopback = loopback(new Loopback());
    loopback.play(
        loopback.transports(4),
        length,
        5_000,
        (AllReduce all, int member, int members) -> {
          for (int round = 0; round < 100; round++) {
            float[] vector = new float[length];
            Arrays.fill(vector, all.from(), all.to(), round + 1);
            all.allGather(round, vector);
            for (float value : vector) {
              assertThat(value).isEqualTo(round + 1);
            }
            // The vector is free again: nobody may still be sending it.
            Arrays.fill(vector, -1);
          }
          return member;
        });
  }

  static float[] threeSteps(AllReduce group, int member, int members) {
    return steps(group, member, members, 0);
  }

  private static float[] overlappedSteps(AllReduce group, int member, int members, int range) {
    int length = lengthOf(group, member, members);
    float[] vector = new float[length];
    float[] sum = new float[length];
    LaneTree tree = new LaneTree(0, length);
    int last = (member + 1) * LANES / members - 1;
    for (int step = 0; step < 3; step++) {
      for (int lane = member * LANES / members; lane < last; lane++) {
        float[] gradient = tree.buffer();
        fill(gradient, lane + step);
        tree.add(lane, gradient, new Totals(0.1 * lane, 1, 0));
      }
      float[] whole = new float[length];
      fill(whole, last + step);
      float[] gradient = tree.buffer();
      Arrays.fill(gradient, Float.NaN);
      tree.begin(last, gradient);
      Reduction reduction = group.beginReduce(step, tree.subtrees(), sum);
      for (int end = length; end > 0; end -= range) {
        int first = Math.max(0, end - range);
        System.arraycopy(whole, first, gradient, first, end - first);
        tree.ready(first, end);
        reduction.ready(first, end);
      }
      tree.end(new Totals(0.1 * last, 1, 0));
      Totals totals = reduction.finish(tree.subtrees());
      assertThat(totals.examples()).isEqualTo(LANES);
      for (int i = group.from(); i < group.to(); i++) {
        vector[i] += sum[i] + (float) totals.lossSum();
      }
      group.allGather(step, vector);
      tree.clear();
    }
    return vector;
  }

  private static float[] steps(AllReduce group, int member, int members, int shift) {
    int length = lengthOf(group, member, members);
    float[] vector = new float[length];
    float[] sum = new float[length];
    LaneTree tree = new LaneTree(0, length);
    for (int step = 0; step < 3; step++) {
      for (int lane = member * LANES / members; lane < (member + 1) * LANES / members; lane++) {
        float[] gradient = tree.buffer();
        fill(gradient, lane + step + shift);
        tree.add(lane, gradient, new Totals(0.1 * lane, 1, 0));
      }
      Totals totals = group.reduceScatter(step, tree.subtrees(), sum);
      assertThat(totals.examples()).isEqualTo(LANES);
      for (int i = group.from(); i < group.to(); i++) {
        vector[i] += sum[i] + (float) totals.lossSum();
      }
      group.allGather(step, vector);
      tree.clear();
    }
    return vector;
  }

  /** The last member's end, which all are told. */
  private static int lengthOf(AllReduce group, int member, int members) {
    double[] length = new double[1];
    boolean isLast = member == members - 1;
    length[0] = group.to();
    group.allGather(-1, length, isLast ? 0 : 1, 1);
    return (int) length[0];
  }

  /** Of magnitudes so different that another order gives another sum. */
  private static void fill(float[] gradient, int lane) {
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] =
          (float) (((i * 31 + lane * 17) % 1013 - 506) * POWERS[(lane + i) % POWERS.length]);
    }
  }

  private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};

  private static float[] inMemory(int length) {
    try (AllReduce alone =
        InMemoryAllReduce.join(
            "alone",
            0,
            1,
            length,
            other -> "worker " + other,
            new Waiting(Loopback.LONG, Loopback.NEVER))) {
      return threeSteps(alone, 0, 1);
    }
  }
}
