package org.convoyml.nn.engine.reference;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongSupplier;
import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.AveragePool2d;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Concat;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.Elu;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.Gelu;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.GlobalMaxPool;
import org.convoyml.nn.spec.HardSwish;
import org.convoyml.nn.spec.LayerVisitor;
import org.convoyml.nn.spec.LeakyRelu;
import org.convoyml.nn.spec.Linear;
import org.convoyml.nn.spec.LocalResponseNorm;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.PadShortcut;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Relu6;
import org.convoyml.nn.spec.Sigmoid;
import org.convoyml.nn.spec.Silu;
import org.convoyml.nn.spec.Size;
import org.convoyml.nn.spec.Softmax;
import org.convoyml.nn.spec.Tanh;

/** Binds a layer to its tensors. */
final class Operations implements LayerVisitor<Operation> {
  private final List<Tensor> x;
  private final List<Tensor> parameters;
  private final Tensor y;
  private final int index;
  private final boolean frozen;
  private final LongSupplier batchKey;

  /**
   * @param x the layer's inputs, in order
   * @param parameters the layer's tensors, in the order of {@code LayerSpec.parameters}
   * @param y the layer's output
   * @param index the layer's place in the network
   * @param frozen whether training leaves its parameters as they are
   * @param batchKey the key of the micro-batch that is computed
   */
  Operations(
      List<Tensor> x,
      List<Tensor> parameters,
      Tensor y,
      int index,
      boolean frozen,
      LongSupplier batchKey) {
    this.x = x;
    this.parameters = parameters;
    this.y = y;
    this.index = index;
    this.frozen = frozen;
    this.batchKey = batchKey;
  }

  @Override
  public Operation visit(Add layer) {
    return new Addition(x, y);
  }

  @Override
  public Operation visit(AveragePool2d layer) {
    return new AveragePooling(layer, x.get(0), y);
  }

  @Override
  public Operation visit(BatchNorm layer) {
    return new BatchNormalization(layer, frozen, x.get(0), parameters, y);
  }

  @Override
  public Operation visit(Concat layer) {
    return new Concatenation(x, y);
  }

  @Override
  public Operation visit(Conv2d layer) {
    return new Convolution(layer, x.get(0), parameters, y);
  }

  @Override
  public Operation visit(Dense layer) {
    return new FullyConnected(x.get(0), parameters, y);
  }

  @Override
  public Operation visit(Dropout layer) {
    return new Masking(layer.rate(), index, batchKey, x.get(0), y);
  }

  @Override
  public Operation visit(Elu layer) {
    double alpha = layer.alpha();
    return pointwise(
        v -> v > 0 ? v : alpha * StrictMath.expm1(v), v -> v > 0 ? 1 : alpha * StrictMath.exp(v));
  }

  @Override
  public Operation visit(Flatten layer) {
    return new Flattening(x.get(0), y);
  }

  @Override
  public Operation visit(Gelu layer) {
    return pointwise(
        v -> v * Functions.normalCdf(v),
        v -> Functions.normalCdf(v) + v * Functions.normalDensity(v));
  }

  @Override
  public Operation visit(GlobalAveragePool layer) {
    AveragePool2d whole = new AveragePool2d(mapSize(), Size.ONE, Padding.NONE, false, false);
    return new AveragePooling(whole, x.get(0), y);
  }

  @Override
  public Operation visit(GlobalMaxPool layer) {
    MaxPool2d whole = new MaxPool2d(mapSize(), Size.ONE, Padding.NONE, false);
    return new MaxPooling(whole, x.get(0), y);
  }

  @Override
  public Operation visit(HardSwish layer) {
    return pointwise(
        v -> v * Functions.clip(v + 3, 0, 6) / 6, v -> v <= -3 ? 0 : v >= 3 ? 1 : (2 * v + 3) / 6);
  }

  @Override
  public Operation visit(LeakyRelu layer) {
    double slope = layer.slope();
    return pointwise(v -> v > 0 ? v : slope * v, v -> v > 0 ? 1 : slope);
  }

  @Override
  public Operation visit(Linear layer) {
    return pointwise(v -> v, v -> 1);
  }

  @Override
  public Operation visit(LocalResponseNorm layer) {
    return new ResponseNormalization(layer, x.get(0), y);
  }

  @Override
  public Operation visit(MaxPool2d layer) {
    return new MaxPooling(layer, x.get(0), y);
  }

  @Override
  public Operation visit(PadShortcut layer) {
    return new Shortcut(layer, x.get(0), y);
  }

  @Override
  public Operation visit(Relu layer) {
    return pointwise(v -> Math.max(0, v), v -> v > 0 ? 1 : 0);
  }

  @Override
  public Operation visit(Relu6 layer) {
    return pointwise(v -> Functions.clip(v, 0, 6), v -> v > 0 && v < 6 ? 1 : 0);
  }

  @Override
  public Operation visit(Sigmoid layer) {
    return pointwise(Functions::sigmoid, v -> Functions.sigmoid(v) * (1 - Functions.sigmoid(v)));
  }

  @Override
  public Operation visit(Silu layer) {
    return pointwise(
        v -> v * Functions.sigmoid(v),
        v -> Functions.sigmoid(v) * (1 + v * (1 - Functions.sigmoid(v))));
  }

  @Override
  public Operation visit(Softmax layer) {
    return new ChannelSoftmax(x.get(0), y);
  }

  @Override
  public Operation visit(Tanh layer) {
    return pointwise(StrictMath::tanh, v -> 1 - StrictMath.tanh(v) * StrictMath.tanh(v));
  }

  private Pointwise pointwise(DoubleUnaryOperator function, DoubleUnaryOperator derivative) {
    return new Pointwise(function, derivative, x.get(0), y);
  }

  private Size mapSize() {
    return new Size(x.get(0).height, x.get(0).width);
  }
}
