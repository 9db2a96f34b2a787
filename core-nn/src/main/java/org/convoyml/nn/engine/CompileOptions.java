package org.convoyml.nn.engine;

/**
 * What a network is compiled for.
 *
 * @param maxBatchSize the largest micro-batch, at least 1
 * @param threads compute threads, at least 1; a result is exact to the bit for one number of
 *     threads
 * @param mode whether gradients are wanted
 * @param precision of activations and weights inside the engine; parameters and gradients that pass
 *     in and out are always f32
 */
public record CompileOptions(int maxBatchSize, int threads, Mode mode, Precision precision) {
  /** What numbers an engine computes with. An engine may compute more exactly than asked. */
  public enum Precision {
    F32,
    /**
     * Activations, weights and their products in bfloat16 (8 bits of mantissa), sums in f32, master
     * weights in f32.
     *
     * @see <a href="https://arxiv.org/abs/1905.12322">Kalamkar et al., A study of BFLOAT16 for deep
     *     learning training</a>
     */
    BF16
  }

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
    return new CompileOptions(maxBatchSize, threads, Mode.TRAINING, Precision.F32);
  }

  public static CompileOptions inference(int maxBatchSize, int threads) {
    return new CompileOptions(maxBatchSize, threads, Mode.INFERENCE, Precision.F32);
  }

  /** The same with another precision. */
  public CompileOptions withPrecision(Precision other) {
    return new CompileOptions(maxBatchSize, threads, mode, other);
  }
}
