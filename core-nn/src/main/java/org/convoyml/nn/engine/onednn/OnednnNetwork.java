package org.convoyml.nn.engine.onednn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.convoyml.nn.engine.Checks;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompileOptions.Mode;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.GradientListener;
import org.convoyml.nn.engine.MemoryPlan;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.Outputs;
import org.convoyml.nn.engine.StepResult;
import org.convoyml.nn.engine.loss.LossFunction;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.OutputSpec;
import org.convoyml.nn.spec.ParameterLayout;

/**
 * A network on oneDNN: the flat vectors, one buffer for activations, and a {@link Program} for each
 * batch size and mode that was asked for. All programs run in the same buffer, one after another.
 */
final class OnednnNetwork implements CompiledNetwork {
  private final NetworkSpec network;
  private final ParameterLayout layout;
  private final CompileOptions options;
  private final Native natives;
  private final Program[] trainingPrograms;
  private final Program[] inferencePrograms;
  private final int[] outputClasses;
  private final List<LossFunction> losses;
  private final memory.data_type type;
  private final StepResult result = new StepResult();
  private boolean closed;

  /** What all programs of one network share in native memory. */
  static final class Native implements AutoCloseable {
    private final Buffers buffers = new Buffers();
    private final engine engine = CpuEngine.get();
    private final stream stream = buffers.keep(new stream(engine));
    private final Weights weights;
    private Pointer activations;
    private long activationLength;
    private long allActivationBytes;

    private Native(ParameterLayout layout, boolean training) {
      this.weights = new Weights(layout, engine, stream, buffers, training);
    }

    Buffers buffers() {
      return buffers;
    }

    engine engine() {
      return engine;
    }

    stream stream() {
      return stream;
    }

    Weights weights() {
      return weights;
    }

    /** A buffer of at least this length; programs compiled earlier keep theirs. */
    Pointer activations(long bytes) {
      if (activations == null || bytes > activationLength) {
        activations = buffers.allocate(bytes);
        activationLength = bytes;
        allActivationBytes += bytes;
      }
      return activations;
    }

    @Override
    public void close() {
      buffers.close();
    }
  }

  OnednnNetwork(NetworkSpec network, CompileOptions options) {
    this.network = network;
    this.layout = ParameterLayout.of(network);
    this.options = options;
    this.outputClasses =
        network.outputs().stream()
            .mapToInt(output -> network.shapes().get(output.layer()).channels())
            .toArray();
    this.losses = new ArrayList<>();
    for (int i = 0; i < outputClasses.length; i++) {
      losses.add(LossFunction.of(network.outputs().get(i), outputClasses[i]));
    }
    this.type = Bf16.typeFor(options.precision());
    this.trainingPrograms = new Program[options.maxBatchSize() + 1];
    this.inferencePrograms = new Program[options.maxBatchSize() + 1];
    try (PointerScope scope = new PointerScope()) {
      this.natives = new Native(layout, options.mode() == Mode.TRAINING);
    }
    try {
      // The largest first: all smaller ones then fit into its buffer.
      program(options.mode(), options.maxBatchSize());
    } catch (RuntimeException | Error e) {
      natives.close();
      throw e;
    }
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
    natives.weights().load(vector);
  }

  @Override
  public StepResult step(MicroBatch batch, float[] gradient, GradientListener ready) {
    Checks.training(options);
    checkReady(batch);
    Checks.length("gradient", layout.size(), gradient.length);
    for (int i = 0; i < losses.size(); i++) {
      losses.get(i).check(batch);
    }
    program(Mode.TRAINING, batch.size()).step(batch, gradient, ready, result);
    return result;
  }

  @Override
  public void infer(MicroBatch batch, Outputs into) {
    checkReady(batch);
    List<OutputSpec> outputs = network.outputs();
    for (int i = 0; i < outputClasses.length; i++) {
      if (!outputs.get(i).trainingOnly()) {
        String name = outputs.get(i).name();
        Checks.room(name, batch.size() * outputClasses[i], into.get(name).length);
      }
    }
    program(Mode.INFERENCE, batch.size()).infer(batch, into);
  }

  @Override
  public Optional<String> firstNonFiniteLayer(MicroBatch batch) {
    Checks.training(options);
    checkReady(batch);
    OpenMp.omp_set_num_threads(options.threads());
    List<String> found = new ArrayList<>();
    // Unlike the programs for training, it is needed once: it has memory of its own.
    try (PointerScope scope = new PointerScope();
        Native own = new Native(layout, true)) {
      own.weights().load(natives.weights());
      Program.diagnose(
              network,
              layout,
              new ProgramOptions(batch.size(), Mode.TRAINING, type, false),
              own,
              found::add)
          .infer(batch, null);
    }
    return found.stream().findFirst();
  }

  @Override
  public MemoryPlan memoryPlan() {
    Program largest =
        (options.mode() == Mode.TRAINING ? trainingPrograms : inferencePrograms)
            [options.maxBatchSize()];
    return new MemoryPlan(
        natives.weights().bytes(), natives.allActivationBytes, largest.plan().peakLiveBytes());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      natives.close();
    }
  }

  private Program program(Mode mode, int batch) {
    OpenMp.omp_set_num_threads(options.threads());
    Program[] programs = mode == Mode.TRAINING ? trainingPrograms : inferencePrograms;
    if (programs[batch] == null) {
      try (PointerScope scope = new PointerScope()) {
        programs[batch] =
            Program.compile(network, layout, new ProgramOptions(batch, mode, type, true), natives);
      }
    }
    return programs[batch];
  }

  private void checkReady(MicroBatch batch) {
    Checks.open(closed);
    Checks.loaded(natives.weights().isLoaded());
    Checks.examples(batch, network, options.maxBatchSize());
  }
}
