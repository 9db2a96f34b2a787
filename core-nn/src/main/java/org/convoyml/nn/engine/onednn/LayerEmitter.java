package org.convoyml.nn.engine.onednn;

import org.convoyml.nn.spec.Activation;
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
import org.convoyml.nn.spec.LayerNode;
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

/** Chooses what records a layer. */
final class LayerEmitter implements LayerVisitor<Void> {
  private final GraphCompiler graph;
  private final LayerNode node;

  LayerEmitter(GraphCompiler graph, LayerNode node) {
    this.graph = graph;
    this.node = node;
  }

  @Override
  public Void visit(Add layer) {
    ElementwiseLayers.emitAdd(graph, node);
    return null;
  }

  @Override
  public Void visit(AveragePool2d layer) {
    PoolingLayer.emit(graph, node, layer);
    return null;
  }

  @Override
  public Void visit(BatchNorm layer) {
    BatchNormLayer.emit(graph, node, layer);
    return null;
  }

  @Override
  public Void visit(Concat layer) {
    ConcatLayer.emit(graph, node);
    return null;
  }

  @Override
  public Void visit(Conv2d layer) {
    new ConvolutionLayer(graph, node, layer).emit();
    return null;
  }

  @Override
  public Void visit(Dense layer) {
    new DenseLayer(graph, node, layer).emit();
    return null;
  }

  @Override
  public Void visit(Dropout layer) {
    DropoutLayer.emit(graph, node, layer);
    return null;
  }

  @Override
  public Void visit(Elu layer) {
    return activation(layer);
  }

  @Override
  public Void visit(Flatten layer) {
    graph.passThrough(node);
    return null;
  }

  @Override
  public Void visit(Gelu layer) {
    return activation(layer);
  }

  @Override
  public Void visit(GlobalAveragePool layer) {
    PoolingLayer.emit(graph, node, layer);
    return null;
  }

  @Override
  public Void visit(GlobalMaxPool layer) {
    PoolingLayer.emit(graph, node, layer);
    return null;
  }

  @Override
  public Void visit(HardSwish layer) {
    return activation(layer);
  }

  @Override
  public Void visit(LeakyRelu layer) {
    return activation(layer);
  }

  @Override
  public Void visit(Linear layer) {
    graph.passThrough(node);
    return null;
  }

  @Override
  public Void visit(LocalResponseNorm layer) {
    LocalResponseNormLayer.emit(graph, node, layer);
    return null;
  }

  @Override
  public Void visit(MaxPool2d layer) {
    PoolingLayer.emit(graph, node, layer);
    return null;
  }

  @Override
  public Void visit(PadShortcut layer) {
    ConvolutionLayer.of(graph, node, layer).emit();
    return null;
  }

  @Override
  public Void visit(Relu layer) {
    return activation(layer);
  }

  @Override
  public Void visit(Relu6 layer) {
    return activation(layer);
  }

  @Override
  public Void visit(Sigmoid layer) {
    return activation(layer);
  }

  @Override
  public Void visit(Silu layer) {
    return activation(layer);
  }

  @Override
  public Void visit(Softmax layer) {
    SoftmaxLayer.emit(graph, node);
    return null;
  }

  @Override
  public Void visit(Tanh layer) {
    return activation(layer);
  }

  private Void activation(Activation layer) {
    ElementwiseLayers.emitActivation(graph, node, Eltwise.of(layer));
    return null;
  }
}
