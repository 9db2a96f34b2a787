package org.convoyml.nn.engine.onednn;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.convoyml.nn.engine.CompileOptions.Mode;
import org.convoyml.nn.engine.GradientListener;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.Outputs;
import org.convoyml.nn.engine.StepResult;
import org.convoyml.nn.engine.loss.LossFunction;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.OutputSpec;
import org.convoyml.nn.spec.ParameterKind;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.spec.Shape;

/**
 * The instructions for one batch size, forward only or forward and backward, with every address
 * fixed. The places where numbers pass between Java and native memory are instructions too.
 */
final class Program {
  private final NetworkSpec network;
  private final ParameterLayout layout;
  private final int batch;
  private final OnednnNetwork.Native natives;
  private final Weights weights;
  private final List<OutputLoss> losses = new ArrayList<>();
  private List<Weights.WeightCopy> weightCopies;
  private List<Runnable> instructions;
  private BufferPlan plan;

  private MicroBatch images;
  private float[] gradient;
  private GradientListener ready;
  private Outputs outputs;

  private Program(
      NetworkSpec network, ParameterLayout layout, int batch, OnednnNetwork.Native natives) {
    this.network = network;
    this.layout = layout;
    this.batch = batch;
    this.natives = natives;
    this.weights = natives.weights();
  }

  /** Forward and backward, or forward only. */
  static Program compile(
      NetworkSpec network,
      ParameterLayout layout,
      ProgramOptions options,
      OnednnNetwork.Native natives) {
    Program program = new Program(network, layout, options.batch(), natives);
    Tape tape = new Tape(natives.engine(), natives.buffers());
    GraphCompiler graph = program.graph(options, tape);
    if (options.mode() == Mode.TRAINING) {
      program.recordImages(graph, tape);
      network.layers().forEach(graph::forward);
      program.recordLosses(graph, tape);
      program.recordBackward(graph, tape);
    } else {
      program.recordImages(graph, tape);
      neededFor(network, network.inferenceOutputs()).forEach(graph::forward);
      program.recordOutputs(graph, tape);
    }
    program.finish(graph, tape);
    return program;
  }

  /**
   * Forward in training mode, layer by layer, with a look at each result.
   *
   * @param options of a program that does not fuse
   * @param firstNonFinite told the name of each layer with a number that is NaN or infinite
   */
  static Program diagnose(
      NetworkSpec network,
      ParameterLayout layout,
      ProgramOptions options,
      OnednnNetwork.Native natives,
      Consumer<String> firstNonFinite) {
    Program program = new Program(network, layout, options.batch(), natives);
    Tape tape = new Tape(natives.engine(), natives.buffers());
    GraphCompiler graph = program.graph(options, tape);
    program.recordImages(graph, tape);
    for (LayerNode node : network.layers()) {
      graph.forward(node);
      Value values = graph.asMatrix(graph.tensor(node.name()));
      Tape.HostTensor onHost = tape.onHost(values);
      float[] numbers = new float[options.batch() * graph.shape(node).elements()];
      tape.host(
          () -> {
            onHost.get(numbers, 0, numbers.length);
            if (!isFinite(numbers)) {
              firstNonFinite.accept(node.name());
            }
          },
          values);
    }
    program.finish(graph, tape);
    return program;
  }

  private static boolean isFinite(float[] numbers) {
    for (float number : numbers) {
      if (!Float.isFinite(number)) {
        return false;
      }
    }
    return true;
  }

  private GraphCompiler graph(ProgramOptions options, Tape tape) {
    return new GraphCompiler(network, layout, options, weights, tape, () -> images);
  }

  private void finish(GraphCompiler graph, Tape tape) {
    weightCopies = graph.weightCopies();
    plan = tape.plan();
    instructions = tape.bind(natives.stream(), natives.activations(plan.bytes()));
  }

  /** The layers that these outputs depend on, in order. */
  private static List<LayerNode> neededFor(NetworkSpec network, List<OutputSpec> outputs) {
    Set<String> needed = new HashSet<>();
    outputs.forEach(output -> needed.add(output.layer()));
    List<LayerNode> nodes = new ArrayList<>();
    for (int i = network.layers().size() - 1; i >= 0; i--) {
      LayerNode node = network.layers().get(i);
      if (needed.contains(node.name())) {
        needed.addAll(node.inputs());
        nodes.add(0, node);
      }
    }
    return nodes;
  }

  BufferPlan plan() {
    return plan;
  }

  /** Forward, loss, backward. */
  void step(MicroBatch newImages, float[] newGradient, GradientListener newReady, StepResult into) {
    images = newImages;
    gradient = newGradient;
    ready = newReady;
    run();
    double lossSum = 0;
    // By index, here and below: an iterator would be an allocation.
    for (int i = 0; i < losses.size(); i++) {
      lossSum += losses.get(i).lossSum();
    }
    into.set(batch, lossSum, losses.get(0).correct());
  }

  /** Forward. */
  void infer(MicroBatch newImages, Outputs into) {
    images = newImages;
    outputs = into;
    run();
  }

  private void run() {
    for (int i = 0; i < weightCopies.size(); i++) {
      weightCopies.get(i).refresh(weights.version());
    }
    for (int i = 0; i < instructions.size(); i++) {
      instructions.get(i).run();
    }
  }

  private void recordImages(GraphCompiler graph, Tape tape) {
    int elements = batch * network.input().elements();
    Value input = Value.planned(Layouts.plain(Layouts.dimensions(batch, network.input())));
    Tape.HostTensor onHost = tape.onHost(input);
    tape.host(() -> onHost.put(images.images(), elements), input);
    graph.images(input);
  }

  private void recordLosses(GraphCompiler graph, Tape tape) {
    Map<String, Shape> shapes = network.shapes();
    for (OutputSpec output : network.outputs()) {
      int width = shapes.get(output.layer()).channels();
      Tape.HostTensor values = tape.onHost(graph.outputValues(output));
      Tape.HostTensor back = tape.onHost(Value.planned(Layouts.plain(batch, width)));
      OutputLoss loss = new OutputLoss(LossFunction.of(output, width), values, back, batch * width);
      losses.add(loss);
      tape.host(() -> loss.compute(images), values.value(), back.value());
      graph.outputGradient(output, back.value());
    }
  }

  private void recordOutputs(GraphCompiler graph, Tape tape) {
    for (OutputSpec output : network.inferenceOutputs()) {
      Tape.HostTensor values = tape.onHost(graph.outputValues(output));
      int elements = batch * network.shapes().get(output.layer()).elements();
      tape.host(() -> values.get(outputs.get(output.name()), 0, elements), values.value());
    }
  }

  /** Backward, handing over each layer's gradient as soon as it is there. */
  private void recordBackward(GraphCompiler graph, Tape tape) {
    List<LayerNode> nodes = network.layers();
    Map<String, Shape> shapes = network.shapes();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      LayerNode node = nodes.get(i);
      graph.backward(node);
      List<ParameterSlice> slices =
          node.layer().parameters(NetworkSpec.inputShapes(node, shapes)).stream()
              .map(spec -> layout.slice(node.name() + "." + spec.name()))
              .toList();
      if (!slices.isEmpty()) {
        tape.host(handOver(slices, shapes.get(node.name())));
      }
    }
  }

  private Runnable handOver(List<ParameterSlice> slices, Shape output) {
    int from = slices.get(0).offset();
    int to = slices.get(slices.size() - 1).end();
    // Where no output depends on the layer nothing was ever written: a gradient of zeros.
    FloatBuffer floats = weights.gradientFloats(from, to);
    long elements = (long) batch * output.height() * output.width();
    // oneDNN's variance is the biased one.
    float unbiased = elements > 1 ? (float) elements / (elements - 1) : 1;
    List<ParameterSlice> means = of(slices, ParameterKind.RUNNING_MEAN);
    List<ParameterSlice> variances = of(slices, ParameterKind.RUNNING_VARIANCE);
    return () -> {
      floats.get(0, gradient, from, to - from);
      scale(means, batch);
      scale(variances, batch * unbiased);
      ready.ready(from, to);
    };
  }

  private static List<ParameterSlice> of(List<ParameterSlice> slices, ParameterKind kind) {
    return slices.stream().filter(slice -> slice.spec().kind() == kind).toList();
  }

  private void scale(List<ParameterSlice> slices, float factor) {
    for (int s = 0; s < slices.size(); s++) {
      ParameterSlice slice = slices.get(s);
      int end = slice.end();
      for (int i = slice.offset(); i < end; i++) {
        gradient[i] *= factor;
      }
    }
  }
}
