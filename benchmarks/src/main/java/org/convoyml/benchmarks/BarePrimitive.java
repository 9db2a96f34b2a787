package org.convoyml.benchmarks;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.stream;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.PadShortcut;

/**
 * One oneDNN primitive with its buffers.
 *
 * @param layer the layer that it computes
 * @param pass forward, or one of the backward passes
 * @param implementation oneDNN's name of what it chose, such as {@code brgconv:avx512_core}
 * @param primitive what runs
 * @param arguments its buffers
 */
record BarePrimitive(
    LayerNode layer,
    Pass pass,
    String implementation,
    primitive primitive,
    IntMemoryMap arguments) {
  /** What a primitive computes for its layer. */
  enum Pass {
    FORWARD,
    /** The gradient of the input; of a batch norm all gradients. */
    BACKWARD_DATA,
    BACKWARD_WEIGHTS
  }

  /** Whether it stands for a shortcut without parameters, which need not be a convolution. */
  boolean isPadShortcut() {
    return layer.layer() instanceof PadShortcut;
  }

  void run(stream stream) {
    primitive.execute(stream, arguments);
    stream._wait();
  }
}
