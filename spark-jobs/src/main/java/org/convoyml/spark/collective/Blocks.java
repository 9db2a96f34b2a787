package org.convoyml.spark.collective;

import org.convoyml.nn.train.Norms;

/**
 * Cuts a flat vector into fixed blocks of 16,384 elements and deals them to the members of a group:
 * whole blocks, contiguous, as even as they come.
 */
public final class Blocks {
  /** Elements of a block. Part of the definition of a result: norms are summed block by block. */
  public static final int SIZE = Norms.BLOCK;

  private Blocks() {}

  /** Index of the first element that the member owns; {@code firstOf(members)} is the length. */
  public static int firstOf(int member, int members, int length) {
    long blocks = (length + (long) SIZE - 1) / SIZE;
    return (int) Math.min(length, blocks * member / members * SIZE);
  }
}
