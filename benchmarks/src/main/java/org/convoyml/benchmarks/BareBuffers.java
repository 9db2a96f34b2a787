package org.convoyml.benchmarks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.convoyml.nn.random.KeyedRandom;

/**
 * Buffers of primitives that run one at a time: all of one primitive are apart, those of different
 * primitives lie in the same memory. What is read has ordinary numbers in it. Memory that nothing
 * was ever written to would not do: the operating system shows one page of zeros everywhere in it,
 * which stays in the cache, so that reading gigabytes of weights would cost next to nothing.
 */
final class BareBuffers {
  private static final int PATTERN_BYTES = 1 << 20;
  private static final long ALIGNMENT = 4096;

  private final engine engine;
  private final BytePointer pattern = new BytePointer(pattern());
  private final Area read = new Area();
  private final Area written = new Area();

  /** Memory, and the buffers that are to lie in it. */
  private static final class Area {
    private record Placed(memory buffer, long offset) {}

    private final List<Placed> buffers = new ArrayList<>();
    private long end;
    private long bytes;

    private memory place(memory.desc layout, engine engine, Pointer forNow) {
      memory buffer = new memory(layout, engine, forNow);
      buffers.add(new Placed(buffer, end));
      end += (layout.get_size() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      bytes = Math.max(bytes, end);
      return buffer;
    }

    /** Stays allocated as long as the process runs. */
    private BytePointer allocate() {
      BytePointer block = new BytePointer(Pointer.malloc(bytes + ALIGNMENT));
      BytePointer start = block.getPointer(ALIGNMENT - block.address() % ALIGNMENT);
      buffers.forEach(each -> each.buffer().set_data_handle(start.getPointer(each.offset())));
      return start;
    }
  }

  BareBuffers(engine engine) {
    this.engine = engine;
  }

  /** The buffers from here on belong to the next primitive. */
  void next() {
    read.end = 0;
    written.end = 0;
  }

  /** A buffer that the primitive reads. */
  memory source(memory.desc layout) {
    return read.place(layout, engine, pattern);
  }

  /** A buffer that the primitive writes. */
  memory destination(memory.desc layout) {
    return written.place(layout, engine, pattern);
  }

  /** Gives all buffers their place; there can be no others afterwards. */
  void allocate() {
    fill(read.allocate(), read.bytes);
    fill(written.allocate(), written.bytes);
  }

  private void fill(BytePointer start, long bytes) {
    for (long offset = 0; offset < bytes; offset += PATTERN_BYTES) {
      Pointer.memcpy(start.getPointer(offset), pattern, Math.min(PATTERN_BYTES, bytes - offset));
    }
  }

  /** Numbers from 0.5 to 1.5 as bf16; read as f32 they are such numbers too. */
  private static ByteBuffer pattern() {
    ByteBuffer pattern = ByteBuffer.allocateDirect(PATTERN_BYTES).order(ByteOrder.nativeOrder());
    KeyedRandom random = KeyedRandom.of(1);
    while (pattern.hasRemaining()) {
      float number = (float) random.uniform(0.5, 1.5);
      pattern.putShort((short) (Float.floatToIntBits(number) >>> Short.SIZE));
    }
    return pattern.flip();
  }
}
