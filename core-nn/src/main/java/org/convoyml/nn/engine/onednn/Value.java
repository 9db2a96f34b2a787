package org.convoyml.nn.engine.onednn;

import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.Pointer;

/**
 * A tensor in native memory: a layout, and a place. The place is given from outside, or planned
 * once it is known from which instruction to which the tensor lives. A view shares the place of the
 * value it looks at.
 */
final class Value {
  private final memory.desc desc;
  private final Value storage;
  private final Pointer fixedAddress;
  private int firstUse = Integer.MAX_VALUE;
  private int lastUse = -1;
  private long offset = -1;
  private memory handle;

  private Value(memory.desc desc, Value storage, Pointer fixedAddress) {
    this.desc = desc;
    this.storage = storage == null ? this : storage;
    this.fixedAddress = fixedAddress;
  }

  /** A tensor whose place will be planned. */
  static Value planned(memory.desc desc) {
    return new Value(desc, null, null);
  }

  /** A tensor at a given address. */
  static Value fixed(memory.desc desc, Pointer address) {
    return new Value(desc, null, address);
  }

  /** The same bytes seen with another layout of the same size. */
  Value viewedAs(memory.desc other) {
    return new Value(other, storage, null);
  }

  memory.desc desc() {
    return desc;
  }

  long bytes() {
    return desc.get_size();
  }

  /** The value whose place this one shares: itself unless it is a view. */
  Value storage() {
    return storage;
  }

  /** True if its place is for the plan to give. */
  boolean isPlanned() {
    return storage == this && fixedAddress == null;
  }

  /** Notes that the instruction with this number reads or writes it. */
  void useAt(int instruction) {
    firstUse = Math.min(firstUse, instruction);
    lastUse = Math.max(lastUse, instruction);
  }

  int firstUse() {
    return firstUse;
  }

  int lastUse() {
    return lastUse;
  }

  long offset() {
    return offset;
  }

  void placeAt(long newOffset) {
    offset = newOffset;
  }

  /** Where its bytes are, given the buffer of planned tensors. */
  Pointer address(Pointer buffer) {
    if (storage.fixedAddress != null) {
      return storage.fixedAddress;
    }
    if (storage.offset < 0) {
      throw new IllegalStateException("a tensor is used that was never placed");
    }
    return Buffers.at(buffer, storage.offset);
  }

  memory handle() {
    return handle;
  }

  void bind(memory newHandle) {
    handle = newHandle;
  }
}
