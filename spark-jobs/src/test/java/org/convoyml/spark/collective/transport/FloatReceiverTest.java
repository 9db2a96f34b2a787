package org.convoyml.spark.collective.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatReceiverTest {
  private static final float[] SENT = {1.5f, -0f, Float.MIN_VALUE, -3e38f, Float.NaN, 7};

  private final float[] array = {9, 9, 9, 9, 9, 9, 9, 9};
  private final List<String> events = new ArrayList<>();
  private final FloatReceiver receiver =
      new FloatReceiver(
          new Reception.Place(array, 1),
          SENT.length,
          () -> events.add("complete"),
          cause -> events.add(cause.getMessage()));

  private static ByteBuffer bytes(int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < Math.min(SENT.length, length / Float.BYTES); i++) {
      bytes.putFloat(Float.BYTES * i, SENT[i]);
    }
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 7, 23, 24})
  void floatsArriveHoweverTheyAreCut(int piece) {
    ByteBuffer all = bytes(SENT.length * Float.BYTES);
    while (all.hasRemaining()) {
      int length = Math.min(piece, all.remaining());
      receiver.onData("", all.slice(all.position(), length));
      all.position(all.position() + length);
    }
    receiver.onComplete("");
    assertThat(events).containsExactly("complete");
    assertThat(array).containsExactly(9, 1.5f, -0f, Float.MIN_VALUE, -3e38f, Float.NaN, 7, 9);
  }

  @Test
  void floatsThatAreMissingAreNoticed() {
    receiver.onData("", bytes(5 * Float.BYTES + 3));
    receiver.onComplete("");
    assertThat(events).containsExactly("1 floats are missing");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 9})
  void whatIsTooMuchHarmsNothing(int more) {
    ByteBuffer all = bytes(SENT.length * Float.BYTES + more);
    assertThatThrownBy(
            () -> {
              while (all.hasRemaining()) {
                receiver.onData("", all.slice(all.position(), 1));
                all.position(all.position() + 1);
              }
            })
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> receiver.onData("", bytes(Float.BYTES)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(array[7]).isEqualTo(9);
  }
}
