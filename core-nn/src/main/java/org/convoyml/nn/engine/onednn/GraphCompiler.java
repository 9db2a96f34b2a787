package org.convoyml.nn.engine.onednn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.convoyml.nn.engine.CompileOptions.Mode;
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
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.OutputSpec;
import org.convoyml.nn.spec.PadShortcut;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Relu6;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Sigmoid;
import org.convoyml.nn.spec.Silu;
import org.convoyml.nn.spec.Softmax;
import org.convoyml.nn.spec.Tanh;

/**
 * Walks the graph once forward and, for training, once backward, and records what has to be done
 * for one batch size.
 *
 * <p>A ReLU that is the only reader of a convolution, dense layer, batch norm or sum is fused into
 * it.
 */
final class GraphCompiler {
  private final NetworkSpec network;
  private final ParameterLayout layout;
  private final int batch;
  private final Mode mode;
  private final Weights weights;
  private final Tape tape;
  private final Map<String, Shape> shapes;
  private final Map<String, List<LayerNode>> readers = new HashMap<>();
  private final Map<String, Tensor> tensors = new HashMap<>();
  private final Map<String, Runnable> backwards = new HashMap<>();
  private final List<Weights.WeightCopy> weightCopies = new ArrayList<>();

  GraphCompiler(
      NetworkSpec network,
      ParameterLayout layout,
      int batch,
      Mode mode,
      Weights weights,
      Tape tape) {
    this.network = network;
    this.layout = layout;
    this.batch = batch;
    this.mode = mode;
    this.weights = weights;
    this.tape = tape;
    this.shapes = network.shapes();
    for (LayerNode node : network.layers()) {
      for (String from : node.inputs()) {
        readers.computeIfAbsent(from, name -> new ArrayList<>()).add(node);
      }
    }
  }

  /** Records the forward pass; the given plain tensor holds the images. */
  void forward(Value images) {
    tensors.put(NetworkSpec.INPUT, new Tensor(network.input(), images, false, false));
    for (LayerNode node : network.layers()) {
      if (!tensors.containsKey(node.name())) {
        try {
          node.layer().accept(new Emitter(node));
        } catch (RuntimeException e) {
          throw new IllegalStateException(node.name() + ": oneDNN: " + e.getMessage(), e);
        }
      }
    }
  }

  /** An output's values as a row-major matrix {@code (N, K)}. */
  Value outputValues(OutputSpec output) {
    return asMatrix(tensors.get(output.layer()));
  }

  /** Gives an output its gradient {@code (N, K)}, row-major. */
  void outputGradient(OutputSpec output, Value gradient) {
    Tensor tensor = tensors.get(output.layer());
    if (tensor.needsGradient()) {
      addGradient(tensor, gradient);
    }
  }

  /**
   * Records the backward pass of one layer; call it for all of them from the last to the first,
   * after every output got its gradient. A layer on which no output depends has none.
   */
  void backward(LayerNode node) {
    Tensor output = tensors.get(node.name());
    Runnable backward = backwards.get(node.name());
    if (output.gradient() != null && backward != null) {
      backward.run();
    }
  }

  /** Copies of weights that must be fresh before the program runs. */
  List<Weights.WeightCopy> weightCopies() {
    return List.copyOf(weightCopies);
  }

  /** Chooses what records a layer. */
  private final class Emitter implements LayerVisitor<Void> {
    private final LayerNode node;

    private Emitter(LayerNode node) {
      this.node = node;
    }

    @Override
    public Void visit(Conv2d layer) {
      new ConvolutionLayer(GraphCompiler.this, node, layer).emit();
      return null;
    }

    @Override
    public Void visit(Dense layer) {
      new DenseLayer(GraphCompiler.this, node, layer).emit();
      return null;
    }

    @Override
    public Void visit(MaxPool2d layer) {
      PoolingLayer.emit(GraphCompiler.this, node, layer);
      return null;
    }

    @Override
    public Void visit(AveragePool2d layer) {
      PoolingLayer.emit(GraphCompiler.this, node, layer);
      return null;
    }

    @Override
    public Void visit(BatchNorm layer) {
      BatchNormLayer.emit(GraphCompiler.this, node, layer);
      return null;
    }

    @Override
    public Void visit(Relu layer) {
      ElementwiseLayers.emitActivation(
          GraphCompiler.this, node, dnnl.dnnl_eltwise_relu, dnnl.dnnl_eltwise_relu_use_dst_for_bwd);
      return null;
    }

    @Override
    public Void visit(Tanh layer) {
      ElementwiseLayers.emitActivation(
          GraphCompiler.this, node, dnnl.dnnl_eltwise_tanh, dnnl.dnnl_eltwise_tanh_use_dst_for_bwd);
      return null;
    }

    @Override
    public Void visit(Add layer) {
      ElementwiseLayers.emitAdd(GraphCompiler.this, node);
      return null;
    }

    @Override
    public Void visit(Softmax layer) {
      throw new IllegalStateException("unknown: " + layer);
    }

    @Override
    public Void visit(Silu layer) {
      throw new IllegalStateException("unknown: " + layer);
    }

    @Override
    public Void visit(Sigmoid layer) {
      throw new IllegalStateException("unknown: " + layer);
    }

    @Override
    public Void visit(Relu6 layer) {
      throw new IllegalStateException("unknown: " + layer);
    }

    @Override
    public Void visit(PadShortcut layer) {
      throw new IllegalStateException("unknown: " + layer);
    }

    @Override
    public Void visit(LocalResponseNorm layer) {
      throw new IllegalStateException("unknown: " + layer);
    }

    @Override
    public Void visit(Linear layer) {
      throw new IllegalStateException("unknown: " + layer);
    }

    @Override
    public Void visit(LeakyRelu layer) {
      throw new IllegalStateException("unknown: " + layer);
    }

    @Override
    public Void visit(HardSwish layer) {
      throw new IllegalStateException("unknown: " + layer);
    }

    @Override
    public Void visit(GlobalMaxPool layer) {
      throw new IllegalStateException("unknown: " + layer);
    }

    @Override
    public Void visit(GlobalAveragePool layer) {
      throw new IllegalStateException("unknown: " + layer);
    }

    @Override
    public Void visit(Gelu layer) {
      throw new IllegalStateException("unknown: " + layer);
    }

    @Override
    public Void visit(Elu layer) {
      throw new IllegalStateException("unknown: " + layer);
    }

    @Override
    public Void visit(Dropout layer) {
      throw new IllegalStateException("unknown: " + layer);
    }

    @Override
    public Void visit(Concat layer) {
      throw new IllegalStateException("unknown: " + layer);
    }

    @Override
    public Void visit(Flatten layer) {
      Tensor from = input(node);
      // Only the shape changes; gradients come back in either shape and are brought to the value's.
      Tensor to = new Tensor(shape(node), from.value(), from.needsGradient(), false);
      finish(node, to, () -> addGradient(from, to.gradient()));
      return null;
    }
  }

  Tape tape() {
    return tape;
  }

  Weights weights() {
    return weights;
  }

  int batch() {
    return batch;
  }

  boolean training() {
    return mode == Mode.TRAINING;
  }

  int forwardKind() {
    return training() ? dnnl.dnnl_forward_training : dnnl.dnnl_forward_inference;
  }

  Shape shape(LayerNode node) {
    return shapes.get(node.name());
  }

  Tensor input(LayerNode node) {
    return tensors.get(node.inputs().get(0));
  }

  List<Tensor> inputs(LayerNode node) {
    return node.inputs().stream().map(tensors::get).toList();
  }

  ParameterSlice slice(LayerNode node, String tensor) {
    return layout.slice(node.name() + "." + tensor);
  }

  /** A weight in the layout that a primitive chose. */
  Value weight(ParameterSlice slice, long[] dimensions, memory.desc chosen) {
    return weights.weight(slice, dimensions, chosen, weightCopies);
  }

  /** Numbers that are known at compile time, row-major. */
  Value constant(float[] values, long... dimensions) {
    return weights.constant(values, dimensions);
  }

  /** Whether this layer's only reader is a ReLU, which is then fused into it. */
  boolean fusesRelu(LayerNode node) {
    List<LayerNode> next = readers.getOrDefault(node.name(), List.of());
    return next.size() == 1 && next.get(0).layer() instanceof Relu && !isOutput(node.name());
  }

  private boolean isOutput(String layer) {
    return network.outputs().stream().anyMatch(output -> output.layer().equals(layer));
  }

  /** Whether nothing but one layer reads this tensor. */
  boolean isOnlyReader(LayerNode reader, Tensor tensor) {
    return tensors.entrySet().stream()
        .filter(entry -> entry.getValue() == tensor)
        .allMatch(
            entry -> {
              List<LayerNode> all = readers.getOrDefault(entry.getKey(), List.of());
              boolean fusedAway = all.size() == 1 && tensors.get(all.get(0).name()) == tensor;
              return (fusedAway || all.equals(List.of(reader))) && !isOutput(entry.getKey());
            });
  }

  /** Notes a layer's output and, for training, how to go back through it. */
  void finish(LayerNode node, Tensor output, Runnable backward) {
    tensors.put(node.name(), output);
    if (output.endsInRelu() && fusesRelu(node)) {
      tensors.put(readers.get(node.name()).get(0).name(), output);
    }
    if (training() && output.needsGradient()) {
      backwards.put(
          node.name(),
          () -> {
            undoRelu(output);
            backward.run();
          });
    }
  }

  /** Puts the ReLU's zeros into the output's gradient unless that happened already. */
  private void undoRelu(Tensor output) {
    if (output.endsInRelu() && !output.reluUndone()) {
      output.setGradient(
          ElementwiseLayers.activationBackward(
              this, dnnl.dnnl_eltwise_relu_use_dst_for_bwd, output.value(), output.gradient()));
      output.markReluUndone();
    }
  }

  /** Adds a gradient to those that came from other readers of the tensor. */
  void addGradient(Tensor tensor, Value gradient) {
    Value shaped = reshaped(gradient, tensor.value());
    tensor.setGradient(
        tensor.gradient() == null
            ? shaped
            : ElementwiseLayers.sum(this, tensor.gradient(), shaped));
  }

  /** A tensor as a row-major matrix {@code (N, K)}. */
  Value asMatrix(Tensor tensor) {
    long[] matrix = {batch, tensor.shape().elements()};
    Value value = tensor.value();
    if (value.desc().get_ndims() == 2) {
      return tape.inLayout(value, Layouts.plain(matrix));
    }
    Value rowMajor = tape.inLayout(value, Layouts.plain(Layouts.dimensionsOf(value.desc())));
    return rowMajor.viewedAs(Layouts.plain(matrix));
  }

  /** A gradient with the dimensions of the tensor it belongs to. */
  Value reshaped(Value gradient, Value like) {
    int dimensions = like.desc().get_ndims();
    if (gradient.desc().get_ndims() == dimensions) {
      return gradient;
    }
    memory.desc rowMajor = Layouts.plain(Layouts.dimensionsOf(gradient.desc()));
    return tape.inLayout(gradient, rowMajor)
        .viewedAs(Layouts.plain(Layouts.dimensionsOf(like.desc())));
  }
}
