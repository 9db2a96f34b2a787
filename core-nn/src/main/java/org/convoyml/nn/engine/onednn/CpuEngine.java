package org.convoyml.nn.engine.onednn;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.PointerScope;

/**
 * oneDNN's CPU engine. It has no state, so there is one for the whole process; it is never
 * released, because oneDNN's global primitive cache may hold primitives that refer to it.
 */
final class CpuEngine {
  private static final engine INSTANCE = create();

  private CpuEngine() {}

  static engine get() {
    return INSTANCE;
  }

  /** Whether oneDNN uses AVX-512 here. */
  static boolean hasAvx512() {
    return hasFeatures(dnnl.dnnl_cpu_isa_avx512_core);
  }

  /** Whether AVX2 is the most that oneDNN uses here. */
  static boolean stopsAtAvx2() {
    return hasFeatures(dnnl.dnnl_cpu_isa_avx2) && !hasAvx512();
  }

  /**
   * Whether oneDNN uses all features of an instruction set here.
   *
   * @param instructionSet one of {@code dnnl_cpu_isa_…}, which are sets of bits
   */
  static boolean hasFeatures(int instructionSet) {
    return (dnnl.dnnl_get_effective_cpu_isa() & instructionSet) == instructionSet;
  }

  private static engine create() {
    try (PointerScope scope = new PointerScope()) {
      engine created = new engine(engine.kind.cpu, 0);
      created.retainReference();
      return created;
    }
  }
}
