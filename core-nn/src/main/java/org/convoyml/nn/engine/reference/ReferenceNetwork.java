package org.convoyml.nn.engine.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.convoyml.nn.engine.Checks;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.GradientListener;
import org.convoyml.nn.engine.MemoryPlan;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.Outputs;
import org.convoyml.nn.engine.StepResult;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.OutputSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.SoftmaxCrossEntropy;

/** Runs the operations of a network in order, and backwards. Every tensor has memory of its own. */
final class ReferenceNetwork implements CompiledNetwork {
  private final NetworkSpec network;
  private final CompileOptions options;
  private final ParameterLayout layout;
  private final Map<String, Tensor> activations = new LinkedHashMap<>();
  private final List<BoundLayer> layers = new ArrayList<>();
  private final List<ClassificationLoss> losses = new ArrayList<>();
  private final StepResult result = new StepResult();
  private boolean loaded;
  private boolean closed;

  /** A slice of the flat vector and the tensor that holds it. */
  private record BoundParameter(ParameterSlice slice, Tensor tensor) {}

  private record BoundLayer(Operation operation, List<BoundParameter> parameters) {}

  ReferenceNetwork(NetworkSpec network, CompileOptions options) {
    this.network = network;
    this.options = options;
    this.layout = ParameterLayout.of(network);
    Map<String, Shape> shapes = network.shapes();
    shapes.forEach(
        (name, shape) ->
            activations.put(name, Tensor.ofExamples(options.maxBatchSize(), shape, isTraining())));
    for (LayerNode node : network.layers()) {
      layers.add(bind(node, shapes));
    }
    for (OutputSpec output : network.outputs()) {
      losses.add(bind(output));
    }
  }

  private BoundLayer bind(LayerNode node, Map<String, Shape> shapes) {
    List<BoundParameter> parameters =
        node.layer().parameters(NetworkSpec.inputShapes(node, shapes)).stream()
            .map(
                spec ->
                    new BoundParameter(
                        layout.slice(node.name() + "." + spec.name()),
                        Tensor.ofParameter(spec.shape(), isTraining())))
            .toList();
    Operation operation =
        node.layer()
            .accept(
                new Operations(
                    node.inputs().stream().map(activations::get).toList(),
                    parameters.stream().map(BoundParameter::tensor).toList(),
                    activations.get(node.name())));
    return new BoundLayer(operation, parameters);
  }

  private ClassificationLoss bind(OutputSpec output) {
    if (output.loss() instanceof SoftmaxCrossEntropy) {
      return new ClassificationLoss(output.weight(), activations.get(output.layer()));
    }
    throw new IllegalStateException("the reference engine does not know the loss " + output.loss());
  }

  @Override
  public NetworkSpec network() {
    return network;
  }

  @Override
  public ParameterLayout layout() {
    return layout;
  }

  @Override
  public void load(float[] vector) {
    checkOpen();
    Checks.length("vector", layout.size(), vector.length);
    for (BoundLayer layer : layers) {
      for (BoundParameter parameter : layer.parameters()) {
        double[] value = parameter.tensor().value;
        for (int i = 0; i < value.length; i++) {
          value[i] = vector[parameter.slice().offset() + i];
        }
      }
    }
    loaded = true;
  }

  @Override
  public StepResult step(MicroBatch batch, float[] gradient, GradientListener ready) {
    Objects.requireNonNull(ready, "ready");
    if (!isTraining()) {
      throw new IllegalStateException("the network was compiled for inference");
    }
    checkReady(batch);
    Checks.length("gradient", layout.size(), gradient.length);
    for (ClassificationLoss loss : losses) {
      Checks.labels(batch, loss.classes());
    }
    int examples = batch.size();

    forward(batch, true);
    double lossSum = 0;
    for (ClassificationLoss loss : losses) {
      lossSum += loss.forward(examples, batch.labels());
    }

    clearGradients();
    for (ClassificationLoss loss : losses) {
      loss.backward(examples, batch.labels());
    }
    for (int i = layers.size() - 1; i >= 0; i--) {
      layers.get(i).operation().backward(examples);
      hand(layers.get(i).parameters(), gradient, ready);
    }
    return result.set(examples, lossSum, losses.get(0).correct(examples, batch.labels()));
  }

  @Override
  public void infer(MicroBatch batch, Outputs into) {
    checkReady(batch);
    for (OutputSpec output : network.outputs()) {
      Tensor tensor = activations.get(output.layer());
      int needed = batch.size() * tensor.exampleLength();
      Checks.room(output.name(), needed, into.get(output.name()).length);
    }
    forward(batch, false);
    for (OutputSpec output : network.outputs()) {
      Tensor tensor = activations.get(output.layer());
      float[] target = into.get(output.name());
      for (int i = 0; i < batch.size() * tensor.exampleLength(); i++) {
        target[i] = (float) tensor.value[i];
      }
    }
  }

  private void forward(MicroBatch batch, boolean training) {
    double[] input = activations.get(NetworkSpec.INPUT).value;
    for (int i = 0; i < batch.size() * network.input().elements(); i++) {
      input[i] = batch.images()[i];
    }
    for (BoundLayer layer : layers) {
      layer.operation().forward(batch.size(), training);
    }
  }

  private void clearGradients() {
    activations.values().forEach(Tensor::clearGradient);
    for (BoundLayer layer : layers) {
      layer.parameters().forEach(parameter -> parameter.tensor().clearGradient());
    }
  }

  /** Copies a layer's gradients, which are adjacent slices, and tells the listener. */
  private static void hand(
      List<BoundParameter> parameters, float[] gradient, GradientListener ready) {
    if (parameters.isEmpty()) {
      return;
    }
    for (BoundParameter parameter : parameters) {
      double[] from = parameter.tensor().gradient;
      for (int i = 0; i < from.length; i++) {
        gradient[parameter.slice().offset() + i] = (float) from[i];
      }
    }
    ready.ready(
        parameters.get(0).slice().offset(), parameters.get(parameters.size() - 1).slice().end());
  }

  @Override
  public Optional<String> firstNonFiniteLayer(MicroBatch batch) {
    throw new IllegalStateException("unknown");
  }

  /**
   * Bytes of Java heap, all in double precision. Nothing is reused, so all activations count as
   * live at once.
   */
  @Override
  public MemoryPlan memoryPlan() {
    long parameters =
        layers.stream()
            .flatMap(layer -> layer.parameters().stream())
            .mapToLong(parameter -> parameter.tensor().bytes())
            .sum();
    long held = activations.values().stream().mapToLong(Tensor::bytes).sum();
    return new MemoryPlan(parameters, held, held);
  }

  @Override
  public void close() {
    closed = true;
  }

  private boolean isTraining() {
    return options.mode() == CompileOptions.Mode.TRAINING;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the network is closed");
    }
  }

  private void checkReady(MicroBatch batch) {
    checkOpen();
    if (!loaded) {
      throw new IllegalStateException("no parameters were loaded");
    }
    Checks.examples(batch, network, options.maxBatchSize());
  }
}
