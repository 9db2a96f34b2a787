package org.convoyml.nn.engine.onednn;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Owns native objects beyond the scope in which they were made, and releases them in reverse order,
 * at once and not when the garbage collector comes by.
 */
final class Buffers implements AutoCloseable {
  private static final int ALIGNMENT = 64;

  private final Deque<Runnable> kept = new ArrayDeque<>();

  /** Keeps an object until {@link #close}. */
  <P extends Pointer> P keep(P pointer) {
    pointer.retainReference();
    kept.push(pointer::releaseReference);
    return pointer;
  }

  /**
   * Zeroed native memory, aligned as oneDNN's kernels like it. The operating system zeroes a page
   * when it is first used, so what is planned but never used costs nothing.
   */
  Pointer allocate(long bytes) {
    Pointer block = Pointer.calloc(1, bytes + ALIGNMENT);
    if (block == null || block.isNull()) {
      throw new OutOfMemoryError("no native memory for %,d bytes".formatted(bytes));
    }
    kept.push(() -> Pointer.free(block));
    return at(block, ALIGNMENT - block.address() % ALIGNMENT);
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
      kept.pop().run();
    }
  }
}
