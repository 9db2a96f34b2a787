package org.convoyml.dl4j.exchange;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.convoyml.dl4j.exchange.WeightBlock.Canonical;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.AveragePool2d;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.GlobalMaxPool;
import org.convoyml.nn.spec.LayerSpec;
import org.convoyml.nn.spec.LocalResponseNorm;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Size;
import org.convoyml.nn.spec.Softmax;

/**
 * Takes one layer into a network: dropout before it, itself, its activation behind it. Its weights
 * become blocks in the order in which Deeplearning4j has them.
 */
final class LayerImport {
  static final Canonical CANONICAL = new Canonical();

  private final NetworkAssembly assembly;
  private final String vertex;
  private final String name;
  private boolean frozen;
  private boolean withState = true;

  /**
   * @param vertex its name in Deeplearning4j
   * @param name its name in Convoy
   */
  LayerImport(NetworkAssembly assembly, String vertex, String name) {
    this.assembly = assembly;
    this.vertex = vertex;
    this.name = name;
  }

  /** Adds the layer; returns what it gives. */
  Value read(JsonPlace layer, Value input) {
    String type = layer.type();
    if (type.equals("FrozenLayer")) {
      frozen = true;
      withState = false;
      return read(layer.get("layer"), input);
    }
    if (type.equals("FrozenLayerWithBackprop")) {
      // Its gradient is zero, but its updater has a state all the same.
      frozen = true;
      return read(layer.get("underlying"), input);
    }
    checkChannelsFirst(layer);
    warnOfTraining(layer);
    if (type.equals("ZeroPaddingLayer")) {
      return padded(layer, input);
    }
    if (type.contains("Convolution")) {
      return activated(
          layer, new ConvolutionImport(assembly, this, name).read(layer, dropped(layer, input)));
    }
    Value.Tensor from = dropout(layer, tensor(layer, input));
    try {
      return switch (type) {
        case "SubsamplingLayer", "Pooling2D" -> add(pooling(layer), from);
        case "GlobalPoolingLayer" -> add(globalPooling(layer), from);
        case "LocalResponseNormalization" -> add(responseNorm(layer), from);
        case "BatchNormalization" -> batchNorm(layer, from);
        // Its activation is in the file, but is not used.
        case "DropoutLayer" -> from;
        case "ActivationLayer" -> activated(layer, from);
        case "DenseLayer" -> activated(layer, dense(layer, from));
        case "OutputLayer" -> output(layer, dense(layer, from));
        case "LossLayer" -> output(layer, from);
        default -> throw layer.wrong("a layer");
      };
    } catch (IllegalArgumentException e) {
      throw wrong(layer, e);
    }
  }

  static ConvoyException wrong(JsonPlace layer, IllegalArgumentException e) {
    return new ConvoyException("%s: %s".formatted(layer.place(), e.getMessage()), e);
  }

  private Value.Tensor add(LayerSpec spec, Value.Tensor from) {
    return assembly.add(name, spec, List.of(from.layer()));
  }

  private static Value.Tensor tensor(JsonPlace layer, Value input) {
    if (input instanceof Value.Tensor tensor) {
      return tensor;
    }
    throw layer.wrong("a convolution behind zero padding");
  }

  private static void checkChannelsFirst(JsonPlace layer) {
    for (String format : List.of("cnn2dDataFormat", "cnn2DFormat", "dataFormat")) {
      if (!layer.get(format).text("NCHW").equals("NCHW")) {
        throw layer.get(format).wrong("NCHW, Convoy has no other order");
      }
    }
  }

  private void warnOfTraining(JsonPlace layer) {
    if (!layer.get("constraints").elements().isEmpty()) {
      assembly.warn(layer.get("constraints"), "left out, Convoy has no constraints");
    }
    if (layer.get("weightNoise").isPresent()) {
      assembly.warn(layer.get("weightNoise"), "left out, Convoy has no noise of weights");
    }
  }

  /** Of zeros around a map nothing is left to drop. */
  private Value dropped(JsonPlace layer, Value input) {
    return input instanceof Value.Padded padded
        ? new Value.Padded(
            dropout(layer, new Value.Tensor(padded.layer())).layer(), padded.border())
        : dropout(layer, tensor(layer, input));
  }

  /** Of a layer's input; its number is the probability to keep one. A frozen layer has none. */
  private Value.Tensor dropout(JsonPlace layer, Value.Tensor from) {
    JsonPlace dropout = layer.get("idropout");
    if (!dropout.isPresent() || frozen) {
      return from;
    }
    if (!dropout.type().equals("Dropout") || dropout.get("pschedule").isPresent()) {
      assembly.warn(dropout, "left out, Convoy has plain dropout only; inference is the same");
      return from;
    }
    double kept = dropout.get("p").number();
    if (!(kept >= 0 && kept <= 1)) {
      throw dropout.get("p").wrong("a probability");
    }
    // 0 was no dropout, as 1 is.
    return kept == 0 || kept == 1
        ? from
        : assembly.add(
            layer.type().equals("DropoutLayer") ? name : assembly.reserve(name + "-dropout"),
            new Dropout((float) (1 - kept)),
            List.of(from.layer()));
  }

  private Value.Tensor activated(JsonPlace layer, Value.Tensor from) {
    JsonPlace function = layer.get("activationFn");
    try {
      Optional<LayerSpec> spec = ActivationReader.read(function);
      if (spec.isEmpty()) {
        return from;
      }
      if (spec.get() instanceof Softmax && assembly.shape(from.layer()).isSpatial()) {
        throw function.wrong("another behind a map, whose rows this one takes each by itself");
      }
      boolean only = layer.type().equals("ActivationLayer");
      String own = only ? name : assembly.reserve(name + "-activation");
      return assembly.add(own, spec.get(), List.of(from.layer()));
    } catch (IllegalArgumentException e) {
      throw wrong(function, e);
    }
  }

  private Value padded(JsonPlace layer, Value input) {
    int[] sides = layer.get("padding").integers(4);
    Padding before = Padding.NONE;
    String from;
    if (input instanceof Value.Padded padded) {
      from = padded.layer();
      before = padded.border();
    } else {
      from = tensor(layer, input).layer();
    }
    try {
      // Deeplearning4j says top, bottom, left, right.
      return new Value.Padded(
          from,
          new Padding(
              Math.addExact(before.top(), sides[0]),
              Math.addExact(before.left(), sides[2]),
              Math.addExact(before.bottom(), sides[1]),
              Math.addExact(before.right(), sides[3])));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw layer.get("padding").wrong("zeros to add");
    }
  }

  private static LayerSpec pooling(JsonPlace layer) {
    Size kernel = layer.get("kernelSize").size();
    Size stride = layer.get("stride").size();
    Padding padding = ConvolutionImport.padding(layer);
    if (!layer.get("dilation").size().equals(Size.ONE)) {
      throw layer.get("dilation").wrong("1 and 1, Convoy has no dilated pooling");
    }
    JsonPlace type = layer.get("poolingType");
    return switch (type.text()) {
      case "MAX" -> new MaxPool2d(kernel, stride, padding, false);
      // Up to 1.0.0-beta4 the file does not say it, and padding counted.
      case "AVG" ->
          new AveragePool2d(
              kernel, stride, padding, false, layer.get("avgPoolIncludePadInDivisor").flag(true));
      default -> throw type.wrong("MAX or AVG");
    };
  }

  private static LayerSpec globalPooling(JsonPlace layer) {
    JsonPlace dimensions = layer.get("poolingDimensions");
    if (dimensions.isPresent() && !Arrays.equals(dimensions.integers(2), new int[] {2, 3})) {
      throw dimensions.wrong("height and width, 2 and 3");
    }
    if (!layer.get("collapseDimensions").flag(true)) {
      throw layer.get("collapseDimensions").wrong("true");
    }
    JsonPlace type = layer.get("poolingType");
    return switch (type.text()) {
      case "MAX" -> new GlobalMaxPool();
      case "AVG" -> new GlobalAveragePool();
      default -> throw type.wrong("MAX or AVG");
    };
  }

  /** Deeplearning4j multiplies the sum with alpha, Convoy the mean. */
  private static LayerSpec responseNorm(JsonPlace layer) {
    double size = layer.get("n").number();
    if (size != Math.rint(size)) {
      throw layer.get("n").wrong("a whole number");
    }
    return new LocalResponseNorm(
        (int) size,
        (float) (layer.get("alpha").number() * size),
        (float) layer.get("beta").number(),
        (float) layer.get("k").number());
  }

  private Value.Tensor batchNorm(JsonPlace layer, Value.Tensor from) {
    Value.Tensor added =
        add(
            new BatchNorm((float) layer.get("eps").number(), momentum(layer.get("decay").number())),
            from);
    checkChannels(layer, from);
    boolean logarithm = layer.get("useLogStd").flag(false);
    if (layer.get("lockGammaBeta").flag(false)) {
      double gamma = layer.get("gamma").number(1);
      double beta = layer.get("beta").number(0);
      // 1.0.0-M2 uses neither unless both do something.
      boolean used = gamma != 1 && beta != 0;
      assembly.constant(name, "weight", used ? gamma : 1);
      assembly.constant(name, "bias", used ? beta : 0);
    } else {
      trained(name, "weight", CANONICAL, layer);
      trained(name, "bias", CANONICAL, layer);
    }
    JsonPlace nothing = layer.get("running statistics");
    assembly.block(name, "running_mean", CANONICAL, nothing);
    assembly.block(
        name, "running_var", logarithm ? new WeightBlock.LogDeviation() : CANONICAL, nothing);
    if (frozen) {
      assembly.freeze(name);
    }
    return added;
  }

  /** The share of the newest, not of the old: of 0.9f too it is 0.1f, not 0.100000024f. */
  private static float momentum(double decay) {
    return (float) (1 - Double.parseDouble(Float.toString((float) decay)));
  }

  private Value.Tensor dense(JsonPlace layer, Value.Tensor from) {
    if (layer.get("hasLayerNorm").flag(false)) {
      throw layer.get("hasLayerNorm").wrong("false, Convoy has no layer norm");
    }
    Value.Tensor features = from;
    if (from.layer().equals(NetworkSpec.INPUT) && assembly.shape(from.layer()).isSpatial()) {
      // Deeplearning4j was given pixels as features.
      features =
          assembly.add(assembly.reserve(name + "-flatten"), new Flatten(), List.of(from.layer()));
    }
    boolean bias = layer.get("hasBias").flag(true);
    Dense initial = Dense.of(layer.get("nout").integer());
    Value.Tensor added = add(new Dense(initial.units(), bias, initial.initializer()), features);
    checkChannels(layer, features);
    trained(name, "weight", CANONICAL, layer);
    if (bias) {
      trained(name, "bias", CANONICAL, layer);
    }
    return added;
  }

  private Value output(JsonPlace layer, Value.Tensor from) {
    LossReader.Found found = LossReader.read(layer);
    Value.Tensor values = found.takesLogits() ? from : activated(layer, from);
    assembly.output(vertex, name, values.layer(), found.loss());
    return values;
  }

  /** The next block of the flat vector, which is frozen or follows its gradient. */
  void trained(String owner, String tensor, WeightBlock.Order order, JsonPlace layer) {
    JsonPlace updater = layer.get("iupdater");
    if (tensor.equals("bias") && layer.get("biasUpdater").isPresent()) {
      updater = layer.get("biasUpdater");
    }
    if (frozen) {
      assembly.freeze(owner);
    }
    if (!withState) {
      updater = layer.absent();
    }
    assembly.block(owner, tensor, order, updater);
  }

  /** What a layer says of its input must be what comes in. */
  void checkChannels(JsonPlace layer, Value.Tensor from) {
    Shape shape = assembly.shape(from.layer());
    if (layer.get("nin").integer() != shape.channels()) {
      throw layer.get("nin").wrong("%d, since %s comes in".formatted(shape.channels(), shape));
    }
  }
}
