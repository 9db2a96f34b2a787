package org.convoyml.spark.collective.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.collective.Waiting;
import org.convoyml.spark.collective.WorkerLostException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over the RPC of a real Spark. */
@Timeout(60)
class MeetingPointTest {
  private static final Waiting PATIENT = new Waiting(Loopback.LONG, Loopback.NEVER);
  private static final int LENGTH = 1000;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @BeforeAll
  static void startSpark() {
    LocalSpark.session();
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private static Peer peer(int member) {
    return new Peer(member, "driver", "127.0.0.1", 4000 + member, "lane " + member);
  }

  @Test
  void allAreToldWhereAllAre() throws Exception {
    try (MeetingPoint point = MeetingPoint.open(List.of("zero", "one", "two"))) {
      List<Future<List<Peer>>> found = new ArrayList<>();
      for (int member : new int[] {2, 0, 1}) {
        found.add(
            threads.submit(() -> MeetingPoint.named(point.name()).meet(peer(member), PATIENT)));
      }
      for (Future<List<Peer>> one : found) {
        assertThat(one.get()).containsExactly(peer(0), peer(1), peer(2));
      }
    }
  }

  @Test
  void thoseWhoDoNotComeAreNamedWhenTheDeadlineHasPassed() {
    Waiting impatient = new Waiting(Duration.ofSeconds(1), Loopback.NEVER);
    try (MeetingPoint point =
        MeetingPoint.open(List.of("worker 0 (lane 0)", "worker 1 (lane 1)", "worker 2 (lane 2)"))) {
      assertThatThrownBy(() -> MeetingPoint.named(point.name()).meet(peer(1), impatient))
          .isExactlyInstanceOf(ConvoyException.class)
          .hasMessage(
              "worker 1 (executor driver at 127.0.0.1:4001, lane 1): worker 0 (lane 0), worker 2"
                  + " (lane 2) did not come within 1 s");
    }
  }

  @Test
  void aCancelledMemberDoesNotWait() {
    Waiting cancelled = new Waiting(Loopback.LONG, () -> true);
    try (MeetingPoint point = MeetingPoint.open(List.of("zero", "one"))) {
      assertThatThrownBy(() -> MeetingPoint.named(point.name()).meet(peer(1), cancelled))
          .isInstanceOf(WorkerLostException.class)
          .hasMessageEndingWith("was cancelled before all had come");
    }
  }

  @Test
  void whoComesToARoundThatIsOverIsRefusedAndWhoWaitsIsReleased() throws Exception {
    Future<List<Peer>> waiting;
    String name;
    try (MeetingPoint point = MeetingPoint.open(List.of("zero", "one"))) {
      name = point.name();
      waiting = threads.submit(() -> MeetingPoint.named(name).meet(peer(0), PATIENT));
      assertThatThrownBy(() -> waiting.get(500, TimeUnit.MILLISECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
    }
    assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(ConvoyException.class)
        .hasMessageEndingWith("could not meet the others: the round was given up");
    assertThatThrownBy(() -> MeetingPoint.named(name).meet(peer(1), PATIENT))
        .isInstanceOf(ConvoyException.class)
        .hasMessageContaining("could not meet the others");
  }

  /** As in one training after another: the port is opened again for each. */
  @Test
  void oneGroupAfterAnotherMeetsAndCommunicates() throws Exception {
    for (int training = 0; training < 3; training++) {
      String group = "training " + training;
      try (MeetingPoint point = MeetingPoint.open(List.of("zero", "one"))) {
        List<Future<float[]>> members = new ArrayList<>();
        for (int number = 0; number < 2; number++) {
          int member = number;
          members.add(
              threads.submit(
                  () -> {
                    try (TransportAllReduce all =
                        TransportAllReduce.joinFromExecutor(
                            new Membership(group, member, 2, LENGTH, "lane " + member),
                            MeetingPoint.named(point.name()),
                            PATIENT)) {
                      float[] vector = new float[LENGTH];
                      Arrays.fill(vector, all.from(), all.to(), 3);
                      all.allGather(0, vector);
                      return vector;
                    }
                  }));
        }
        for (Future<float[]> member : members) {
          assertThat(member.get()).containsOnly(3);
        }
      }
    }
  }
}
