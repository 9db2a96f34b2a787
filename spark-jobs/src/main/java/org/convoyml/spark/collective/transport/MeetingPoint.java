package org.convoyml.spark.collective.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.AbortableRpcFuture;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpointAddress;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.rpc.RpcTimeout;
import org.apache.spark.rpc.ThreadSafeRpcEndpoint;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.Waiting;
import org.convoyml.spark.collective.WorkerLostException;
import scala.PartialFunction;
import scala.concurrent.Await;
import scala.concurrent.Future;
import scala.concurrent.duration.Duration;
import scala.concurrent.duration.FiniteDuration;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * Where the members of one group tell the driver a text, such as where they are, over Spark's own
 * RPC. The driver answers all of them when the last has come. {@code BarrierTaskContext.allGather}
 * does the same, but sleeps a second before it looks for the answer, and leaves a timer on the
 * driver that keeps a program from ending (SPARK-49479).
 *
 * <p>Messages are texts: Spark's RPC needs no class of ours to read them.
 */
public final class MeetingPoint implements AutoCloseable {
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final String LINE_END = "\n";
  private static final String MEMBER_END = " ";

  /** Spark's own timeout comes so much later than ours, which says more. */
  private static final java.time.Duration GRACE = java.time.Duration.ofSeconds(10);

  /** Asked instead of a place: who has not come. */
  private static final String WHO_IS_MISSING = "who is missing?";

  private static final java.time.Duration ANSWER = java.time.Duration.ofSeconds(2);

  private final String name;
  private final RpcEnv rpc;
  private final RpcEndpointRef endpoint;

  private MeetingPoint(RpcEnv rpc, List<String> members) {
    this.name = "convoy-meeting-" + NUMBERS.incrementAndGet();
    this.rpc = rpc;
    this.endpoint = rpc.setupEndpoint(name, new Endpoint(rpc, members));
  }

  /**
   * Opens one on the driver.
   *
   * @param members what to call each if it does not come, such as {@code worker 1 (lanes 4 to 7)}
   */
  public static MeetingPoint open(List<String> members) {
    SparkEnv spark = SparkEnv.get();
    if (spark == null) {
      throw new ConvoyException("the SparkContext was stopped");
    }
    return new MeetingPoint(spark.rpcEnv(), members);
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
    return (self, waiting) ->
        gather(name, self.member(), self.toString(), self.toText(), waiting).stream()
            .map(Peer::parse)
            .toList();
  }

  /**
   * Tells the others a text at the driver's meeting point of that name, and waits for theirs.
   *
   * @param member which of the members this is
   * @param self what messages call it
   * @param text one line
   * @return what all have told, in order of their numbers
   * @throws ConvoyException if some do not come in time, or the task was cancelled
   */
  public static List<String> gather(
      String name, int member, String self, String text, Waiting waiting) {
    SparkEnv spark = SparkEnv.get();
    RpcEndpointRef driver =
        await(spark.rpcEnv().asyncSetupEndpointRefByURI(uri(name, spark.conf())), self, waiting)
            .orElseThrow(
                () ->
                    new ConvoyException(
                        "%s: the driver did not answer within %d s"
                            .formatted(self, waiting.deadline().toSeconds())));
    AbortableRpcFuture<String> answer =
        ask(driver, member + MEMBER_END + text, waiting.deadline().plus(GRACE));
    try {
      String all =
          await(answer.future(), self, waiting)
              .orElseThrow(
                  () ->
                      new ConvoyException(
                          "%s: %s did not come within %d s"
                              .formatted(self, missing(driver), waiting.deadline().toSeconds())));
      return List.of(all.split(LINE_END, -1));
    } catch (ConvoyException e) {
      answer.abort(e);
      throw e;
    }
  }

  /** As Spark's own {@code RpcUtils.makeDriverRef}, which waits for two minutes. */
  private static String uri(String name, SparkConf conf) {
    return new RpcEndpointAddress(
            conf.get("spark.driver.host", "localhost"),
            conf.getInt("spark.driver.port", 7077),
            name)
        .toString();
  }

  private static AbortableRpcFuture<String> ask(
      RpcEndpointRef driver, String text, java.time.Duration timeout) {
    return driver.askAbortable(
        text,
        new RpcTimeout(new FiniteDuration(timeout.toMillis(), TimeUnit.MILLISECONDS), "--timeout"),
        ClassTag$.MODULE$.<String>apply(String.class));
  }

  private static String missing(RpcEndpointRef driver) {
    try {
      return Await.result(
          ask(driver, WHO_IS_MISSING, ANSWER).future(),
          Duration.create(ANSWER.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "others";
    } catch (Exception e) { // Scala declares none
      return "others";
    }
  }

  /** Returns nothing if the deadline passed. */
  private static <T> Optional<T> await(Future<T> answer, String self, Waiting waiting) {
    Duration poll = Duration.create(Waiting.POLL_MILLIS, TimeUnit.MILLISECONDS);
    long end = System.nanoTime() + waiting.deadline().toNanos();
    while (!answer.isCompleted()) {
      try {
        Await.ready(answer, poll);
      } catch (TimeoutException e) {
        if (waiting.isCancelled()) {
          throw new WorkerLostException("%s was cancelled before all had come".formatted(self), e);
        }
        if (System.nanoTime() - end >= 0) {
          return Optional.empty();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new WorkerLostException("%s was interrupted before all had come".formatted(self), e);
      }
    }
    Try<T> outcome = answer.value().get();
    if (outcome.isFailure()) {
      Throwable cause = outcome.failed().get();
      throw new ConvoyException(
          "%s could not meet the others: %s".formatted(self, cause.getMessage()), cause);
    }
    return Optional.of(outcome.get());
  }

  /** On the driver. */
  private static final class Endpoint implements ThreadSafeRpcEndpoint {
    private final RpcEnv rpc;
    private final List<String> members;
    private final String[] texts;
    private final List<RpcCallContext> waiting = new ArrayList<>();

    private Endpoint(RpcEnv rpc, List<String> members) {
      this.rpc = rpc;
      this.members = List.copyOf(members);
      this.texts = new String[members.size()];
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
          if (message.equals(WHO_IS_MISSING)) {
            caller.reply(missing());
          } else {
            take((String) message, caller);
          }
          return BoxedUnit.UNIT;
        }
      };
    }

    private String missing() {
      return IntStream.range(0, texts.length)
          .filter(member -> texts[member] == null)
          .mapToObj(members::get)
          .collect(Collectors.joining(", "));
    }

    private void take(String message, RpcCallContext caller) {
      int end = message.indexOf(MEMBER_END);
      int member = Integer.parseInt(message.substring(0, end));
      if (texts[member] != null) {
        caller.sendFailure(
            new IllegalStateException("%s has come already".formatted(members.get(member))));
        return;
      }
      texts[member] = message.substring(end + MEMBER_END.length());
      waiting.add(caller);
      if (waiting.size() == texts.length) {
        String all = String.join(LINE_END, texts);
        waiting.forEach(one -> one.reply(all));
        waiting.clear();
      }
    }

    /** Nobody waits for those who will not come any more. */
    @Override
    public void onStop() {
      waiting.forEach(one -> one.sendFailure(new IllegalStateException("the round was given up")));
    }
  }
}
