package org.convoyml.nn.spec;

/**
 * A named tensor's place in the flat vector.
 *
 * @param name {@code layer.tensor}, for example {@code conv1.weight}
 * @param spec its shape and meaning
 * @param offset index of its first element
 * @param frozen whether training leaves it as it is; its gradient is then zero
 */
public record ParameterSlice(String name, ParameterSpec spec, int offset, boolean frozen) {
  /** Whether the optimizer changes it: it is neither frozen nor a running statistic. */
  public boolean isTrained() {
    return !frozen && spec.kind().isTrainable();
  }

  public int length() {
    return spec.elements();
  }

  /** The index behind its last element. */
  public int end() {
    return offset + length();
  }
}
