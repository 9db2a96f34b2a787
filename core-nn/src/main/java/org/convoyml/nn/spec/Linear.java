package org.convoyml.nn.spec;

/** The identity: {@code y = x}. */
public record Linear() implements Activation {
  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
