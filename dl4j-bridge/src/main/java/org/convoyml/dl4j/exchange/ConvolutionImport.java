package org.convoyml.dl4j.exchange;

import java.util.List;
import org.convoyml.dl4j.exchange.WeightBlock.Depthwise;
import org.convoyml.dl4j.exchange.WeightBlock.Separable;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Size;

/** Convolutions: plain, depthwise, and separable ones, which become two. */
final class ConvolutionImport {
  private final NetworkAssembly assembly;
  private final LayerImport owner;
  private final String name;

  /**
   * @param owner says what becomes of the weights
   * @param name of the layer
   */
  ConvolutionImport(NetworkAssembly assembly, LayerImport owner, String name) {
    this.assembly = assembly;
    this.owner = owner;
    this.name = name;
  }

  /** Adds the convolution, with the zeros that come before it. */
  Value.Tensor read(JsonPlace layer, Value input) {
    Value.Tensor from =
        new Value.Tensor(
            input instanceof Value.Padded padded ? padded.layer() : ((Value.Tensor) input).layer());
    Shape shape = assembly.shape(from.layer());
    if (!shape.isSpatial()) {
      throw layer.wrong("a feature map before a convolution, but %s comes in".formatted(shape));
    }
    owner.checkChannels(layer, from);
    try {
      Conv2d geometry =
          Conv2d.of(layer.get("nout").integer(), 1)
              .withKernel(layer.get("kernelSize").size())
              .withStride(layer.get("stride").size());
      geometry = dilated(geometry, layer.get("dilation").size()).withPadding(padding(layer));
      if (!layer.get("hasBias").flag(true)) {
        geometry = geometry.withoutBias();
      }
      if (input instanceof Value.Padded padded) {
        geometry = geometry.withPadding(joined(padded.border(), geometry, shape));
      }
      return switch (layer.type()) {
        case "ConvolutionLayer", "Convolution2D" -> plain(layer, geometry, from);
        case "DepthwiseConvolution2D" -> depthwise(layer, geometry, from);
        case "SeparableConvolution2D" -> separable(layer, geometry, from);
        default -> throw layer.wrong("a convolution");
      };
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw LayerImport.wrong(layer, new IllegalArgumentException(e.getMessage(), e));
    }
  }

  /** The border of a window; {@code Strict} only refuses what {@code Truncate} leaves out. */
  static Padding padding(JsonPlace layer) {
    JsonPlace mode = layer.get("convolutionMode");
    switch (mode.text("Truncate")) {
      case "Same" -> {
        return Padding.SAME;
      }
      case "Truncate", "Strict" -> {
        int[] border = layer.get("padding").integers(2);
        return new Padding(border[0], border[1], border[0], border[1]);
      }
      default -> throw mode.wrong("Truncate, Strict or Same");
    }
  }

  /** Zeros that another layer added, and the convolution's own around them. */
  private static Padding joined(Padding outer, Conv2d geometry, Shape shape) {
    Shape padded =
        Shape.of(
            shape.channels(),
            Math.addExact(shape.height(), Math.addExact(outer.top(), outer.bottom())),
            Math.addExact(shape.width(), Math.addExact(outer.left(), outer.right())));
    Padding own = geometry.border(padded);
    return new Padding(
        Math.addExact(outer.top(), own.top()),
        Math.addExact(outer.left(), own.left()),
        Math.addExact(outer.bottom(), own.bottom()),
        Math.addExact(outer.right(), own.right()));
  }

  private static Conv2d dilated(Conv2d layer, Size dilation) {
    return new Conv2d(
        layer.filters(),
        layer.kernel(),
        layer.stride(),
        layer.padding(),
        dilation,
        layer.groups(),
        layer.bias(),
        layer.initializer());
  }

  private Value.Tensor plain(JsonPlace layer, Conv2d geometry, Value.Tensor from) {
    Value.Tensor added = assembly.add(name, geometry, List.of(from.layer()));
    bias(geometry, layer);
    owner.trained(name, "weight", LayerImport.CANONICAL, layer);
    return added;
  }

  private Value.Tensor depthwise(JsonPlace layer, Conv2d geometry, Value.Tensor from) {
    int channels = assembly.shape(from.layer()).channels();
    int multiplier = multiplier(layer, channels);
    if (geometry.filters() != channels * multiplier) {
      throw layer.get("nout").wrong("%d channels times %d".formatted(channels, multiplier));
    }
    Value.Tensor added = assembly.add(name, geometry.withGroups(channels), List.of(from.layer()));
    bias(geometry, layer);
    owner.trained(name, "weight", new Depthwise(area(geometry), channels, multiplier), layer);
    return added;
  }

  private Value.Tensor separable(JsonPlace layer, Conv2d geometry, Value.Tensor from) {
    int channels = assembly.shape(from.layer()).channels();
    int multiplier = multiplier(layer, channels);
    String first = assembly.reserve(name + "-depthwise");
    Conv2d spatial =
        new Conv2d(
            channels * multiplier,
            geometry.kernel(),
            geometry.stride(),
            geometry.padding(),
            geometry.dilation(),
            channels,
            false,
            geometry.initializer());
    assembly.add(first, spatial, List.of(from.layer()));
    Conv2d pointwise = Conv2d.of(geometry.filters(), 1);
    Value.Tensor added =
        assembly.add(name, geometry.bias() ? pointwise : pointwise.withoutBias(), List.of(first));
    bias(geometry, layer);
    owner.trained(first, "weight", new Separable(area(spatial), channels, multiplier), layer);
    owner.trained(name, "weight", LayerImport.CANONICAL, layer);
    return added;
  }

  private static int multiplier(JsonPlace layer, int channels) {
    JsonPlace multiplier = layer.get("depthMultiplier");
    int value = multiplier.isPresent() ? multiplier.integer() : 1;
    if (value <= 0 || (long) value * channels > Integer.MAX_VALUE) {
      throw multiplier.wrong("how many filters each channel has");
    }
    return value;
  }

  private static int area(Conv2d layer) {
    return Math.multiplyExact(layer.kernel().height(), layer.kernel().width());
  }

  /** Comes before the weights. */
  private void bias(Conv2d geometry, JsonPlace layer) {
    if (geometry.bias()) {
      owner.trained(name, "bias", LayerImport.CANONICAL, layer);
    }
  }
}
