package org.convoyml.nn.engine.onednn;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Owns native objects beyond the scope in which they were made, and releases them in reverse order,
 * at once and not when the garbage collector comes by.
 */
final class Buffers implements AutoCloseable {
  private final Deque<Pointer> kept = new ArrayDeque<>();

  /** Keeps an object until {@link #close}. */
  <P extends Pointer> P keep(P pointer) {
    pointer.retainReference();
    kept.push(pointer);
    return pointer;
  }

  /** Zeroed native memory, aligned by oneDNN as its kernels like it. */
  Pointer allocate(engine engine, long bytes) {
    memory.desc desc =
        new memory.desc(
            new long[] {Math.max(bytes, 64)}, memory.data_type.u8, memory.format_tag.a, false);
    Pointer address = keep(new memory(desc, engine)).get_data_handle();
    return Pointer.memset(address, 0, Math.max(bytes, 64));
  }

  /** The address {@code offset} bytes further on. */
  static Pointer at(Pointer base, long offset) {
    return new BytePointer(base).getPointer(offset);
  }

  /**
   * Numbers at an address, for copying from and to Java arrays. Java's own buffers copy faster than
   * JavaCPP's pointers, which copy an array twice.
   */
  static FloatBuffer floats(Pointer address, long bytes) {
    return new BytePointer(address)
        .capacity(bytes)
        .asByteBuffer()
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  @Override
  public void close() {
    while (!kept.isEmpty()) {
      kept.pop().releaseReference();
    }
  }
}
