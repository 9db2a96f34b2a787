package org.convoyml.dl4j.engine;

import static org.convoyml.dl4j.graph.NativeArrays.release;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.convoyml.dl4j.graph.BatchLoss;
import org.convoyml.dl4j.graph.GraphTranslator;
import org.convoyml.dl4j.graph.ParameterBinding;
import org.convoyml.dl4j.graph.Purpose;
import org.convoyml.dl4j.graph.TranslatedGraph;
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
import org.convoyml.nn.spec.ParameterKind;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.spec.Shape;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.memory.MemoryWorkspaceManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network as {@code ComputationGraph}. Its gradients are sums over the micro-batch, since only
 * Deeplearning4j's updaters, which are not used, divide them.
 */
final class Dl4jNetwork implements CompiledNetwork {
  private final NetworkSpec network;
  private final CompileOptions options;
  private final ParameterLayout layout;
  private final TranslatedGraph translated;
  private final ComputationGraph graph;
  private final Map<String, Shape> shapes;
  private final StepResult result = new StepResult();
  private boolean loaded;
  private boolean closed;

  Dl4jNetwork(NetworkSpec network, CompileOptions options) {
    this.network = network;
    this.options = options;
    this.layout = ParameterLayout.of(network);
    this.shapes = network.shapes();
    this.translated =
        new GraphTranslator(
                network,
                options.mode() == CompileOptions.Mode.TRAINING
                    ? Purpose.TRAINING
                    : Purpose.INFERENCE)
            .translate();
    Dl4jThreads.use(options.threads());
    this.graph = translated.instantiate();
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
    translated.load(vector, graph);
    loaded = true;
  }

  @Override
  public StepResult step(MicroBatch batch, float[] gradient, GradientListener ready) {
    Checks.training(options);
    checkReady(batch);
    Checks.length("gradient", layout.size(), gradient.length);
    translated.losses().forEach(loss -> loss.check(batch));
    translated.batch().set(batch);
    INDArray images = images(batch);
    INDArray[] labels = labels(batch.size());
    try {
      graph.setInputs(images);
      graph.setLabels(labels);
      graph.computeGradientAndScore();
      store(graph.gradient(), batch.size(), gradient);
    } finally {
      graph.clear();
      release(images);
      release(labels);
    }
    ready.ready(0, gradient.length);
    double lossSum = translated.losses().stream().mapToDouble(BatchLoss::lossSum).sum();
    return result.set(batch.size(), lossSum, translated.losses().get(0).correct());
  }

  private INDArray images(MicroBatch batch) {
    Shape shape = network.input();
    long[] dimensions =
        shape.isSpatial()
            ? new long[] {batch.size(), shape.channels(), shape.height(), shape.width()}
            : new long[] {batch.size(), shape.channels()};
    return Nd4j.create(
        Arrays.copyOf(batch.images(), batch.size() * shape.elements()), dimensions, 'c');
  }

  /** Deeplearning4j wants some; the losses do not look at them. */
  private INDArray[] labels(int examples) {
    return network.outputs().stream()
        .map(output -> Nd4j.zeros(examples, shapes.get(output.layer()).channels()))
        .toArray(INDArray[]::new);
  }

  private void store(Gradient computed, int examples, float[] gradient) {
    Arrays.fill(gradient, 0);
    for (ParameterBinding parameter : translated.parameters()) {
      ParameterSlice slice = parameter.slice();
      if (slice.frozen()) {
        continue;
      }
      parameter.store(computed.getGradientFor(parameter.name()), gradient);
      if (!slice.spec().kind().isTrainable()) {
        toStatistic(parameter, examples, gradient);
      }
    }
  }

  /**
   * What Deeplearning4j calls the gradient of a running statistic is by how much the micro-batch's
   * is below it. Its variance is the biased one.
   */
  private void toStatistic(ParameterBinding parameter, int examples, float[] gradient) {
    ParameterSlice slice = parameter.slice();
    float[] running = parameter.numbers(graph.getParam(parameter.name()));
    Shape normalised = shapes.get(parameter.vertex());
    double elements = (double) examples * normalised.elements() / normalised.channels();
    double unbiased =
        slice.spec().kind() == ParameterKind.RUNNING_VARIANCE && elements > 1
            ? elements / (elements - 1)
            : 1;
    for (int i = 0; i < running.length; i++) {
      double statistic = (double) running[i] - gradient[slice.offset() + i];
      gradient[slice.offset() + i] = (float) (examples * unbiased * statistic);
    }
  }

  @Override
  public void infer(MicroBatch batch, Outputs into) {
    checkReady(batch);
    for (OutputSpec output : network.inferenceOutputs()) {
      int needed = batch.size() * shapes.get(output.layer()).channels();
      Checks.room(output.name(), needed, into.get(output.name()).length);
    }
    INDArray images = images(batch);
    INDArray[] found = {};
    try {
      found = graph.output(false, images);
      for (int i = 0; i < found.length; i++) {
        OutputSpec output = network.outputs().get(i);
        if (!output.trainingOnly()) {
          float[] values = numbers(found[i]);
          System.arraycopy(values, 0, into.get(output.name()), 0, values.length);
        }
      }
    } finally {
      release(images);
      release(found);
    }
  }

  private static float[] numbers(INDArray array) {
    INDArray copy = array.dup('c');
    try {
      return copy.data().asFloat();
    } finally {
      release(copy);
    }
  }

  @Override
  public Optional<String> firstNonFiniteLayer(MicroBatch batch) {
    Checks.training(options);
    checkReady(batch);
    translated.batch().set(batch);
    INDArray images = images(batch);
    Map<String, INDArray> activations = new HashMap<>();
    try {
      activations.putAll(graph.feedForward(new INDArray[] {images}, true, true));
      return network.layers().stream()
          .map(LayerNode::name)
          .filter(activations::containsKey)
          .filter(name -> !isFinite(activations.get(name)))
          .findFirst();
    } finally {
      graph.clear();
      release(images);
      release(activations.values().toArray(INDArray[]::new));
    }
  }

  private static boolean isFinite(INDArray numbers) {
    float[] values = numbers(numbers);
    return IntStream.range(0, values.length).allMatch(i -> Float.isFinite(values[i]));
  }

  /** An estimate: Deeplearning4j allocates while it computes. */
  @Override
  public MemoryPlan memoryPlan() {
    return Dl4jMemory.plan(network, layout, options);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      graph.clear();
      release(graph.params());
      if (graph.getGradientsViewArray() != null) {
        release(graph.getGradientsViewArray());
      }
      // One by one: destroying all at once ends with a full garbage collection.
      MemoryWorkspaceManager workspaces = Nd4j.getWorkspaceManager();
      workspaces.getAllWorkspacesForCurrentThread().forEach(workspaces::destroyWorkspace);
    }
  }

  private void checkReady(MicroBatch batch) {
    Checks.open(closed);
    Checks.loaded(loaded);
    Checks.examples(batch, network, options.maxBatchSize());
    Dl4jThreads.use(options.threads());
  }
}
