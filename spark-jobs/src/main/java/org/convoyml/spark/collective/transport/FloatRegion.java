package org.convoyml.spark.collective.transport;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import org.apache.spark.network.util.AbstractFileRegion;

/**
 * A range of floats that is written to a channel as little-endian bytes behind a few others, piece
 * by piece through a buffer that stays in the processor's cache. Writing allocates nothing of a
 * vector's size.
 */
final class FloatRegion extends AbstractFileRegion {
  private final ByteBuffer header;
  private final float[] vector;
  private final long bytes;
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

    Window(ByteBuf memory) {
      bytes = memory.nioBuffer(0, BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.limit(0);
    }

    /** Takes what is left of the header and then as many floats as there is room for. */
    private int fill(ByteBuffer header, float[] vector, int first, long left) {
      bytes.clear().put(header);
      int count = (int) Math.min(left, bytes.remaining() / Float.BYTES);
      bytes.asFloatBuffer().put(vector, first, count);
      bytes.limit(bytes.position() + count * Float.BYTES).rewind();
      return count;
    }
  }

  /**
   * @param header goes before the floats; a multiple of four bytes
   */
  FloatRegion(ByteBuffer header, float[] vector, int first, int count, Window window) {
    this.header = header;
    this.vector = vector;
    this.next = first;
    this.bytes = header.remaining() + (long) count * Float.BYTES;
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
    return bytes;
  }

  @Override
  public long transferTo(WritableByteChannel target, long position) throws IOException {
    if (position != transferred) {
      throw new IllegalArgumentException(
          "expected position %d, got %d".formatted(transferred, position));
    }
    if (!window.bytes.hasRemaining()) {
      long left = (bytes - transferred - header.remaining()) / Float.BYTES;
      next += window.fill(header, vector, next, left);
    }
    int written = target.write(window.bytes);
    transferred += written;
    return written;
  }

  @Override
  protected void deallocate() {}
}
