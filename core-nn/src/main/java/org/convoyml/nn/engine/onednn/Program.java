package org.convoyml.nn.engine.onednn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.convoyml.nn.engine.CompileOptions.Mode;
import org.convoyml.nn.engine.GradientListener;
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

/**
 * The instructions for one batch size, forward only or forward and backward, with every address
 * fixed. The places where numbers pass between Java and native memory are instructions too.
 */
final class Program {
  private final NetworkSpec network;
  private final ParameterLayout layout;
  private final int batch;
  private final Buffers buffers;
  private final Weights weights;
  private final List<HostTensor> hostTensors = new ArrayList<>();
  private final List<SoftmaxLoss> losses = new ArrayList<>();
  private List<Weights.WeightCopy> weightCopies;
  private List<Runnable> instructions;
  private BufferPlan plan;

  private MicroBatch images;
  private float[] gradient;
  private GradientListener ready;
  private Outputs outputs;

  /** A tensor whose elements pass between Java and native memory. */
  private static final class HostTensor {
    private final Value value;
    private FloatPointer floats;

    private HostTensor(Value value) {
      this.value = value;
    }
  }

  private Program(
      NetworkSpec network, ParameterLayout layout, int batch, Buffers buffers, Weights weights) {
    this.network = network;
    this.layout = layout;
    this.batch = batch;
    this.buffers = buffers;
    this.weights = weights;
  }

  static Program compile(
      NetworkSpec network,
      ParameterLayout layout,
      int batch,
      Mode mode,
      OnednnNetwork.Native natives) {
    Program program = new Program(network, layout, batch, natives.buffers(), natives.weights());
    Tape tape = new Tape(natives.engine(), natives.buffers());
    GraphCompiler graph = new GraphCompiler(network, layout, batch, mode, natives.weights(), tape);
    program.recordImages(graph, tape);
    if (mode == Mode.TRAINING) {
      program.recordLosses(graph, tape);
      program.recordBackward(graph, tape);
    } else {
      program.recordOutputs(graph, tape);
    }
    program.weightCopies = graph.weightCopies();
    program.plan = tape.plan();
    program.bind(tape, natives);
    return program;
  }

  private void bind(Tape tape, OnednnNetwork.Native natives) {
    var buffer = natives.activations(plan.bytes());
    instructions = tape.bind(natives.stream(), buffer);
    for (HostTensor tensor : hostTensors) {
      tensor.floats = buffers.keep(new FloatPointer(tensor.value.address(buffer)));
    }
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
    HostTensor input =
        onHost(Value.planned(Layouts.plain(Layouts.dimensions(batch, network.input()))));
    tape.host(() -> input.floats.put(images.images(), 0, elements), input.value);
    graph.forward(input.value);
  }

  private void recordLosses(GraphCompiler graph, Tape tape) {
    Map<String, Shape> shapes = network.shapes();
    for (OutputSpec output : network.outputs()) {
      int classes = shapes.get(output.layer()).channels();
      SoftmaxLoss loss = new SoftmaxLoss(batch, classes, output.weight());
      losses.add(loss);
      HostTensor logits = onHost(graph.outputValues(output));
      HostTensor back = onHost(Value.planned(Layouts.plain(batch, classes)));
      tape.host(
          () -> {
            logits.floats.get(loss.logits(), 0, batch * classes);
            loss.compute(batch, images.labels());
            back.floats.put(loss.gradient(), 0, batch * classes);
          },
          logits.value,
          back.value);
      graph.outputGradient(output, back.value);
    }
  }

  private void recordOutputs(GraphCompiler graph, Tape tape) {
    for (OutputSpec output : network.outputs()) {
      HostTensor values = onHost(graph.outputValues(output));
      int elements = batch * network.shapes().get(output.layer()).elements();
      tape.host(() -> values.floats.get(outputs.get(output.name()), 0, elements), values.value);
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
    FloatPointer floats = weights.gradientFloats(from);
    long elements = (long) batch * output.height() * output.width();
    // oneDNN's variance is the biased one.
    float unbiased = elements > 1 ? (float) elements / (elements - 1) : 1;
    List<ParameterSlice> means = of(slices, ParameterKind.RUNNING_MEAN);
    List<ParameterSlice> variances = of(slices, ParameterKind.RUNNING_VARIANCE);
    return () -> {
      floats.get(gradient, from, to - from);
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
      for (int i = slice.offset(); i < slice.end(); i++) {
        gradient[i] *= factor;
      }
    }
  }

  private HostTensor onHost(Value value) {
    HostTensor tensor = new HostTensor(value);
    hostTensors.add(tensor);
    return tensor;
  }
}
