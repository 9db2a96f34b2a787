package org.convoyml.aug.op;

import java.util.List;
import org.convoyml.nn.random.KeyedRandom;

/**
 * AutoAugment: one of 25 pairs of operations, drawn uniformly; each of the two is applied with the
 * probability and the magnitude that were learnt for it, in either direction if it has two.
 *
 * @param policy what it was learnt on
 * @see <a href="https://arxiv.org/abs/1805.09501">Cubuk et al., AutoAugment: learning augmentation
 *     strategies from data</a>
 */
public record AutoAugment(Policy policy) implements ImageOp {
  /** What the pairs were learnt on. */
  public enum Policy {
    CIFAR10(AutoAugmentTables.CIFAR10),
    IMAGENET(AutoAugmentTables.IMAGENET),
    SVHN(AutoAugmentTables.SVHN);

    private final List<Pair> pairs;

    Policy(List<Pair> pairs) {
      this.pairs = pairs;
    }

    List<Pair> pairs() {
      return pairs;
    }
  }

  /**
   * An operation as a policy has it.
   *
   * @param bin of its magnitude, 0 to 9
   */
  record Step(AutoOp op, double probability, int bin) {
    void apply(ImageCanvas canvas, KeyedRandom random) {
      if (random.nextBoolean(probability)) {
        op.apply(canvas, MagnitudeSpace.USUAL, bin, BINS, random);
      }
    }
  }

  /** Two operations that are applied one after the other. */
  record Pair(Step first, Step second) {}

  private static final int BINS = 10;

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    Pair pair = policy.pairs.get(random.nextInt(policy.pairs.size()));
    pair.first.apply(canvas, random);
    pair.second.apply(canvas, random);
  }
}
