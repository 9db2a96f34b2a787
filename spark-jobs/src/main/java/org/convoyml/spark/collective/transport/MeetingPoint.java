package org.convoyml.spark.collective.transport;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.AbortableRpcFuture;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.rpc.RpcTimeout;
import org.apache.spark.rpc.ThreadSafeRpcEndpoint;
import org.apache.spark.util.RpcUtils;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.Waiting;
import scala.PartialFunction;
import scala.concurrent.Await;
import scala.concurrent.duration.Duration;
import scala.concurrent.duration.FiniteDuration;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * Where the members of one group tell the driver where they are, over Spark's own RPC. The driver
 * answers all of them when the last has come. {@code BarrierTaskContext.allGather} does the same,
 * but sleeps a second before it looks for the answer.
 *
 * <p>Messages are texts: Spark's RPC needs no class of ours to read them.
 */
public final class MeetingPoint implements AutoCloseable {
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final String LINE_END = "\n";

  /** Spark's own timeout comes so much later than ours, which says more. */
  private static final java.time.Duration GRACE = java.time.Duration.ofSeconds(10);

  private final String name;
  private final RpcEnv rpc;
  private final RpcEndpointRef endpoint;

  private MeetingPoint(RpcEnv rpc, int members) {
    this.name = "convoy-meeting-" + NUMBERS.incrementAndGet();
    this.rpc = rpc;
    this.endpoint = rpc.setupEndpoint(name, new Endpoint(rpc, members));
  }

  /** Opens one on the driver. */
  public static MeetingPoint open(int members) {
    return new MeetingPoint(SparkEnv.get().rpcEnv(), members);
  }

  /** By this, members find it. */
  public String name() {
    return name;
  }

  /** Closes it: who comes later, from a round that is over, is refused. */
  @Override
  public void close() {
    rpc.stop(endpoint);
  }

  /** The way to the driver's meeting point of that name, from an executor. */
  public static Meeting named(String name) {
    return (self, waiting) -> {
      SparkEnv spark = SparkEnv.get();
      RpcEndpointRef driver = RpcUtils.makeDriverRef(name, spark.conf(), spark.rpcEnv());
      RpcTimeout timeout =
          new RpcTimeout(
              new FiniteDuration(waiting.deadline().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS),
              "--timeout");
      AbortableRpcFuture<String> answer =
          driver.askAbortable(
              self.toText(), timeout, ClassTag$.MODULE$.<String>apply(String.class));
      return Arrays.stream(await(answer, self, waiting).split(LINE_END)).map(Peer::parse).toList();
    };
  }

  private static String await(AbortableRpcFuture<String> answer, Peer self, Waiting waiting) {
    Duration poll = Duration.create(Waiting.POLL_MILLIS, "ms");
    long end = System.nanoTime() + waiting.deadline().toNanos();
    while (!answer.future().isCompleted()) {
      try {
        Await.ready(answer.future(), poll);
      } catch (TimeoutException e) {
        if (waiting.isCancelled()) {
          throw abandoned(answer, "%s was cancelled before all had come".formatted(self), e);
        }
        if (System.nanoTime() - end >= 0) {
          throw abandoned(
              answer,
              "%s: not all other workers came within %d s"
                  .formatted(self, waiting.deadline().toSeconds()),
              e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw abandoned(answer, "%s was interrupted before all had come".formatted(self), e);
      }
    }
    Try<String> outcome = answer.future().value().get();
    if (outcome.isFailure()) {
      Throwable cause = outcome.failed().get();
      throw new ConvoyException(
          "%s could not meet the others: %s".formatted(self, cause.getMessage()), cause);
    }
    return outcome.get();
  }

  private static ConvoyException abandoned(
      AbortableRpcFuture<String> answer, String why, Exception cause) {
    ConvoyException reason = new ConvoyException(why, cause);
    answer.abort(reason);
    return reason;
  }

  /** On the driver. */
  private static final class Endpoint implements ThreadSafeRpcEndpoint {
    private final RpcEnv rpc;
    private final Peer[] peers;
    private final List<RpcCallContext> waiting = new ArrayList<>();

    private Endpoint(RpcEnv rpc, int members) {
      this.rpc = rpc;
      this.peers = new Peer[members];
    }

    @Override
    public RpcEnv rpcEnv() {
      return rpc;
    }

    @Override
    public PartialFunction<Object, BoxedUnit> receiveAndReply(RpcCallContext caller) {
      return new AbstractPartialFunction<>() {
        @Override
        public boolean isDefinedAt(Object message) {
          return message instanceof String;
        }

        @Override
        public BoxedUnit apply(Object message) {
          take(Peer.parse((String) message), caller);
          return BoxedUnit.UNIT;
        }
      };
    }

    private void take(Peer peer, RpcCallContext caller) {
      if (peers[peer.member()] != null) {
        caller.sendFailure(
            new IllegalStateException("%s has come already".formatted(peers[peer.member()])));
        return;
      }
      peers[peer.member()] = peer;
      waiting.add(caller);
      if (waiting.size() == peers.length) {
        String all = Arrays.stream(peers).map(Peer::toText).collect(Collectors.joining(LINE_END));
        waiting.forEach(one -> one.reply(all));
      }
    }
  }
}
