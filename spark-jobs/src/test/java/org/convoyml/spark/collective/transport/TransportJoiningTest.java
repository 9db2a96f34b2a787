package org.convoyml.spark.collective.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.Waiting;
import org.convoyml.spark.collective.WorkerLostException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who cannot join a group is told why, and a group that is over leaves nothing behind. */
@Timeout(60)
class TransportJoiningTest {
  private static final int LENGTH = 1000;
  private static final int CHUNK = 300;
  private static final Waiting PATIENT = new Waiting(Loopback.LONG, Loopback.NEVER);

  private static final Membership FIRST_OF_TWO = new Membership("group", 0, 2, LENGTH, "lane 0");

  private final Loopback loopback = new Loopback();

  @AfterEach
  void close() {
    loopback.close();
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
                    own, FIRST_OF_TWO, (self, waiting) -> List.of(self, gone), PATIENT))
        .isInstanceOf(WorkerLostException.class)
        .hasMessageStartingWith("worker 0 cannot connect to worker 1 (executor 1 at 127.0.0.1:");
  }

  /** Somebody listens there, and never answers. */
  @Test
  void aMemberThatIsCancelledWhileItConnectsStopsWithinASecond() throws Exception {
    Transport own = loopback.open("0");
    AtomicBoolean cancelled = new AtomicBoolean();
    try (ServerSocket silent = listening(0)) {
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
                      own, FIRST_OF_TWO, meeting, new Waiting(Loopback.LONG, cancelled::get)));
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
    try (ServerSocket silent = listening(0)) {
      Peer other = new Peer(1, "1", "127.0.0.1", silent.getLocalPort(), "lane 1");
      assertThatThrownBy(
              () ->
                  TransportAllReduce.join(
                      own,
                      FIRST_OF_TWO,
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
    try (ServerSocket free = listening(0)) {
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
    try (ServerSocket again = listening(transport.port())) {
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

  private static ServerSocket listening(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
  }
}
