package org.convoyml.benchmarks.peers;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.BatchNorm2dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LinearOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.PadShortcut;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;

/** A network of Convoy's as libtorch computes it, for the layers that the benchmarks need. */
final class LibtorchNetwork extends Module {
  private final NetworkSpec spec;
  private final Map<String, UnaryOperator<Tensor>> layers = new LinkedHashMap<>();

  LibtorchNetwork(NetworkSpec spec) {
    super(spec.name());
    this.spec = spec;
    Map<String, Shape> shapes = spec.shapes();
    for (LayerNode node : spec.layers()) {
      if (!(node.layer() instanceof Add)) {
        layers.put(node.name(), layer(node, shapes.get(node.inputs().get(0))));
      }
    }
  }

  Tensor forward(Tensor images) {
    Map<String, Tensor> values = new HashMap<>();
    values.put(NetworkSpec.INPUT, images);
    Tensor last = images;
    for (LayerNode node : spec.layers()) {
      Tensor first = values.get(node.inputs().get(0));
      last =
          node.layer() instanceof Add
              ? first.add(values.get(node.inputs().get(1)))
              : layers.get(node.name()).apply(first);
      values.put(node.name(), last);
    }
    return last;
  }

  private UnaryOperator<Tensor> layer(LayerNode node, Shape input) {
    String name = node.name().replace('.', '_');
    if (node.layer() instanceof Conv2d conv) {
      Conv2dImpl made = register_module(name, new Conv2dImpl(options(conv, input)));
      return made::forward;
    }
    if (node.layer() instanceof Dense dense) {
      LinearImpl made =
          register_module(name, new LinearImpl(new LinearOptions(input.elements(), dense.units())));
      return made::forward;
    }
    if (node.layer() instanceof BatchNorm) {
      BatchNorm2dImpl made =
          register_module(name, new BatchNorm2dImpl(new BatchNormOptions(input.channels())));
      return made::forward;
    }
    if (node.layer() instanceof Relu) {
      return torch::relu;
    }
    if (node.layer() instanceof MaxPool2d pool) {
      Padding border = pool.border(input);
      return x ->
          torch.max_pool2d(
              x,
              new long[] {pool.kernel().height(), pool.kernel().width()},
              new long[] {pool.stride().height(), pool.stride().width()},
              new long[] {border.top(), border.left()},
              new long[] {1, 1},
              pool.ceilMode());
    }
    if (node.layer() instanceof GlobalAveragePool) {
      return x -> torch.mean(x, new long[] {2, 3});
    }
    if (node.layer() instanceof Flatten) {
      return x -> x.flatten(1, -1);
    }
    if (node.layer() instanceof Dropout dropout) {
      return x -> torch.dropout(x, dropout.rate(), is_training());
    }
    if (node.layer() instanceof PadShortcut shortcut) {
      return x -> shortcut(x, shortcut, input);
    }
    throw new IllegalArgumentException(node.name() + ": not written for libtorch");
  }

  private static Conv2dOptions options(Conv2d conv, Shape input) {
    Conv2dOptions options =
        new Conv2dOptions(
            input.channels(),
            conv.filters(),
            new LongPointer(conv.kernel().height(), conv.kernel().width()));
    Padding border = conv.border(input);
    options.stride().put(new LongPointer(conv.stride().height(), conv.stride().width()));
    options.padding().put(new LongPointer(border.top(), border.left()));
    options.groups().put(conv.groups());
    options.bias().put(conv.bias());
    return options;
  }

  private static Tensor shortcut(Tensor x, PadShortcut shortcut, Shape input) {
    long before = shortcut.firstChannel(input);
    long after = shortcut.filters() - input.channels() - before;
    long step = shortcut.stride().height();
    Tensor rows = Slices.every(x, 2, step);
    Tensor smaller = Slices.every(rows, 3, shortcut.stride().width());
    return torch.constant_pad_nd(smaller, new long[] {0, 0, 0, 0, before, after});
  }
}
