package org.convoyml.spark.collective.transport;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.AllReduce;
import org.convoyml.spark.collective.Reduction;
import org.convoyml.spark.collective.Subtree;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.collective.Waiting;
import org.convoyml.spark.collective.WorkerLostException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever goes wrong among members of a group, every wait ends, and says why. */
@Timeout(60)
class TransportFailureTest {
  private static final int LENGTH = 1000;
  private static final int CHUNK = 300;
  private static final Waiting PATIENT = new Waiting(Loopback.LONG, Loopback.NEVER);

  private final Loopback loopback = new Loopback();

  @AfterEach
  void close() {
    loopback.close();
  }

  @Test
  void aMemberThatFailsReleasesTheOthersWithItsReason() {
    List<Future<String>> members =
        start(
            3,
            PATIENT,
            (all, member) -> {
              if (member == 1) {
                throw new ConvoyException("cat.jpg: not an image");
              }
              all.allGather(0, new float[LENGTH]);
              return "got through";
            });
    for (Future<String> member : members) {
      assertThatThrownBy(() -> member.get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isExactlyInstanceOf(ConvoyException.class)
          .hasMessage("cat.jpg: not an image");
    }
  }

  @Test
  void anUnexpectedFailureSaysWhoseItWas() {
    List<Future<String>> members =
        start(
            2,
            PATIENT,
            (all, member) -> {
              if (member == 1) {
                throw new IllegalStateException("no lane");
              }
              all.allGather(0, new float[LENGTH]);
              return "got through";
            });
    assertThatThrownBy(() -> members.get(0).get(10, TimeUnit.SECONDS))
        .cause()
        .hasMessage("worker 1 failed: java.lang.IllegalStateException: no lane");
  }

  /** The connection just ends, as when a process is killed. */
  @Test
  void aPeerThatDiesFailsAllOthersAtOnce() {
    List<Transport> at = loopback.transports(3);
    CountDownLatch joined = new CountDownLatch(3);
    List<Future<String>> members =
        loopback.start(
            "dying",
            at,
            LENGTH,
            CHUNK,
            PATIENT,
            (all, member, count) -> {
              joined.countDown();
              joined.await();
              if (member == 1) {
                at.get(1).close();
                Thread.sleep(Loopback.LONG.toMillis());
              }
              all.allGather(7, new float[LENGTH]);
              return "got through";
            });
    for (int other : new int[] {0, 2}) {
      assertThatThrownBy(() -> members.get(other).get(10, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(WorkerLostException.class)
          .hasMessageMatching(
              "worker 1 \\(executor 1 at 127\\.0\\.0\\.1:\\d+, lane 1\\) is gone: .*");
    }
  }

  /** Whoever notices it tells the others, who may have no wish to talk to the lost one. */
  @Test
  void aLossIsALossAlsoForThoseWhoAreTold() {
    List<Future<String>> members =
        start(
            3,
            PATIENT,
            (all, member) -> {
              if (member == 1) {
                throw new WorkerLostException("worker 3 is gone");
              }
              all.allGather(0, new float[LENGTH]);
              return "got through";
            });
    for (int other : new int[] {0, 2}) {
      assertThatThrownBy(() -> members.get(other).get(10, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(WorkerLostException.class)
          .hasMessage("worker 3 is gone");
    }
  }

  @Test
  void aLossIsNoticedWhileTheLastLaneIsComputed() {
    List<Transport> at = loopback.transports(2);
    CountDownLatch joined = new CountDownLatch(2);
    List<Future<String>> members =
        loopback.start(
            "dying",
            at,
            LENGTH,
            CHUNK,
            PATIENT,
            (all, member, count) -> {
              joined.countDown();
              joined.await();
              if (member == 1) {
                at.get(1).close();
                Thread.sleep(Loopback.LONG.toMillis());
              }
              float[] gradient = new float[LENGTH];
              Reduction reduction =
                  all.beginReduce(
                      3, List.of(new Subtree(0, 1, gradient, Totals.NONE)), new float[LENGTH]);
              while (true) {
                Thread.sleep(5);
                reduction.ready(LENGTH, LENGTH);
              }
            });
    assertThatThrownBy(() -> members.get(0).get(10, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(WorkerLostException.class);
  }

  @Test
  void aMemberThatLeavesTooEarlyIsLost() {
    List<Future<String>> members =
        start(
            2,
            PATIENT,
            (all, member) -> {
              if (member == 0) {
                all.allGather(3, new float[LENGTH]);
              }
              return "left";
            });
    assertThatThrownBy(() -> members.get(0).get(10, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(WorkerLostException.class)
        .hasMessageMatching("gather of step 3: worker 1 \\(executor 1 .*\\) has left");
  }

  @Test
  void aMemberThatStallsIsNamedWhenTheDeadlineHasPassed() {
    AtomicBoolean over = new AtomicBoolean();
    List<Future<String>> members =
        start(
            3,
            new Waiting(Duration.ofSeconds(1), Loopback.NEVER),
            (all, member) -> {
              if (member == 2) {
                while (!over.get()) {
                  Thread.sleep(10);
                }
                return "stalled";
              }
              all.reduceScatter(17, List.of(), new float[LENGTH]);
              return "got through";
            });
    try {
      for (int other : new int[] {0, 1}) {
        assertThatThrownBy(() -> members.get(other).get(10, TimeUnit.SECONDS))
            .cause()
            .isExactlyInstanceOf(ConvoyException.class)
            .hasMessageMatching(
                "reduce of step 17: nothing came for 1 s from"
                    + " worker 2 \\(executor 2 at 127\\.0\\.0\\.1:\\d+, lane 2\\)");
      }
    } finally {
      over.set(true);
    }
  }

  @Test
  void aCancelledMemberStopsWithinASecond() {
    AtomicBoolean cancelled = new AtomicBoolean();
    CountDownLatch waiting = new CountDownLatch(1);
    List<Future<String>> members =
        start(
            2,
            new Waiting(Loopback.LONG, cancelled::get),
            (all, member) -> {
              if (member == 1) {
                waiting.await();
                Thread.sleep(200);
                cancelled.set(true);
                Thread.sleep(1000);
                return "slow";
              }
              waiting.countDown();
              all.allGather(4, new float[LENGTH]);
              return "got through";
            });
    assertThatThrownBy(() -> members.get(0).get(1500, TimeUnit.MILLISECONDS))
        .cause()
        .hasMessage("worker 0 was cancelled at gather of step 4");
  }

  @Test
  void membersAtDifferentStepsAreNoticed() {
    List<Future<String>> members =
        start(
            2,
            PATIENT,
            (all, member) -> {
              all.allGather(member, new float[LENGTH]);
              return "got through";
            });
    assertThatThrownBy(() -> members.get(0).get(10, TimeUnit.SECONDS))
        .cause()
        .hasMessageMatching("gather of step \\d: worker \\d is at gather of step \\d");
  }

  /** Also if what the other does has no room for floats. */
  @Test
  void membersThatDoDifferentThingsAreNoticed() {
    List<Future<String>> members =
        start(
            2,
            PATIENT,
            (all, member) -> {
              if (member == 0) {
                all.allGather(5, new double[2], 0, 1);
              } else {
                all.allGather(5, new float[LENGTH]);
              }
              return "got through";
            });
    assertThatThrownBy(() -> members.get(1).get(10, TimeUnit.SECONDS))
        .cause()
        .hasMessageMatching(
            "gather of step 5: worker 0 is at norms of step 5"
                + "|norms of step 5: worker 1 is at gather of step 5");
  }

  private interface Part {
    String play(AllReduce all, int member) throws Exception;
  }

  private List<Future<String>> start(int members, Waiting waiting, Part part) {
    return loopback.start(
        "failing",
        loopback.transports(members),
        LENGTH,
        CHUNK,
        waiting,
        (all, member, count) -> part.play(all, member));
  }
}
