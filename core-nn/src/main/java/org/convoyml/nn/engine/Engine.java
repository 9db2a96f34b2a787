package org.convoyml.nn.engine;

import java.util.Optional;
import org.convoyml.nn.spec.NetworkSpec;

/** A way to compute networks. Found with {@link java.util.ServiceLoader}; see {@link Engines}. */
public interface Engine {
  /** By which users choose it, for example {@code onednn}. */
  String name();

  /**
   * Library, version and processor features, for provenance: results are exact to the bit only for
   * equal ones.
   */
  String version();

  /** Engines of higher speed are preferred; {@code reference} is 0. */
  int preference();

  /** Why it cannot run here, or empty if it can. */
  Optional<String> unavailable();

  /**
   * Compiles a network for micro-batches of up to {@code options.maxBatchSize()} examples. The
   * result belongs to the calling thread.
   */
  CompiledNetwork compile(NetworkSpec network, CompileOptions options);
}
