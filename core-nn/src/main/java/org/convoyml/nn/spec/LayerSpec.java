package org.convoyml.nn.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * One layer: its hyperparameters, the shape it makes, and the tensors it owns. Engines tell them
 * apart with a {@link LayerVisitor}.
 *
 * <p>Errors of {@link #outputShape} do not name the layer, since a layer does not know its name:
 * {@link NetworkSpec} puts it in front.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Add.class, name = "add"),
  @JsonSubTypes.Type(value = AveragePool2d.class, name = "average-pool-2d"),
  @JsonSubTypes.Type(value = BatchNorm.class, name = "batch-norm"),
  @JsonSubTypes.Type(value = Conv2d.class, name = "conv-2d"),
  @JsonSubTypes.Type(value = Dense.class, name = "dense"),
  @JsonSubTypes.Type(value = Flatten.class, name = "flatten"),
  @JsonSubTypes.Type(value = MaxPool2d.class, name = "max-pool-2d"),
  @JsonSubTypes.Type(value = Relu.class, name = "relu"),
  @JsonSubTypes.Type(value = Tanh.class, name = "tanh")
})
public sealed interface LayerSpec
    permits Add, AveragePool2d, BatchNorm, Conv2d, Dense, Flatten, MaxPool2d, Relu, Tanh {

  /**
   * The shape of one output example.
   *
   * @param inputs the shapes of this layer's inputs, in order
   * @throws IllegalArgumentException if they do not fit this layer
   */
  Shape outputShape(List<Shape> inputs);

  /** The tensors that this layer owns, in the order in which they lie in the flat vector. */
  default List<ParameterSpec> parameters(List<Shape> inputs) {
    return List.of();
  }

  /** Calls the visitor's case for this kind of layer. */
  <R> R accept(LayerVisitor<R> visitor);
}
