package org.convoyml.spark.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.spec.Shape;

/**
 * Reads a partition's micro-batches by their numbers; those that no image was dealt to do not come.
 */
public final class MicroBatchReader {
  private final Iterator<NumberedBatch> batches;
  private final MicroBatch empty;
  private final List<CorruptImage> corrupt = new ArrayList<>();
  private Ledger ledger = Ledger.EMPTY;
  private NumberedBatch next;

  /**
   * @param imageShape of every image
   */
  public MicroBatchReader(Iterator<NumberedBatch> batches, Shape imageShape) {
    this.batches = batches;
    this.empty = new MicroBatch(imageShape, 0);
  }

  /**
   * The number of the next micro-batch, or −1 if there is none. Ends the use of the one that was
   * read before.
   */
  public long nextBatch() {
    if (next == null && batches.hasNext()) {
      next = batches.next();
    }
    return next == null ? -1 : next.number();
  }

  /**
   * The images of one micro-batch, perhaps none; valid until more is asked of this reader. Ask in
   * ascending order.
   *
   * @throws IllegalStateException if an earlier micro-batch was left out
   */
  public MicroBatch read(long number) {
    long found = nextBatch();
    if (found >= 0 && found < number) {
      throw new IllegalStateException(
          "micro-batch %d came where %d was due".formatted(found, number));
    }
    if (found != number) {
      return empty;
    }
    corrupt.addAll(next.corrupt());
    ledger = ledger.plus(next.ledger());
    MicroBatch batch = next.images();
    next = null;
    return batch;
  }

  /** What became of all images so far. */
  public Ledger ledger() {
    return ledger;
  }

  /** Images that were left out of the micro-batches that were read, each once. */
  public CorruptImage[] takeCorrupt() {
    CorruptImage[] taken = corrupt.toArray(CorruptImage[]::new);
    corrupt.clear();
    return taken;
  }
}
