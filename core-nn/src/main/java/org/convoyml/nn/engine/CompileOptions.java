package org.convoyml.nn.engine;

/**
 * What a network is compiled for.
 *
 * @param maxBatchSize the largest micro-batch, at least 1
 * @param threads compute threads, at least 1; a result is exact to the bit for one number of
 *     threads
 * @param mode whether gradients are wanted
 */
public record CompileOptions(int maxBatchSize, int threads, Mode mode) {
  /** Whether gradients are wanted. */
  public enum Mode {
    /** {@link CompiledNetwork#step} and {@link CompiledNetwork#infer}. */
    TRAINING,
    /** {@link CompiledNetwork#infer} only: nothing is kept for a backward pass. */
    INFERENCE
  }

  public CompileOptions {
    if (maxBatchSize <= 0) {
      throw new IllegalArgumentException("maxBatchSize must be positive, got " + maxBatchSize);
    }
    if (threads <= 0) {
      throw new IllegalArgumentException("threads must be positive, got " + threads);
    }
  }

  public static CompileOptions training(int maxBatchSize, int threads) {
    return new CompileOptions(maxBatchSize, threads, Mode.TRAINING);
  }

  public static CompileOptions inference(int maxBatchSize, int threads) {
    return new CompileOptions(maxBatchSize, threads, Mode.INFERENCE);
  }
}
