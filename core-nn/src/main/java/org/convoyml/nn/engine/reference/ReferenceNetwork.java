package org.convoyml.nn.engine.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.convoyml.nn.engine.Checks;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.GradientListener;
import org.convoyml.nn.engine.MemoryPlan;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.Outputs;
import org.convoyml.nn.engine.StepResult;
import org.convoyml.nn.engine.loss.LossFunction;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.OutputSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.spec.Shape;

/** Runs the operations of a network in order, and backwards. Every tensor has memory of its own. */
final class ReferenceNetwork implements CompiledNetwork {
  private final NetworkSpec network;
  private final CompileOptions options;
  private final ParameterLayout layout;
  private final Map<String, Tensor> activations = new LinkedHashMap<>();
  private final List<BoundLayer> layers = new ArrayList<>();
  private final List<BoundLoss> losses = new ArrayList<>();
  private final StepResult result = new StepResult();
  private long batchKey;
  private boolean loaded;
  private boolean closed;

  /** A slice of the flat vector and the tensor that holds it. */
  private record BoundParameter(ParameterSlice slice, Tensor tensor) {}

  /**
   * @param needed by an output of inference
   * @param goesBack whether a parameter at or below it is trained
   */
  private record BoundLayer(
      String name,
      Operation operation,
      List<BoundParameter> parameters,
      boolean needed,
      boolean goesBack) {}

  /** An output, its loss, and room for the gradient. */
  private record BoundLoss(LossFunction function, Tensor output, double[] gradient) {}

  ReferenceNetwork(NetworkSpec network, CompileOptions options) {
    this.network = network;
    this.options = options;
    this.layout = ParameterLayout.of(network);
    Map<String, Shape> shapes = network.shapes();
    Set<String> trained = isTraining() ? trained(network, shapes) : Set.of();
    shapes.forEach(
        (name, shape) ->
            activations.put(
                name, Tensor.ofExamples(options.maxBatchSize(), shape, trained.contains(name))));
    Set<String> needed = neededInInference(network);
    for (LayerNode node : network.layers()) {
      layers.add(bind(node, shapes, needed.contains(node.name()), trained.contains(node.name())));
    }
    for (OutputSpec output : network.outputs()) {
      Tensor tensor = activations.get(output.layer());
      losses.add(
          new BoundLoss(
              LossFunction.of(output, tensor.channels), tensor, new double[tensor.value.length]));
    }
  }

  /** The layers at or below which a parameter is trained: only they need gradients. */
  private static Set<String> trained(NetworkSpec network, Map<String, Shape> shapes) {
    Set<String> trained = new HashSet<>();
    for (LayerNode node : network.layers()) {
      boolean hasParameters =
          !node.layer().parameters(NetworkSpec.inputShapes(node, shapes)).isEmpty();
      boolean frozen = network.frozen().contains(node.name());
      if ((hasParameters && !frozen) || node.inputs().stream().anyMatch(trained::contains)) {
        trained.add(node.name());
      }
    }
    return trained;
  }

  private static Set<String> neededInInference(NetworkSpec network) {
    Set<String> needed = new HashSet<>();
    network.inferenceOutputs().forEach(output -> needed.add(output.layer()));
    for (int i = network.layers().size() - 1; i >= 0; i--) {
      LayerNode node = network.layers().get(i);
      if (needed.contains(node.name())) {
        needed.addAll(node.inputs());
      }
    }
    return needed;
  }

  private BoundLayer bind(
      LayerNode node, Map<String, Shape> shapes, boolean needed, boolean goesBack) {
    boolean frozen = network.frozen().contains(node.name());
    List<BoundParameter> parameters =
        node.layer().parameters(NetworkSpec.inputShapes(node, shapes)).stream()
            .map(
                spec ->
                    new BoundParameter(
                        layout.slice(node.name() + "." + spec.name()),
                        Tensor.ofParameter(spec.shape(), isTraining() && !frozen)))
            .toList();
    Operation operation =
        node.layer()
            .accept(
                new Operations(
                    node.inputs().stream().map(activations::get).toList(),
                    parameters.stream().map(BoundParameter::tensor).toList(),
                    activations.get(node.name()),
                    layers.size(),
                    frozen,
                    () -> batchKey));
    return new BoundLayer(node.name(), operation, parameters, needed, goesBack);
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
    Checks.open(closed);
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
    Checks.training(options);
    checkReady(batch);
    Checks.length("gradient", layout.size(), gradient.length);
    losses.forEach(loss -> loss.function().check(batch));

    forward(batch, true);
    clearGradients();
    double lossSum = 0;
    for (BoundLoss loss : losses) {
      lossSum += loss.function().compute(loss.output().value, batch, loss.gradient());
      for (int i = 0;
          loss.output().hasGradient() && i < batch.size() * loss.output().channels;
          i++) {
        loss.output().gradient[i] += loss.gradient()[i];
      }
    }
    for (int i = layers.size() - 1; i >= 0; i--) {
      BoundLayer layer = layers.get(i);
      if (layer.goesBack()) {
        layer.operation().backward(batch.size());
      }
      hand(layer, gradient, ready);
    }
    BoundLoss primary = losses.get(0);
    int correct = primary.function().correct(primary.output().value, batch);
    return result.set(batch.size(), lossSum, correct);
  }

  @Override
  public Optional<String> firstNonFiniteLayer(MicroBatch batch) {
    Checks.training(options);
    checkReady(batch);
    forward(batch, true);
    for (BoundLayer layer : layers) {
      Tensor output = activations.get(layer.name());
      for (int i = 0; i < batch.size() * output.exampleLength(); i++) {
        if (!Double.isFinite(output.value[i])) {
          return Optional.of(layer.name());
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public void infer(MicroBatch batch, Outputs into) {
    checkReady(batch);
    for (OutputSpec output : network.inferenceOutputs()) {
      Tensor tensor = activations.get(output.layer());
      int needed = batch.size() * tensor.exampleLength();
      Checks.room(output.name(), needed, into.get(output.name()).length);
    }
    forward(batch, false);
    for (OutputSpec output : network.inferenceOutputs()) {
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
    batchKey = batch.key();
    for (BoundLayer layer : layers) {
      if (training || layer.needed()) {
        layer.operation().forward(batch.size(), training);
      }
    }
  }

  private void clearGradients() {
    activations.values().forEach(Tensor::clearGradient);
    for (BoundLayer layer : layers) {
      layer.parameters().forEach(parameter -> parameter.tensor().clearGradient());
    }
  }

  /** Copies a layer's gradients, which are adjacent slices, and tells the listener. */
  private static void hand(BoundLayer layer, float[] gradient, GradientListener ready) {
    List<BoundParameter> parameters = layer.parameters();
    if (parameters.isEmpty()) {
      return;
    }
    for (BoundParameter parameter : parameters) {
      ParameterSlice slice = parameter.slice();
      if (!parameter.tensor().hasGradient()) {
        Arrays.fill(gradient, slice.offset(), slice.end(), 0); // frozen
        continue;
      }
      double[] from = parameter.tensor().gradient;
      for (int i = 0; i < from.length; i++) {
        gradient[slice.offset() + i] = (float) from[i];
      }
    }
    ready.ready(
        parameters.get(0).slice().offset(), parameters.get(parameters.size() - 1).slice().end());
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

  private void checkReady(MicroBatch batch) {
    Checks.open(closed);
    Checks.loaded(loaded);
    Checks.examples(batch, network, options.maxBatchSize());
  }
}
