package org.convoyml.spark.collective.transport;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.WritableByteChannel;
import org.apache.spark.network.util.AbstractFileRegion;

/**
 * A range of floats that is written to a channel as little-endian bytes, piece by piece through a
 * buffer that stays in the processor's cache. Writing allocates nothing.
 */
final class FloatRegion extends AbstractFileRegion {
  private final float[] vector;
  private final int count;
  private final Window window;
  private int next;
  private long transferred;

  /**
   * Where the floats of one channel become bytes. Netty writes one region after the other, so they
   * share it.
   */
  static final class Window {
    /** A few times what a socket takes at once, and a small part of a second-level cache. */
    static final int BYTES = 256 * 1024;

    private final ByteBuffer bytes;
    private final FloatBuffer floats;

    Window(ByteBuf memory) {
      bytes = memory.nioBuffer(0, BYTES).order(ByteOrder.LITTLE_ENDIAN);
      floats = bytes.asFloatBuffer();
      bytes.limit(0);
    }

    private void fill(float[] vector, int first, int count) {
      floats.clear();
      floats.put(vector, first, count);
      bytes.clear().limit(count * Float.BYTES);
    }

    private static int capacity() {
      return BYTES / Float.BYTES;
    }
  }

  FloatRegion(float[] vector, int first, int count, Window window) {
    this.vector = vector;
    this.next = first;
    this.count = count;
    this.window = window;
  }

  @Override
  public long position() {
    return 0;
  }

  @Override
  public long transferred() {
    return transferred;
  }

  @Override
  public long count() {
    return (long) count * Float.BYTES;
  }

  @Override
  public long transferTo(WritableByteChannel target, long position) throws IOException {
    if (position != transferred) {
      throw new IllegalArgumentException(
          "expected position %d, got %d".formatted(transferred, position));
    }
    if (!window.bytes.hasRemaining()) {
      int left = (int) ((count() - transferred) / Float.BYTES);
      int filled = Math.min(left, Window.capacity());
      window.fill(vector, next, filled);
      next += filled;
    }
    int written = target.write(window.bytes);
    transferred += written;
    return written;
  }

  @Override
  protected void deallocate() {}
}
