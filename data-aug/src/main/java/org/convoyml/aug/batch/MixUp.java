package org.convoyml.aug.batch;

import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.random.KeyedRandom;

/**
 * Mixup: every image becomes {@code λ·image + (1 − λ)·partner}, and so does its target. One {@code
 * λ} is drawn for the micro-batch, from {@code Beta(alpha, alpha)}; partners are a random
 * permutation of it, so an image may be its own.
 *
 * @param alpha 0.01 to 100; small mixes little, 1 evenly, large always by halves; the paper has 0.1
 *     to 0.4 for ImageNet and 1 for CIFAR-10
 * @see <a href="https://arxiv.org/abs/1710.09412">Zhang et al., mixup: beyond empirical risk
 *     minimization</a>
 */
public record MixUp(double alpha) implements BatchOp {
  /** Smallest allowed {@code alpha}. */
  public static final double MIN_ALPHA = 0.01;

  /** Largest allowed {@code alpha}. */
  public static final double MAX_ALPHA = 100;

  public MixUp {
    Beta.checkAlpha(alpha);
  }

  @Override
  public void apply(MicroBatch batch, KeyedRandom random) {
    int[] partners = Partners.draw(batch, random);
    float keep = (float) Beta.draw(alpha, alpha, random);
    int elements = batch.imageShape().elements();
    Partners.mix(batch.images(), elements, 0, elements, partners, keep);
    Partners.mix(batch.targets(), batch.targetWidth(), 0, batch.targetWidth(), partners, keep);
  }
}
