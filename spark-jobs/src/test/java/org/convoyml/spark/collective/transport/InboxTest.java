package org.convoyml.spark.collective.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.Blocks;
import org.convoyml.spark.collective.Subtree;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.collective.Waiting;
import org.convoyml.spark.collective.transport.Message.Bye;
import org.convoyml.spark.collective.transport.Message.Credit;
import org.convoyml.spark.collective.transport.Message.Enter;
import org.convoyml.spark.collective.transport.Message.Floats;
import org.convoyml.spark.collective.transport.Message.Hello;
import org.convoyml.spark.collective.transport.Message.Kind;
import org.convoyml.spark.collective.transport.Message.Numbers;
import org.convoyml.spark.collective.transport.Message.Ready;
import org.junit.jupiter.api.Test;

/** What comes at the wrong time, or twice, or never existed, is refused and takes no memory. */
class InboxTest {
  private static final int LENGTH = 1000;
  private static final int CHUNK = 300;
  private static final Membership MEMBERSHIP = new Membership("group", 0, 2, LENGTH, "lane 0");

  private final Inbox inbox =
      new Inbox(MEMBERSHIP, new Waiting(Loopback.LONG, Loopback.NEVER), CHUNK);

  private static Enter enter(long operation, Kind kind) {
    List<Subtree> subtrees =
        kind == Kind.REDUCE ? List.of(new Subtree(1, 1, null, Totals.NONE)) : List.of();
    return new Enter(operation, kind, 1, subtrees);
  }

  @Test
  void anotherMayBeOneOperationAheadAndNoMore() {
    inbox.take(1, enter(1, Kind.GATHER));
    refused(new Numbers(2, 1, 0, new double[1]));
    inbox.begin(1, null);
    inbox.take(1, new Numbers(2, 1, 0, new double[1]));
    assertThat(inbox.entry(1, 1)).isInstanceOf(Enter.class);
    assertThat(inbox.entry(2, 1)).isInstanceOf(Numbers.class);
    assertThat(inbox.entry(3, 1)).isNull();
    refused(enter(3, Kind.GATHER));
  }

  @Test
  void nobodyComesToAnOperationTwiceOrToOneThatIsNone() {
    inbox.begin(1, null);
    inbox.take(1, enter(1, Kind.GATHER));
    refused(enter(1, Kind.GATHER));
    refused(enter(-2, Kind.GATHER));
    refused(enter(Long.MAX_VALUE, Kind.GATHER));
  }

  /** Who takes nothing is named, though it owes nothing. */
  @Test
  void whoDoesNotReadIsWaitedForByName() {
    Inbox impatient =
        new Inbox(
            new Membership("group", 0, 3, LENGTH, "lane 0"),
            new Waiting(Duration.ofMillis(50), Loopback.NEVER),
            CHUNK);
    impatient.sending(1);
    impatient.sending(2);
    impatient.sent(1);
    assertThat(impatient.allSent()).isFalse();
    assertThatThrownBy(
            () -> impatient.awaitChange(impatient.changes(), "gather of step 7", List.of()))
        .isInstanceOf(ConvoyException.class)
        .hasMessage("gather of step 7: nothing came for 0 s from worker 2");
    impatient.sent(2);
    assertThat(impatient.allSent()).isTrue();
  }

  @Test
  void roomOnlyGrows() {
    inbox.begin(1, null);
    inbox.take(1, new Credit(1, 5));
    refused(new Credit(1, 5));
    refused(new Credit(1, -1));
    refused(new Credit(2, 6));
    inbox.take(1, new Credit(1, 6));
  }

  @Test
  void whatBeginsAConnectionIsNotSaidLater() {
    inbox.take(1, new Ready());
    refused(new Ready());
    refused(new Hello("group", 1, 0, 2, LENGTH, CHUNK));
  }

  @Test
  void floatsComeOnlyToThoseWhoWaitForThem() {
    float[] vector = new float[LENGTH];
    refused(new Floats(0, 0, 0, 10));
    inbox.begin(1, new VectorReception(vector, MEMBERSHIP));
    refused(new Floats(1, 0, LENGTH, 10)); // not before it has come
    inbox.take(1, enter(1, Kind.GATHER));
    refused(new Floats(2, 0, LENGTH, 10));
    inbox.end();
    refused(new Floats(1, 0, LENGTH, 10));
  }

  @Test
  void theElementsOfAVectorComeInOrder() {
    Membership second = new Membership("group", 1, 2, 2 * Blocks.SIZE, "lane 1");
    Inbox member = new Inbox(second, new Waiting(Loopback.LONG, Loopback.NEVER), CHUNK);
    member.begin(1, new VectorReception(new float[2 * Blocks.SIZE], second));
    member.take(0, enter(1, Kind.GATHER));
    assertThat(member.placeFor(0, new Floats(1, 0, 0, 100)).index()).isZero();
    for (Floats wrong :
        List.of(
            new Floats(1, 0, 0, 100),
            new Floats(1, 0, 200, 100),
            new Floats(1, 0, -1, 1),
            new Floats(1, 1, 100, 1),
            new Floats(1, 0, Integer.MAX_VALUE, Integer.MAX_VALUE),
            new Floats(1, 0, 100, 0),
            new Floats(1, 0, 100, -1),
            new Floats(1, 0, 100, Blocks.SIZE))) {
      assertThatThrownBy(() -> member.placeFor(0, wrong))
          .as("%s", wrong)
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(member.placeFor(0, new Floats(1, 0, 100, Blocks.SIZE - 100)).index()).isEqualTo(100);
    assertThatThrownBy(() -> member.placeFor(0, new Floats(1, 0, Blocks.SIZE, 1)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void chunksOfASumComeOnceAndWhereTheyBelong() {
    Membership owner = new Membership("group", 1, 2, LENGTH, "lane 1");
    ChunkSums sums = new ChunkSums(new Slices(owner, CHUNK), 1, 2);
    sums.begin(List.of());
    inbox.begin(1, sums);
    inbox.take(1, enter(1, Kind.REDUCE));
    assertThat(inbox.placeFor(1, new Floats(1, 0, 300, 300))).isNotNull();
    assertThat(inbox.placeFor(1, new Floats(1, 0, 900, 100))).isNotNull();
    for (Floats wrong :
        List.of(
            new Floats(1, 0, 300, 300),
            new Floats(1, 1, 0, 300),
            new Floats(1, -1, 0, 300),
            new Floats(1, Integer.MAX_VALUE, 0, 300),
            new Floats(1, 0, 1, 300),
            new Floats(1, 0, -300, 300),
            new Floats(1, 0, 0, 301),
            new Floats(1, 0, 0, -300),
            new Floats(1, 0, 900, 300),
            new Floats(1, 0, 1200, 300))) {
      assertThatThrownBy(() -> inbox.placeFor(1, wrong))
          .as("%s", wrong)
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aMemberThatHasFailedTakesNothingMore() {
    inbox.fail(new ConvoyException("cat.jpg: not an image"));
    inbox.take(1, enter(17, Kind.GATHER));
    inbox.take(1, new Bye());
    assertThat(inbox.placeFor(1, new Floats(17, 0, 0, 1))).isNull();
    assertThatThrownBy(inbox::throwIfFailed).hasMessage("cat.jpg: not an image");
  }

  private void refused(Message message) {
    assertThatThrownBy(() -> inbox.take(1, message)).isInstanceOf(IllegalStateException.class);
  }

  private void refused(Floats floats) {
    assertThatThrownBy(() -> inbox.placeFor(1, floats)).isInstanceOf(IllegalStateException.class);
  }
}
