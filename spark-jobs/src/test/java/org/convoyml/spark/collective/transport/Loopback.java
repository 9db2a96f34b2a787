package org.convoyml.spark.collective.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.spark.network.sasl.SecretKeyHolder;
import org.apache.spark.network.util.MapConfigProvider;
import org.apache.spark.network.util.TransportConf;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.AllReduce;
import org.convoyml.spark.collective.Waiting;

/**
 * Members that find each other in this JVM but talk over real connections, each through a transport
 * of its own, unless they are told to share one.
 */
final class Loopback implements AutoCloseable {
  static final Duration LONG = Duration.ofSeconds(50);
  static final BooleanSupplier NEVER = () -> false;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Transport> transports = new ArrayList<>();
  private final Map<String, String> settings;
  private final SecretKeyHolder secrets;

  /** Without authentication. */
  Loopback() {
    this(Map.of(), null);
  }

  Loopback(Map<String, String> settings, String secret) {
    this.settings = settings;
    this.secrets = secret == null ? null : secrets(secret);
  }

  static SecretKeyHolder secrets(String secret) {
    return new SecretKeyHolder() {
      @Override
      public String getSaslUser(String application) {
        return "user";
      }

      @Override
      public String getSecretKey(String application) {
        return secret;
      }
    };
  }

  static Transport open(Map<String, String> settings, SecretKeyHolder secrets, String executor) {
    return open(settings, secrets, executor, 0);
  }

  static Transport open(
      Map<String, String> settings, SecretKeyHolder secrets, String executor, int port) {
    Map<String, String> all = new HashMap<>(settings);
    all.putIfAbsent("spark.convoy.io.serverThreads", "1");
    all.putIfAbsent("spark.convoy.io.clientThreads", "1");
    all.putIfAbsent("spark.convoy.io.connectionTimeout", "20s");
    TransportConf conf = new TransportConf(TransportSettings.MODULE, new MapConfigProvider(all));
    return Transport.open(
        new TransportSettings(conf, secrets, "application", executor, "127.0.0.1", port));
  }

  synchronized Transport open(String executor) {
    Transport transport = open(settings, secrets, executor);
    transports.add(transport);
    return transport;
  }

  <T> Future<T> submit(Callable<T> task) {
    return threads.submit(task);
  }

  /** A transport for each member; those with the same executor share one. */
  List<Transport> transports(String... executors) {
    Map<String, Transport> opened = new HashMap<>();
    List<Transport> all = new ArrayList<>();
    for (String executor : executors) {
      all.add(opened.computeIfAbsent(executor, this::open));
    }
    return all;
  }

  /** One transport for each of so many members. */
  List<Transport> transports(int members) {
    String[] executors = new String[members];
    for (int i = 0; i < members; i++) {
      executors[i] = String.valueOf(i);
    }
    return transports(executors);
  }

  /** What a member does. */
  interface Part<T> {
    T play(AllReduce group, int member, int members) throws Exception;
  }

  /** Lets members of one group, one for each transport, play their parts. */
  <T> List<Future<T>> start(
      String group, List<Transport> at, int length, int chunk, Waiting waiting, Part<T> part) {
    int members = at.size();
    Table table = new Table(members);
    List<Future<T>> playing = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      int member = i;
      playing.add(
          threads.submit(
              () -> {
                Membership membership =
                    new Membership(group, member, members, length, "lane " + member);
                try (AllReduce all =
                    TransportAllReduce.join(at.get(member), membership, table, waiting, chunk)) {
                  try {
                    return part.play(all, member, members);
                  } catch (Throwable e) {
                    all.abort(e);
                    throw e;
                  }
                }
              }));
    }
    return playing;
  }

  /** As {@link #start}, and waits for all. */
  <T> List<T> play(List<Transport> at, int length, int chunk, Part<T> part)
      throws ExecutionException, InterruptedException {
    List<T> results = new ArrayList<>();
    for (Future<T> one : start("group", at, length, chunk, new Waiting(LONG, NEVER), part)) {
      results.add(one.get());
    }
    return results;
  }

  /** Where members in one JVM meet. */
  static final class Table implements Meeting {
    private final Peer[] peers;
    private int missing;

    Table(int members) {
      this.peers = new Peer[members];
      this.missing = members;
    }

    @Override
    public synchronized List<Peer> meet(Peer self, Waiting waiting) {
      peers[self.member()] = self;
      missing--;
      notifyAll();
      try {
        while (missing > 0) {
          wait();
        }
      } catch (InterruptedException e) {
        throw new ConvoyException("interrupted", e);
      }
      return List.of(peers);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    transports.forEach(Transport::close);
  }
}
