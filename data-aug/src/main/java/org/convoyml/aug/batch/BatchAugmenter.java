package org.convoyml.aug.batch;

import java.util.Arrays;
import java.util.List;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.random.KeyedRandom;

/** Applies operations to one micro-batch after another. */
public final class BatchAugmenter {
  /** Tells these choices from an image's, whose keys are (seed, epoch, id, index). */
  private static final long PURPOSE = 0x6D6978L;

  private final List<BatchOp> ops;

  public BatchAugmenter(List<BatchOp> ops) {
    this.ops = List.copyOf(ops);
  }

  /**
   * Applies the operations in order; the one at index {@code i} draws from {@code (seed, epoch,
   * step, lane, i)}.
   *
   * @param batch images and targets; the first {@link MicroBatch#size()} examples are changed
   * @throws IllegalArgumentException if there are operations and the micro-batch was made without
   *     targets
   */
  public void apply(MicroBatch batch, long seed, long epoch, long step, long lane) {
    for (int i = 0; i < ops.size(); i++) {
      ops.get(i).apply(batch, KeyedRandom.of(PURPOSE, seed, epoch, step, lane, i));
    }
  }

  /**
   * Writes every example's label as a target: 1 for its class, 0 for the others.
   *
   * @throws IllegalArgumentException if a label has no place among the targets
   */
  public static void oneHotTargets(MicroBatch batch) {
    int classes = batch.targetWidth();
    Arrays.fill(batch.targets(), 0, batch.size() * classes, 0);
    for (int i = 0; i < batch.size(); i++) {
      int label = batch.labels()[i];
      if (label < 0 || label >= classes) {
        throw new IllegalArgumentException(
            "label must be 0 to %d, got %d".formatted(classes - 1, label));
      }
      batch.targets()[i * classes + label] = 1;
    }
  }
}
