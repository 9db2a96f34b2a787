package org.convoyml.nn.engine.onednn;

import org.bytedeco.dnnl.engine;
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

  private static engine create() {
    try (PointerScope scope = new PointerScope()) {
      engine created = new engine(engine.kind.cpu, 0);
      created.retainReference();
      return created;
    }
  }
}
