package org.convoyml.nn.io;

import java.util.List;

/**
 * A tensor as the header of a safetensors file describes it.
 *
 * @param name unique in the file
 * @param type how its numbers are stored
 * @param shape none (a scalar) or more dimensions, none negative
 * @param begin offset of its first byte, counted from the end of the header
 * @param end offset behind its last byte
 */
public record TensorEntry(String name, DataType type, List<Long> shape, long begin, long end) {
  /** Number formats, by the names that the file format gives them. */
  public enum DataType {
    BOOL(1),
    U8(1),
    I8(1),
    F8_E4M3(1),
    F8_E5M2(1),
    U16(2),
    I16(2),
    F16(2),
    BF16(2),
    U32(4),
    I32(4),
    F32(4),
    U64(8),
    I64(8),
    F64(8);

    private final int bytes;

    DataType(int bytes) {
      this.bytes = bytes;
    }

    /** Of one number. */
    public int bytes() {
      return bytes;
    }
  }

  public TensorEntry {
    shape = List.copyOf(shape);
  }
}
