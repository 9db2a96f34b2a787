package org.convoyml.spark.collective.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.Waiting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may join, and what others can see. */
@Timeout(60)
class TransportSecurityTest {
  private static final int LENGTH = 5000;
  private static final int CHUNK = 5000;
  private static final float MARK = 1234.5678f;
  private static final Map<String, String> ENCRYPTED =
      Map.of(
          "spark.network.crypto.enabled", "true",
          "spark.network.crypto.saslFallback", "false",
          "spark.network.timeout", "10s");

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void aPeerWithAnotherSecretIsRefused() {
    for (Map<String, String> settings : List.of(Map.<String, String>of(), ENCRYPTED)) {
      try (Loopback insiders = new Loopback(settings, "the secret");
          Loopback outsiders = new Loopback(settings, "a guess")) {
        refused(insiders.open("inside"), outsiders.open("outside"));
      }
    }
  }

  @Test
  void aPeerWithoutASecretIsRefused() {
    for (Map<String, String> settings : List.of(Map.<String, String>of(), ENCRYPTED)) {
      try (Loopback insiders = new Loopback(settings, "the secret");
          Loopback outsiders = new Loopback()) {
        refused(insiders.open("inside"), outsiders.open("outside"));
      }
    }
  }

  /** Even one that knows the group's name. */
  private static void refused(Transport inside, Transport outside) {
    Waiting waiting = new Waiting(Loopback.LONG, Loopback.NEVER);
    Inbox member = new Inbox(new Membership("group", 0, 2, LENGTH, "lane 0"), waiting, CHUNK);
    inside.admit(member);
    Peer peer = new Peer(0, "inside", inside.host(), inside.port(), "lane 0");
    assertThatThrownBy(
            () ->
                TransportAllReduce.join(
                    outside,
                    new Membership("group", 1, 2, LENGTH, "lane 1"),
                    (self, unused) -> List.of(peer, self),
                    waiting,
                    CHUNK))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith("worker 1 cannot connect to worker 0 (executor inside at ");
    assertThat(member.hasFailed()).isFalse();
    assertThat(member.entry(1, 1)).isNull();
  }

  @Test
  void withoutEncryptionFloatsCanBeSeenOnTheWire() throws Exception {
    assertThat(overheard(new Loopback(Map.of(), "the secret"))).isTrue();
  }

  @Test
  void withEncryptionTheyCannot() throws Exception {
    assertThat(overheard(new Loopback(ENCRYPTED, "the secret"))).isFalse();
  }

  @Test
  void withSaslEncryptionTheyCannot() throws Exception {
    assertThat(
            overheard(
                new Loopback(
                    Map.of("spark.authenticate.enableSaslEncryption", "true"), "the secret")))
        .isFalse();
  }

  /** Whether somebody between two members can read what they send each other. */
  private boolean overheard(Loopback loopback) throws Exception {
    Map<Integer, Wiretap> wiretaps = new HashMap<>();
    try (loopback) {
      List<Transport> at = loopback.transports(2);
      for (Transport transport : at) {
        wiretaps.put(transport.port(), new Wiretap(transport.port()));
      }
      Loopback.Table table = new Loopback.Table(2);
      Meeting tapped =
          (self, waiting) ->
              table.meet(self, waiting).stream()
                  .map(
                      peer ->
                          peer.member() == self.member()
                              ? peer
                              : new Peer(
                                  peer.member(),
                                  peer.executor(),
                                  peer.host(),
                                  wiretaps.get(peer.port()).port(),
                                  peer.lanes()))
                  .toList();
      List<Future<Float>> members =
          List.of(0, 1).stream()
              .map(
                  member ->
                      threads.submit(
                          () -> {
                            try (TransportAllReduce all =
                                TransportAllReduce.join(
                                    at.get(member),
                                    new Membership("group", member, 2, LENGTH, "lane " + member),
                                    tapped,
                                    new Waiting(Loopback.LONG, Loopback.NEVER),
                                    CHUNK)) {
                              float[] vector = new float[LENGTH];
                              Arrays.fill(vector, all.from(), all.to(), MARK);
                              all.allGather(0, vector);
                              return vector[LENGTH - 1];
                            }
                          }))
              .toList();
      for (Future<Float> member : members) {
        assertThat(member.get()).isEqualTo(MARK);
      }
    }
    byte[] mark =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(MARK).putFloat(MARK).array();
    boolean heard = false;
    for (Wiretap wiretap : wiretaps.values()) {
      assertThat(wiretap.bytes()).isNotEmpty();
      heard |= contains(wiretap.bytes(), mark);
      wiretap.close();
    }
    return heard;
  }

  private static boolean contains(byte[] bytes, byte[] wanted) {
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return true;
      }
    }
    return false;
  }

  /** Passes on what comes, both ways, and keeps what goes to the port. */
  private final class Wiretap {
    private final ServerSocket server;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    private Wiretap(int port) throws IOException {
      server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
      threads.submit(
          () -> {
            Socket caller = server.accept();
            Socket called = new Socket("127.0.0.1", port);
            threads.submit(() -> pass(called, caller, OutputStream.nullOutputStream()));
            pass(caller, called, heard);
            return null;
          });
    }

    private int port() {
      return server.getLocalPort();
    }

    private byte[] bytes() {
      synchronized (heard) {
        return heard.toByteArray();
      }
    }

    private void close() throws IOException {
      server.close();
    }

    private static Void pass(Socket from, Socket to, OutputStream copy) throws IOException {
      try (from;
          to) {
        InputStream in = from.getInputStream();
        byte[] buffer = new byte[65_536];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          synchronized (copy) {
            copy.write(buffer, 0, count);
          }
          to.getOutputStream().write(buffer, 0, count);
        }
        return null;
      }
    }
  }
}
