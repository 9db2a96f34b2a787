package org.convoyml.spark.collective.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

/** Whatever goes wrong, every wait ends, and says why. */
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

  /** A member of a round that was given up finds none of its group any more. */
  @Test
  void aZombieIsRefused() throws Exception {
    List<Transport> at = loopback.transports(2);
    loopback.play(at, LENGTH, CHUNK, (all, member, members) -> member);
    Peer gone = new Peer(0, "0", at.get(0).host(), at.get(0).port(), "lane 0");
    Meeting late = (self, waiting) -> List.of(gone, self);
    assertThatThrownBy(
            () ->
                TransportAllReduce.join(
                    at.get(1), new Membership("group", 1, 2, LENGTH, "lane 1"), late, PATIENT))
        .isInstanceOf(WorkerLostException.class)
        .hasMessageMatching(
            "worker 0 \\(executor 0 at 127\\.0\\.0\\.1:\\d+, lane 0\\) refuses worker 1: no worker"
                + " 0 of 'group' is in executor 0: that round may be over");
  }

  @Test
  void membersThatDoNotFitAreRefused() {
    Inbox inbox = new Inbox(new Membership("lengths", 0, 2, LENGTH, "lane 0"), PATIENT, CHUNK);
    assertThat(inbox.refusal(new Message.Hello("lengths", 1, 0, 2, LENGTH + 1, CHUNK)))
        .isEqualTo("expected 2 members and 1000 elements, worker 1 has 2 and 1001");
    assertThat(inbox.refusal(new Message.Hello("lengths", 1, 0, 2, LENGTH, CHUNK + 1)))
        .isEqualTo("expected chunks of 300 floats, worker 1 sends 301");
    assertThat(inbox.refusal(new Message.Hello("lengths", 0, 0, 2, LENGTH, CHUNK)))
        .isEqualTo("worker 0 is none of the others");
    assertThat(inbox.refusal(new Message.Hello("lengths", 1, 0, 2, LENGTH, CHUNK))).isEmpty();
    inbox.connected(1);
    assertThat(inbox.refusal(new Message.Hello("lengths", 1, 0, 2, LENGTH, CHUNK)))
        .isEqualTo("worker 1 is connected already");
  }

  @Test
  void anUnreachablePeerIsNamed() {
    Transport own = loopback.open("0");
    Transport other = loopback.open("1");
    Peer gone = new Peer(1, "1", "127.0.0.1", other.port(), "lane 1");
    other.close();
    assertThatThrownBy(
            () ->
                TransportAllReduce.join(
                    own,
                    new Membership("group", 0, 2, LENGTH, "lane 0"),
                    (self, waiting) -> List.of(self, gone),
                    PATIENT))
        .isInstanceOf(WorkerLostException.class)
        .hasMessageStartingWith("worker 0 cannot connect to worker 1 (executor 1 at 127.0.0.1:");
  }

  /** Somebody listens there, and never answers. */
  @Test
  void aMemberThatIsCancelledWhileItConnectsStopsWithinASecond() throws Exception {
    Transport own = loopback.open("0");
    AtomicBoolean cancelled = new AtomicBoolean();
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Peer other = new Peer(1, "1", "127.0.0.1", silent.getLocalPort(), "lane 1");
      CountDownLatch met = new CountDownLatch(1);
      Meeting meeting =
          (self, waiting) -> {
            met.countDown();
            return List.of(self, other);
          };
      Future<?> joining =
          loopback.submit(
              () ->
                  TransportAllReduce.join(
                      own,
                      new Membership("group", 0, 2, LENGTH, "lane 0"),
                      meeting,
                      new Waiting(Loopback.LONG, cancelled::get)));
      met.await();
      silent.accept();
      cancelled.set(true);
      assertThatThrownBy(() -> joining.get(1500, TimeUnit.MILLISECONDS))
          .cause()
          .isInstanceOf(WorkerLostException.class)
          .hasMessage("worker 0 was cancelled at connecting");
    }
    assertThat(own.inboxOf("group", 0)).isNull();
    awaitNone("convoy-connecting");
  }

  @Test
  void aSilentPeerIsNamedWhenTheDeadlineHasPassed() throws Exception {
    Transport own = loopback.open("0");
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Peer other = new Peer(1, "1", "127.0.0.1", silent.getLocalPort(), "lane 1");
      assertThatThrownBy(
              () ->
                  TransportAllReduce.join(
                      own,
                      new Membership("group", 0, 2, LENGTH, "lane 0"),
                      (self, waiting) -> List.of(self, other),
                      new Waiting(Duration.ofSeconds(1), Loopback.NEVER)))
          .isExactlyInstanceOf(ConvoyException.class)
          .hasMessageContaining("worker 1 (executor 1 at 127.0.0.1:" + silent.getLocalPort());
    }
  }

  /** Two executors on a machine have the same setting. */
  @Test
  void theNextPortIsTakenIfOneIsNotFree() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = free.getLocalPort();
    }
    try (Transport first = Loopback.open(Map.of(), null, "0", port);
        Transport second = Loopback.open(Map.of(), null, "1", port)) {
      assertThat(first.port()).isEqualTo(port);
      assertThat(second.port()).isBetween(port + 1, port + 16);
      assertThat(
              loopback.play(
                  List.of(first, second), LENGTH, CHUNK, (all, member, members) -> member))
          .containsExactly(0, 1);
      assertThatThrownBy(() -> Loopback.open(Map.of("spark.port.maxRetries", "0"), null, "2", port))
          .isInstanceOf(ConvoyException.class)
          .hasMessageStartingWith("executor 2 cannot listen at 127.0.0.1:" + port)
          .hasMessageEndingWith("set spark.convoy.port");
    }
  }

  @Test
  void aGroupLeavesNothingBehind() throws Exception {
    Transport transport;
    try (Loopback passing = new Loopback()) {
      List<Transport> at = passing.transports(2);
      transport = at.get(0);
      passing.play(at, LENGTH, CHUNK, (all, member, members) -> member);
      assertThat(transport.inboxOf("group", 0)).isNull();
    }
    awaitNone("convoy-");
    try (ServerSocket again =
        new ServerSocket(transport.port(), 1, InetAddress.getByName("127.0.0.1"))) {
      assertThat(again.isBound()).isTrue();
    }
  }

  private static void awaitNone(String threads) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (isThere(threads) && System.nanoTime() - end < 0) {
      Thread.sleep(50); // netty's threads stay for two seconds in case of more work
    }
    assertThat(isThere(threads)).as(threads).isFalse();
  }

  private static boolean isThere(String threads) {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith(threads));
  }

  @Test
  void gcmIsRefused() {
    assertThatThrownBy(
            () ->
                Loopback.open(
                    Map.of(
                        "spark.network.crypto.enabled", "true",
                        "spark.network.crypto.cipher", "AES/GCM/NoPadding"),
                    Loopback.secrets("secret"),
                    "0"))
        .isInstanceOf(ConvoyException.class)
        .hasMessageContaining("SPARK-56227")
        .hasMessageEndingWith("set AES/CTR/NoPadding");
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
