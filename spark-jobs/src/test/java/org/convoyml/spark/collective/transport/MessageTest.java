package org.convoyml.spark.collective.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import org.convoyml.spark.collective.Subtree;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.collective.transport.Message.Abort;
import org.convoyml.spark.collective.transport.Message.Bye;
import org.convoyml.spark.collective.transport.Message.Credit;
import org.convoyml.spark.collective.transport.Message.Enter;
import org.convoyml.spark.collective.transport.Message.Figures;
import org.convoyml.spark.collective.transport.Message.Hello;
import org.convoyml.spark.collective.transport.Message.Kind;
import org.convoyml.spark.collective.transport.Message.Numbers;
import org.convoyml.spark.collective.transport.Message.Ready;
import org.junit.jupiter.api.Test;

class MessageTest {
  private static final List<Message> MESSAGES =
      List.of(
          new Hello("round 1, attempt 2 of hdfs:/m\u00FCnchen", 3, 0, 8, 1 << 30, 1 << 20),
          new Ready(),
          new Enter(1L << 40, Kind.GATHER, 17, List.of()),
          new Enter(
              2,
              Kind.REDUCE,
              -1,
              List.of(new Subtree(2, 2, null, Totals.NONE), new Subtree(4, 1, null, Totals.NONE))),
          new Figures(2, List.of(new Totals(0.1, 7, 3), Totals.NONE)),
          new Credit(3, 5),
          new Abort(true, "worker 3 is gone"),
          new Abort(false, "cat.jpg: not an image"),
          new Bye());

  @Test
  void whatWasEncodedIsDecoded() {
    for (Message message : MESSAGES) {
      assertThat(Message.decode(message.encode())).isEqualTo(message);
    }
    Numbers numbers =
        (Numbers) Message.decode(new Numbers(4, 9, 6, new double[] {1, Math.PI}).encode());
    assertThat(numbers.operation()).isEqualTo(4);
    assertThat(numbers.step()).isEqualTo(9);
    assertThat(numbers.first()).isEqualTo(6);
    assertThat(numbers.values()).containsExactly(1, Math.PI);
  }

  @Test
  void whatWasCutOffIsRefused() {
    for (Message message : MESSAGES) {
      // A text that is the last field may be of any length, and there may be any number of figures.
      int least =
          message instanceof Abort || message instanceof Figures
              ? 1
              : message.encode().remaining() - 1;
      for (int length = 0; length <= least; length++) {
        ByteBuffer cut = message.encode().limit(length);
        assertThatThrownBy(() -> Message.decode(cut))
            .as("%d bytes of %s", length, message)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("was cut off");
      }
    }
  }

  @Test
  void nonsenseIsRefused() {
    refused("no message begins with 120", ByteBuffer.wrap(new byte[] {'x'}));
    refused("a text of -1 bytes was cut off", ByteBuffer.allocate(30).put((byte) 'H').putInt(-1));
    refused(
        "a text of 2147483647 bytes was cut off",
        ByteBuffer.allocate(30).put((byte) 'H').putInt(Integer.MAX_VALUE));
    refused("no kind 3", enter(3, 0));
    refused("no kind -1", enter(-1, 0));
    refused("-1 subtrees", enter(0, -1));
    refused("2147483647 subtrees", enter(0, Integer.MAX_VALUE));
  }

  private static ByteBuffer enter(int kind, int subtrees) {
    return ByteBuffer.allocate(200)
        .put((byte) 'E')
        .putLong(1)
        .putInt(kind)
        .putLong(1)
        .putInt(subtrees);
  }

  private static void refused(String why, ByteBuffer bytes) {
    assertThatThrownBy(() -> Message.decode(bytes.rewind()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
