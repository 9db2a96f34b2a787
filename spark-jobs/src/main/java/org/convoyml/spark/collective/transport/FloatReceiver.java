package org.convoyml.spark.collective.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.apache.spark.network.client.StreamCallbackWithID;

/** Puts the bytes of an upload into an array of floats, however they are cut. */
final class FloatReceiver implements StreamCallbackWithID {
  private final float[] array;
  private final int end;
  private final Runnable complete;
  private final Consumer<Throwable> failed;
  private int next;

  /** The first bytes of a float of which the others are still to come, and how many. */
  private int begun;

  private int bytesBegun;

  FloatReceiver(Reception.Place place, int count, Runnable complete, Consumer<Throwable> failed) {
    this.array = place.array();
    this.next = place.index();
    this.end = next + count;
    this.complete = complete;
    this.failed = failed;
  }

  @Override
  public String getID() {
    return "floats";
  }

  @Override
  public void onData(String id, ByteBuffer bytes) {
    while (bytesBegun != 0 && bytes.hasRemaining()) {
      takeByte(bytes.get());
    }
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    int whole = bytes.remaining() / Float.BYTES;
    if (whole > end - next) {
      throw new IllegalStateException("%d floats too many".formatted(whole - (end - next)));
    }
    bytes.asFloatBuffer().get(array, next, whole);
    next += whole;
    bytes.position(bytes.position() + whole * Float.BYTES);
    while (bytes.hasRemaining()) {
      takeByte(bytes.get());
    }
  }

  private void takeByte(byte value) {
    if (next == end) {
      throw new IllegalStateException("bytes behind the last float");
    }
    begun |= (value & 0xFF) << (Byte.SIZE * bytesBegun);
    bytesBegun++;
    if (bytesBegun == Float.BYTES) {
      array[next] = Float.intBitsToFloat(begun);
      next++;
      begun = 0;
      bytesBegun = 0;
    }
  }

  @Override
  public void onComplete(String id) {
    if (next != end) {
      failed.accept(new IllegalStateException("%d floats are missing".formatted(end - next)));
      return;
    }
    complete.run();
  }

  @Override
  public void onFailure(String id, Throwable cause) {
    failed.accept(cause);
  }
}
