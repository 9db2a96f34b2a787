package org.convoyml.spark.data;

import java.util.Iterator;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.spec.Shape;

/** Assembles micro-batches from a partition's images, which come in order of micro-batches. */
public final class MicroBatchReader {
  private final Iterator<ImageTensor> images;
  private final MicroBatch batch;
  private ImageTensor next;

  /**
   * @param imageShape of every image
   * @param largest the size of the largest micro-batch
   */
  public MicroBatchReader(Iterator<ImageTensor> images, Shape imageShape, int largest) {
    this.images = images;
    this.batch = new MicroBatch(imageShape, Math.max(1, largest));
  }

  /** The number of the next micro-batch that has images, or −1 if there is none. */
  public long nextBatch() {
    advance();
    return next == null ? -1 : next.batch();
  }

  /**
   * The images of one micro-batch, perhaps none; the same object every time. Ask in ascending
   * order.
   *
   * @throws IllegalStateException if images of an earlier micro-batch were left over
   */
  public MicroBatch read(long number) {
    batch.clear();
    while (nextBatch() == number) {
      int offset = batch.add(next.label());
      System.arraycopy(next.values(), 0, batch.images(), offset, next.values().length);
      next = null;
    }
    if (next != null && next.batch() < number) {
      throw new IllegalStateException(
          "micro-batch %d came where %d was due".formatted(next.batch(), number));
    }
    return batch;
  }

  private void advance() {
    if (next == null && images.hasNext()) {
      next = images.next();
    }
  }
}
