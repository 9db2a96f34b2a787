package org.convoyml.spark.collective.transport;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.spark.network.buffer.ManagedBuffer;

/** A range of floats for Spark's transport, which says when they have been written. */
final class FloatsBuffer extends ManagedBuffer {
  private final ByteBuffer header;
  private final float[] vector;
  private final int first;
  private final int count;
  private final FloatRegion.Window window;
  private final Runnable written;

  /**
   * @param header goes before the floats
   * @param written called when the floats were written, or never will be
   */
  FloatsBuffer(
      ByteBuffer header,
      float[] vector,
      int first,
      int count,
      FloatRegion.Window window,
      Runnable written) {
    this.header = header;
    this.vector = vector;
    this.first = first;
    this.count = count;
    this.window = window;
    this.written = written;
  }

  @Override
  public long size() {
    return header.remaining() + (long) count * Float.BYTES;
  }

  @Override
  public Object convertToNetty() {
    return new FloatRegion(header.duplicate(), vector, first, count, window);
  }

  @Override
  public ByteBuffer nioByteBuffer() {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size())).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(header.duplicate()).asFloatBuffer().put(vector, first, count);
    return bytes.rewind();
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
