package org.convoyml.spark.collective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.convoyml.nn.ConvoyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InMemoryAllReduceTest {
  private static final AtomicInteger GROUPS = new AtomicInteger();
  private static final Duration LONG = Duration.ofSeconds(50);
  private static final BooleanSupplier NEVER = () -> false;
  private static final int LANES = 8;

  /** Blocks enough for four members; the others of eight own nothing. */
  private static final int LENGTH = 3 * Blocks.SIZE + 100;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final String group = "test " + GROUPS.incrementAndGet();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void anyNumberOfMembersGetsTheSameBits() throws Exception {
    List<float[]> one = play(1, InMemoryAllReduceTest::threeSteps);
    for (int members : new int[] {2, 3, 4, 8}) {
      assertThat(play(members, InMemoryAllReduceTest::threeSteps))
          .hasSize(members)
          .allSatisfy(vector -> assertThat(vector).isEqualTo(one.get(0)));
    }
  }

  private static float[] threeSteps(AllReduce group, int member, int members) {
    float[] vector = new float[LENGTH];
    float[] sum = new float[LENGTH];
    LaneTree tree = new LaneTree(0, LENGTH);
    for (int step = 0; step < 3; step++) {
      for (int lane = member * LANES / members; lane < (member + 1) * LANES / members; lane++) {
        float[] gradient = tree.buffer();
        System.arraycopy(LaneTreeTest.gradient(lane + step, LENGTH), 0, gradient, 0, LENGTH);
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

  @Test
  void numbersOfAllMembersComeTogether() throws Exception {
    List<float[]> found =
        play(
            4,
            (AllReduce all, int member, int members) -> {
              double[] numbers = new double[10];
              int first = 10 * member / members;
              int end = 10 * (member + 1) / members;
              float[] sums = new float[3];
              for (int step = 0; step < 3; step++) {
                for (int i = first; i < end; i++) {
                  numbers[i] = (step + 1) * i;
                }
                all.allGather(step, numbers, first, end);
                for (double number : numbers) {
                  sums[step] += (float) number;
                }
              }
              return sums;
            });
    assertThat(found).hasSize(4).allSatisfy(sums -> assertThat(sums).containsExactly(45, 90, 135));
  }

  /** A slow member must not read the next vector of a fast one in the place of this one. */
  @Test
  void gathersInARowDoNotMix() throws Exception {
    play(
        8,
        (AllReduce all, int member, int members) -> {
          for (int round = 0; round < 200; round++) {
            float[] vector = new float[LENGTH];
            java.util.Arrays.fill(vector, all.from(), all.to(), round + 1);
            all.allGather(round, vector);
            for (int i = 0; i < LENGTH; i += 50) {
              assertThat(vector[i]).isEqualTo(round + 1);
            }
            // The vector is free again: nobody may still be reading it.
            java.util.Arrays.fill(vector, -1);
          }
          return member;
        });
  }

  @Test
  void theRangesOfAllMembersMakeUpTheVector() throws Exception {
    List<int[]> ranges =
        play(3, (AllReduce all, int member, int members) -> new int[] {all.from(), all.to()});
    assertThat(ranges.get(0)[0]).isZero();
    assertThat(ranges.get(1)[0]).isEqualTo(ranges.get(0)[1]);
    assertThat(ranges.get(2)[0]).isEqualTo(ranges.get(1)[1]);
    assertThat(ranges.get(2)[1]).isEqualTo(LENGTH);
  }

  @Test
  void aMemberThatFailsReleasesTheOthersWithItsReason() throws Exception {
    CountDownLatch joined = new CountDownLatch(3);
    List<Future<Object>> members = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int member = i;
      members.add(
          threads.submit(
              () -> {
                try (AllReduce all = join(member, 3, LONG, NEVER)) {
                  joined.countDown();
                  joined.await();
                  if (member == 1) {
                    all.abort(new ConvoyException("cat.jpg: not an image"));
                    return null;
                  }
                  all.allGather(0, new float[LENGTH]);
                  return "got through";
                }
              }));
    }
    members.get(1).get();
    for (int waiting : new int[] {0, 2}) {
      assertThatThrownBy(members.get(waiting)::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(ConvoyException.class)
          .hasMessage("cat.jpg: not an image");
    }
  }

  @Test
  void anUnexpectedFailureSaysWhoseItWas() throws Exception {
    try (AllReduce first = join(0, 2, LONG, NEVER);
        AllReduce second = join(1, 2, LONG, NEVER)) {
      second.abort(new IllegalStateException("no lane"));
      assertThatThrownBy(() -> first.allGather(0, new float[LENGTH]))
          .isInstanceOf(ConvoyException.class)
          .hasMessage("worker 1 failed: java.lang.IllegalStateException: no lane");
    }
  }

  @Test
  void aMemberThatNeverComesIsNamedWhenTheDeadlineHasPassed() {
    try (AllReduce alone = join(1, 3, Duration.ofSeconds(1), NEVER)) {
      assertThatThrownBy(() -> alone.reduceScatter(17, List.of(), new float[LENGTH]))
          .isInstanceOf(ConvoyException.class)
          .hasMessage("reduce of step 17: nothing came for 1 s from worker 0, worker 2");
    }
  }

  @Test
  void aCancelledTaskDoesNotWait() {
    try (AllReduce alone = join(0, 2, LONG, () -> true)) {
      assertThatThrownBy(() -> alone.allGather(4, new float[LENGTH]))
          .isInstanceOf(ConvoyException.class)
          .hasMessage("worker 0 was cancelled at gather of step 4");
    }
  }

  @Test
  void anInterruptedTaskDoesNotWaitAndStaysInterrupted() {
    try (AllReduce alone = join(0, 2, LONG, NEVER)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> alone.allGather(4, new float[LENGTH]))
          .isInstanceOf(ConvoyException.class)
          .hasMessage("worker 0 was interrupted at gather of step 4");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aGroupIsForgottenWhenItsLastMemberHasLeft() throws Exception {
    AllReduce failed = join(0, 2, LONG, NEVER);
    failed.abort(new ConvoyException("first attempt"));
    failed.close();
    failed.close(); // does nothing
    List<float[]> again = play(2, InMemoryAllReduceTest::threeSteps);
    assertThat(again.get(0)).isEqualTo(again.get(1));
  }

  @Test
  void lanesThatDoNotMakeUpATreeAreNoticed() {
    try (AllReduce alone = join(0, 1, LONG, NEVER)) {
      float[] sum = new float[LENGTH];
      List<Subtree> twoOfThree =
          List.of(
              new Subtree(0, 2, new float[LENGTH], Totals.NONE),
              new Subtree(2, 1, new float[LENGTH], Totals.NONE));
      assertThatThrownBy(() -> alone.reduceScatter(3, twoOfThree, sum))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("step 3: the members' lanes do not make up a whole tree");
    }
  }

  /** What a member does. */
  private interface Part<T> {
    T play(AllReduce group, int member, int members) throws Exception;
  }

  private <T> List<T> play(int members, Part<T> part) throws Exception {
    List<Future<T>> playing = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      int member = i;
      playing.add(
          threads.submit(
              () -> {
                try (AllReduce all = join(member, members, LONG, NEVER)) {
                  try {
                    return part.play(all, member, members);
                  } catch (Throwable e) {
                    all.abort(e);
                    throw e;
                  }
                }
              }));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> one : playing) {
      results.add(one.get());
    }
    return results;
  }

  private AllReduce join(int member, int members, Duration deadline, BooleanSupplier cancelled) {
    return InMemoryAllReduce.join(
        group,
        member,
        members,
        LENGTH,
        other -> "worker " + other,
        new Waiting(deadline, cancelled));
  }
}
