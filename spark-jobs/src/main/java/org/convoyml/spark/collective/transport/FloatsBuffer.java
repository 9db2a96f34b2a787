package org.convoyml.spark.collective.transport;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.spark.network.buffer.ManagedBuffer;

/** A range of floats for Spark's transport, which says when they have been written. */
final class FloatsBuffer extends ManagedBuffer {
  private final float[] vector;
  private final int first;
  private final int count;
  private final FloatRegion.Window window;
  private final Runnable written;

  FloatsBuffer(float[] vector, int first, int count, FloatRegion.Window window, Runnable written) {
    this.vector = vector;
    this.first = first;
    this.count = count;
    this.window = window;
    this.written = written;
  }

  @Override
  public long size() {
    return (long) count * Float.BYTES;
  }

  @Override
  public Object convertToNetty() {
    return new FloatRegion(vector, first, count, window);
  }

  @Override
  public ByteBuffer nioByteBuffer() {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(count, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector, first, count);
    return bytes;
  }

  @Override
  public InputStream createInputStream() {
    return new java.io.ByteArrayInputStream(nioByteBuffer().array());
  }

  @Override
  public ManagedBuffer retain() {
    throw new UnsupportedOperationException("floats are sent once");
  }

  /** Called once, when they were written or never will be. */
  @Override
  public ManagedBuffer release() {
    written.run();
    return this;
  }
}
