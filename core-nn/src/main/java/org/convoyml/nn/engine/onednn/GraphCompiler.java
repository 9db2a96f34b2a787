package org.convoyml.nn.engine.onednn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.convoyml.nn.engine.CompileOptions.Mode;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.OutputSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.spec.Shape;

/**
 * Walks the graph forward and, for training, backward, and records what has to be done for one
 * batch size. What is recorded for each kind of layer is in {@link LayerEmitter}, what is computed
 * together in {@link Fusion}.
 */
final class GraphCompiler {
  private final NetworkSpec network;
  private final ParameterLayout layout;
  private final ProgramOptions options;
  private final Weights weights;
  private final Tape tape;
  private final Supplier<MicroBatch> microBatch;
  private final Map<String, Shape> shapes;
  private final Map<String, List<LayerNode>> readers = new HashMap<>();
  private final Map<String, Tensor> tensors = new HashMap<>();
  private final Map<String, Runnable> backwards = new HashMap<>();
  private final List<Weights.WeightCopy> weightCopies = new ArrayList<>();

  /**
   * @param microBatch gives the micro-batch that is being computed, when work on the Java side asks
   */
  GraphCompiler(
      NetworkSpec network,
      ParameterLayout layout,
      ProgramOptions options,
      Weights weights,
      Tape tape,
      Supplier<MicroBatch> microBatch) {
    this.network = network;
    this.layout = layout;
    this.options = options;
    this.weights = weights;
    this.tape = tape;
    this.microBatch = microBatch;
    this.shapes = network.shapes();
    for (LayerNode node : network.layers()) {
      for (String from : node.inputs()) {
        readers.computeIfAbsent(from, name -> new ArrayList<>()).add(node);
      }
    }
  }

  /** Starts with a plain tensor that holds the images. */
  void images(Value images) {
    tensors.put(NetworkSpec.INPUT, new Tensor(network.input(), images, false));
  }

  /** Records the forward pass of a layer, unless that was done together with one before it. */
  void forward(LayerNode node) {
    if (!tensors.containsKey(node.name())) {
      try {
        node.layer().accept(new LayerEmitter(this, node));
      } catch (RuntimeException e) {
        throw new IllegalStateException(node.name() + ": oneDNN: " + e.getMessage(), e);
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

  Tape tape() {
    return tape;
  }

  Weights weights() {
    return weights;
  }

  int batch() {
    return options.batch();
  }

  boolean training() {
    return options.mode() == Mode.TRAINING;
  }

  boolean isFrozen(LayerNode node) {
    return network.frozen().contains(node.name());
  }

  int forwardKind() {
    return training() ? dnnl.dnnl_forward_training : dnnl.dnnl_forward_inference;
  }

  /** The type of the numbers that a layer computes: what leaves the network is f32. */
  memory.data_type type(LayerNode node, List<String> absorbed) {
    boolean leaves = isOutput(node.name()) || absorbed.stream().anyMatch(this::isOutput);
    return leaves ? Layouts.F32 : options.type();
  }

  /** The type of weights, and of what is computed with them. */
  memory.data_type weightType() {
    return options.type();
  }

  Supplier<MicroBatch> microBatch() {
    return microBatch;
  }

  /** A layer's place in the network. */
  int index(LayerNode node) {
    return network.layers().indexOf(node);
  }

  Shape shape(LayerNode node) {
    return shapes.get(node.name());
  }

  /** A layer's output, or null if it is not recorded yet. */
  Tensor tensor(String layer) {
    return tensors.get(layer);
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
  Value weight(ParameterSlice slice, long[] dimensions, memory.desc chosen, FoldedNorm norm) {
    Weights.WeightCopy copy = weights.copy(slice, dimensions, chosen, norm);
    if (copy == null) {
      return weights.parameter(slice, dimensions);
    }
    weightCopies.add(copy);
    return copy.value();
  }

  /** The bias that a folded batch norm leaves. */
  Value foldedBias(FoldedNorm norm) {
    Weights.WeightCopy copy = weights.foldedBias(norm);
    weightCopies.add(copy);
    return copy.value();
  }

  /** The one layer that reads this one's output, if there is just one and nobody else wants it. */
  LayerNode onlyReader(String layer) {
    List<LayerNode> next = readers.getOrDefault(layer, List.of());
    return options.fuse() && next.size() == 1 && !isOutput(layer) ? next.get(0) : null;
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
    finish(node, List.of(), output, backward);
  }

  /**
   * Notes the output of a layer and of those computed together with it.
   *
   * @param absorbed names of the latter
   */
  void finish(LayerNode node, List<String> absorbed, Tensor output, Runnable backward) {
    tensors.put(node.name(), output);
    absorbed.forEach(name -> tensors.put(name, output));
    if (training() && output.needsGradient()) {
      backwards.put(
          node.name(),
          () -> {
            undoActivation(output);
            backward.run();
          });
    }
  }

  /** Notes a layer that does nothing but give its input another name or shape. */
  void passThrough(LayerNode node) {
    Tensor from = input(node);
    // Only the shape changes; gradients come back in either shape and are brought to the value's.
    Tensor to = new Tensor(shape(node), from.value(), from.needsGradient());
    finish(node, to, () -> addGradient(from, to.gradient()));
  }

  /** Goes back through a fused activation unless that happened already. */
  private void undoActivation(Tensor output) {
    if (output.activationPending()) {
      output.setGradient(
          ElementwiseLayers.activationBackward(
              this, output.activation(), output.value(), output.gradient()));
      output.markActivationUndone();
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

  /** A tensor as a row-major matrix {@code (N, K)} of f32. */
  Value asMatrix(Tensor tensor) {
    return asMatrix(tensor, Layouts.F32);
  }

  /** A tensor as a row-major matrix {@code (N, K)}. */
  Value asMatrix(Tensor tensor, memory.data_type type) {
    long[] matrix = {batch(), tensor.shape().elements()};
    Value value = tensor.value();
    if (value.desc().get_ndims() == 2) {
      return tape.inLayout(value, Layouts.plain(type, matrix));
    }
    Value rowMajor = tape.inLayout(value, Layouts.plain(type, Layouts.dimensionsOf(value.desc())));
    return rowMajor.viewedAs(Layouts.plain(type, matrix));
  }

  /** A gradient with the dimensions of the tensor it belongs to. */
  Value reshaped(Value gradient, Value like) {
    int dimensions = like.desc().get_ndims();
    if (gradient.desc().get_ndims() == dimensions) {
      return gradient;
    }
    memory.data_type type = gradient.desc().get_data_type();
    memory.desc rowMajor = Layouts.plain(type, Layouts.dimensionsOf(gradient.desc()));
    return tape.inLayout(gradient, rowMajor)
        .viewedAs(Layouts.plain(type, Layouts.dimensionsOf(like.desc())));
  }
}
