package org.convoyml.nn.engine.onednn;

import org.bytedeco.dnnl.memory;
import org.convoyml.nn.spec.Shape;

/** Memory descriptions of tensors. */
final class Layouts {
  static final memory.data_type F32 = memory.data_type.f32;

  private static final memory.format_tag[] PLAIN = {
    null,
    memory.format_tag.a,
    memory.format_tag.ab,
    memory.format_tag.abc,
    memory.format_tag.abcd,
    memory.format_tag.abcde
  };

  private Layouts() {}

  /** Lets oneDNN choose. */
  static memory.desc any(memory.data_type type, long... dimensions) {
    return new memory.desc(dimensions, type, memory.format_tag.any, false);
  }

  /** A feature map of the same type and dimensions, with the channels of a pixel side by side. */
  static memory.desc channelsLast(memory.desc any) {
    return new memory.desc(dimensionsOf(any), any.get_data_type(), memory.format_tag.nhwc, false);
  }

  /** Row-major, f32. */
  static memory.desc plain(long... dimensions) {
    return plain(F32, dimensions);
  }

  /** Row-major. */
  static memory.desc plain(memory.data_type type, long... dimensions) {
    return new memory.desc(dimensions, type, PLAIN[dimensions.length], false);
  }

  /** {@code (N, C, H, W)} or {@code (N, C)}. */
  static long[] dimensions(int batch, Shape shape) {
    return shape.isSpatial()
        ? new long[] {batch, shape.channels(), shape.height(), shape.width()}
        : new long[] {batch, shape.channels()};
  }

  static long[] dimensionsOf(memory.desc desc) {
    long[] dimensions = new long[desc.get_ndims()];
    desc.get_dims().get(dimensions);
    return dimensions;
  }
}
