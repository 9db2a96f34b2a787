package org.convoyml.nn.engine.onednn;

import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.convoyml.nn.engine.CompileOptions.Precision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this processor can do with bfloat16. */
final class Bf16 {
  private static final Logger LOG = LoggerFactory.getLogger(Bf16.class);
  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private Bf16() {}

  /**
   * The type of numbers to compute with. Says once in the log if bf16 will be slow or is not to be
   * had; results then are as exact, or more so.
   */
  static memory.data_type typeFor(Precision precision) {
    if (precision == Precision.F32) {
      return Layouts.F32;
    }
    if (CpuEngine.hasFeatures(dnnl.dnnl_cpu_isa_avx512_core_bf16)) {
      return memory.data_type.bf16;
    }
    if (CpuEngine.hasAvx512()) {
      warnOnce("bf16 is emulated on this processor, which is slower than f32");
      return memory.data_type.bf16;
    }
    warnOnce("this processor has no bf16 nor AVX-512 to emulate it: computing in f32");
    return Layouts.F32;
  }

  private static void warnOnce(String message) {
    if (!WARNED.getAndSet(true)) {
      LOG.warn(message);
    }
  }
}
