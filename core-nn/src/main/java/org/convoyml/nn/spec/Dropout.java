package org.convoyml.nn.spec;

import java.util.List;

/**
 * Inverted dropout: in training each number is zero with probability {@code rate} and otherwise
 * divided by {@code 1 − rate}; in inference nothing happens.
 *
 * <p>Whether number {@code i} of example {@code n} (canonical order) is kept depends on the
 * micro-batch's key, the layer's place in the network and {@code n·elements + i}, on nothing else.
 *
 * @param rate in [0, 1)
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al., Dropout</a>
 */
public record Dropout(float rate) implements LayerSpec {
  public Dropout {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("rate must be in [0, 1), got " + rate);
    }
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Inputs.only(inputs);
  }

  /** For example {@code Dropout 0.5}. */
  @Override
  public String description() {
    return "Dropout " + rate;
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
