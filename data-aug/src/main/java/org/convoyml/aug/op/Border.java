package org.convoyml.aug.op;

/** What is outside an image. */
public enum Border {
  /** Zeros. */
  BLACK,
  /** The image mirrored at the middle of its outermost pixels: {@code dcb|abcd|cba}. */
  REFLECT
}
