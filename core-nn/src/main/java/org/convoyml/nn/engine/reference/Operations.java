package org.convoyml.nn.engine.reference;

import java.util.List;
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
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Relu6;
import org.convoyml.nn.spec.Sigmoid;
import org.convoyml.nn.spec.Silu;
import org.convoyml.nn.spec.Softmax;
import org.convoyml.nn.spec.Tanh;

/** Binds a layer to its tensors. */
final class Operations implements LayerVisitor<Operation> {
  private final List<Tensor> x;
  private final List<Tensor> parameters;
  private final Tensor y;

  /**
   * @param x the layer's inputs, in order
   * @param parameters the layer's tensors, in the order of {@code LayerSpec.parameters}
   * @param y the layer's output
   */
  Operations(List<Tensor> x, List<Tensor> parameters, Tensor y) {
    this.x = x;
    this.parameters = parameters;
    this.y = y;
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
  public Operation visit(BatchNorm layer) {
    return new BatchNormalization(layer, x.get(0), parameters, y);
  }

  @Override
  public Operation visit(MaxPool2d layer) {
    return new MaxPooling(layer, x.get(0), y);
  }

  @Override
  public Operation visit(AveragePool2d layer) {
    return new AveragePooling(layer, x.get(0), y);
  }

  @Override
  public Operation visit(Relu layer) {
    return new Rectifier(x.get(0), y);
  }

  @Override
  public Operation visit(Tanh layer) {
    return new HyperbolicTangent(x.get(0), y);
  }

  @Override
  public Operation visit(Flatten layer) {
    return new Flattening(x.get(0), y);
  }

  @Override
  public Operation visit(Add layer) {
    return new Addition(x, y);
  }

  @Override
  public Operation visit(Concat layer) {
    throw new IllegalStateException("unknown: " + layer);
  }

  @Override
  public Operation visit(Dropout layer) {
    throw new IllegalStateException("unknown: " + layer);
  }

  @Override
  public Operation visit(Elu layer) {
    throw new IllegalStateException("unknown: " + layer);
  }

  @Override
  public Operation visit(Gelu layer) {
    throw new IllegalStateException("unknown: " + layer);
  }

  @Override
  public Operation visit(GlobalAveragePool layer) {
    throw new IllegalStateException("unknown: " + layer);
  }

  @Override
  public Operation visit(GlobalMaxPool layer) {
    throw new IllegalStateException("unknown: " + layer);
  }

  @Override
  public Operation visit(HardSwish layer) {
    throw new IllegalStateException("unknown: " + layer);
  }

  @Override
  public Operation visit(LeakyRelu layer) {
    throw new IllegalStateException("unknown: " + layer);
  }

  @Override
  public Operation visit(Linear layer) {
    throw new IllegalStateException("unknown: " + layer);
  }

  @Override
  public Operation visit(LocalResponseNorm layer) {
    throw new IllegalStateException("unknown: " + layer);
  }

  @Override
  public Operation visit(PadShortcut layer) {
    throw new IllegalStateException("unknown: " + layer);
  }

  @Override
  public Operation visit(Relu6 layer) {
    throw new IllegalStateException("unknown: " + layer);
  }

  @Override
  public Operation visit(Sigmoid layer) {
    throw new IllegalStateException("unknown: " + layer);
  }

  @Override
  public Operation visit(Silu layer) {
    throw new IllegalStateException("unknown: " + layer);
  }

  @Override
  public Operation visit(Softmax layer) {
    throw new IllegalStateException("unknown: " + layer);
  }
}
