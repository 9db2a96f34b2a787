package org.convoyml.nn.engine;

import org.convoyml.nn.spec.Shape;

/**
 * Examples that are computed together: a reusable buffer of images {@code (N, C, H, W)} and their
 * class labels. {@code N} is {@link #size()}, which changes from use to use up to {@link
 * #capacity()}.
 */
public final class MicroBatch {
  private final Shape imageShape;
  private final float[] images;
  private final int[] labels;
  private int size;

  public MicroBatch(Shape imageShape, int capacity) {
    this.imageShape = imageShape;
    this.images = new float[Math.multiplyExact(capacity, imageShape.elements())];
    this.labels = new int[capacity];
  }

  public Shape imageShape() {
    return imageShape;
  }

  public int capacity() {
    return labels.length;
  }

  /** How many examples it holds. */
  public int size() {
    return size;
  }

  public void clear() {
    size = 0;
  }

  /**
   * Takes one more example with the given class.
   *
   * @return the offset in {@link #images()} at which the caller writes its {@code
   *     imageShape().elements()} values
   */
  public int add(int label) {
    if (size == labels.length) {
      throw new IllegalStateException("the micro-batch is full: capacity " + labels.length);
    }
    labels[size] = label;
    return imageShape.elements() * size++;
  }

  /** Pixel values, NCHW; those of the first {@link #size()} examples count. */
  public float[] images() {
    return images;
  }

  /** Class indices; the first {@link #size()} count. */
  public int[] labels() {
    return labels;
  }
}
