package org.convoyml.spark.data;

/**
 * An image as a network reads it, with its place. One object is used for all images of a partition,
 * like Spark's own rows: copy what is needed before the next.
 */
public final class ImageTensor {
  private final float[] values;
  private long batch;
  private int label;

  ImageTensor(int elements) {
    this.values = new float[elements];
  }

  void set(long newBatch, int newLabel) {
    batch = newBatch;
    label = newLabel;
  }

  /** The micro-batch that it belongs to. */
  public long batch() {
    return batch;
  }

  /** Index of its class. */
  public int label() {
    return label;
  }

  /** Pixel values {@code (C, H, W)}. */
  public float[] values() {
    return values;
  }
}
