package org.convoyml.nn.engine;

import org.convoyml.nn.spec.Shape;

/**
 * Examples that are computed together: a reusable buffer of images {@code (N, C, H, W)} and what is
 * to be said of them. {@code N} is {@link #size()}, which changes from use to use up to {@link
 * #capacity()}.
 *
 * <p>Each example has a class label. A micro-batch made for targets also has {@code K} numbers an
 * example: soft labels, several labels, or values to regress to. Losses take those instead.
 */
public final class MicroBatch {
  private final Shape imageShape;
  private final float[] images;
  private final int[] labels;
  private final int targetWidth;
  private final float[] targets;
  private int size;
  private long key;

  /** With labels only. */
  public MicroBatch(Shape imageShape, int capacity) {
    this(imageShape, capacity, 0);
  }

  /**
   * With targets.
   *
   * @param targetWidth {@code K}; 0 for none
   */
  public MicroBatch(Shape imageShape, int capacity, int targetWidth) {
    this.imageShape = imageShape;
    this.images = new float[Math.multiplyExact(capacity, imageShape.elements())];
    this.labels = new int[capacity];
    this.targetWidth = targetWidth;
    this.targets = new float[Math.multiplyExact(capacity, targetWidth)];
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
   * Takes one more example with the given class. Its targets, if there are any, are to be written
   * at {@code targetWidth() · (size() − 1)} afterwards.
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

  /** Takes the example back that was {@linkplain #add added} last. */
  public void removeLast() {
    if (size == 0) {
      throw new IllegalStateException("the micro-batch is empty");
    }
    size--;
  }

  /** Pixel values, NCHW; those of the first {@link #size()} examples count. */
  public float[] images() {
    return images;
  }

  /** Class indices; the first {@link #size()} count. */
  public int[] labels() {
    return labels;
  }

  /** Numbers an example in {@link #targets()}; 0 if labels are all there is. */
  public int targetWidth() {
    return targetWidth;
  }

  /** {@code (N, K)}, row-major; empty if labels are all there is. */
  public float[] targets() {
    return targets;
  }

  /**
   * The key of all random choices made for this micro-batch, such as dropout's: a function of
   * (seed, step, lane). 0 unless {@linkplain #setKey set}.
   */
  public long key() {
    return key;
  }

  public void setKey(long newKey) {
    key = newKey;
  }
}
