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
  @JsonSubTypes.Type(value = Concat.class, name = "concat"),
  @JsonSubTypes.Type(value = Conv2d.class, name = "conv-2d"),
  @JsonSubTypes.Type(value = Dense.class, name = "dense"),
  @JsonSubTypes.Type(value = Dropout.class, name = "dropout"),
  @JsonSubTypes.Type(value = Elu.class, name = "elu"),
  @JsonSubTypes.Type(value = Flatten.class, name = "flatten"),
  @JsonSubTypes.Type(value = Gelu.class, name = "gelu"),
  @JsonSubTypes.Type(value = GlobalAveragePool.class, name = "global-average-pool"),
  @JsonSubTypes.Type(value = GlobalMaxPool.class, name = "global-max-pool"),
  @JsonSubTypes.Type(value = HardSwish.class, name = "hard-swish"),
  @JsonSubTypes.Type(value = LeakyRelu.class, name = "leaky-relu"),
  @JsonSubTypes.Type(value = Linear.class, name = "linear"),
  @JsonSubTypes.Type(value = LocalResponseNorm.class, name = "local-response-norm"),
  @JsonSubTypes.Type(value = MaxPool2d.class, name = "max-pool-2d"),
  @JsonSubTypes.Type(value = PadShortcut.class, name = "pad-shortcut"),
  @JsonSubTypes.Type(value = Relu.class, name = "relu"),
  @JsonSubTypes.Type(value = Relu6.class, name = "relu6"),
  @JsonSubTypes.Type(value = Sigmoid.class, name = "sigmoid"),
  @JsonSubTypes.Type(value = Silu.class, name = "silu"),
  @JsonSubTypes.Type(value = Softmax.class, name = "softmax"),
  @JsonSubTypes.Type(value = Tanh.class, name = "tanh")
})
public sealed interface LayerSpec
    permits Activation,
        Add,
        AveragePool2d,
        BatchNorm,
        Concat,
        Conv2d,
        Dense,
        Dropout,
        Flatten,
        GlobalAveragePool,
        GlobalMaxPool,
        LocalResponseNorm,
        MaxPool2d,
        PadShortcut,
        Softmax {

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

  /**
   * Multiplications with a weight that one example takes, each with its addition; what papers
   * count. Layers without weights have none.
   */
  default long multiplyAdds(List<Shape> inputs) {
    return 0;
  }

  /** For people: the kind of layer, and its geometry where it has one. */
  default String description() {
    return getClass().getSimpleName();
  }

  /** Calls the visitor's case for this kind of layer. */
  <R> R accept(LayerVisitor<R> visitor);
}
