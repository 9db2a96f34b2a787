package org.convoyml.nn.engine;

import org.convoyml.nn.random.KeyedRandom;

/** Which numbers dropout keeps: the same for every engine. */
public final class DropoutMask {
  /** Keeps these draws apart from others with the same key. */
  private static final long PURPOSE = 0x64726F706F7574L;

  private DropoutMask() {}

  /**
   * The key of one layer's mask.
   *
   * @param batchKey {@link MicroBatch#key}
   * @param layer index of the layer in the network
   */
  public static long key(long batchKey, int layer) {
    return KeyedRandom.key(PURPOSE, batchKey, layer);
  }

  /**
   * What a number is multiplied with.
   *
   * @param key of {@link #key}
   * @param element its index in the micro-batch's output, canonical order
   * @param rate of the layer
   * @return 0, or {@code 1 / (1 − rate)}
   */
  public static float factor(long key, int element, float rate) {
    // 24 bits, which a float holds exactly.
    float uniform = (KeyedRandom.mix(key + element) >>> 40) * 0x1p-24f;
    return uniform < rate ? 0 : 1 / (1 - rate);
  }
}
