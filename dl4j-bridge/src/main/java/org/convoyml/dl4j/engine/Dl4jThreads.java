package org.convoyml.dl4j.engine;

import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.factory.Nd4j;

/** With how many threads Deeplearning4j computes. */
public final class Dl4jThreads {
  private Dl4jThreads() {}

  /** Sets it for the whole JVM, since ND4J knows no other way: all workers in it have as many. */
  public static void use(int threads) {
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
    // It multiplies matrices for ND4J.
    openblas.blas_set_num_threads(threads);
  }
}
