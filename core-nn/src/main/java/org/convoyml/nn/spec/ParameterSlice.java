package org.convoyml.nn.spec;

/**
 * A named tensor's place in the flat vector.
 *
 * @param name {@code layer.tensor}, for example {@code conv1.weight}
 * @param spec its shape and meaning
 * @param offset index of its first element
 */
public record ParameterSlice(String name, ParameterSpec spec, int offset) {
  public int length() {
    return spec.elements();
  }

  /** The index behind its last element. */
  public int end() {
    return offset + length();
  }
}
