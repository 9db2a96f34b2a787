package org.convoyml.benchmarks.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.PadShortcut;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Relu;

/** A network of Convoy's as a block of DJL, for the layers that the benchmarks need. */
final class DjlNetwork extends AbstractBlock {
  private final NetworkSpec spec;
  private final Map<String, Block> layers = new LinkedHashMap<>();

  DjlNetwork(NetworkSpec spec) {
    this.spec = spec;
    Map<String, org.convoyml.nn.spec.Shape> shapes = spec.shapes();
    for (LayerNode node : spec.layers()) {
      if (!(node.layer() instanceof Add)) {
        Block block = layer(node, shapes.get(node.inputs().get(0)));
        layers.put(node.name(), addChildBlock(node.name(), block));
      }
    }
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      PairList<String, Object> arguments) {
    Map<String, NDArray> values = new HashMap<>();
    values.put(NetworkSpec.INPUT, inputs.head());
    NDArray last = inputs.head();
    for (LayerNode node : spec.layers()) {
      NDArray first = values.get(node.inputs().get(0));
      last =
          node.layer() instanceof Add
              ? first.add(values.get(node.inputs().get(1)))
              : layers.get(node.name()).forward(parameters, new NDList(first), training).head();
      values.put(node.name(), last);
    }
    return new NDList(last);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    Map<String, Shape> shapes = shapes(inputs[0].get(0));
    for (LayerNode node : spec.layers()) {
      Block block = layers.get(node.name());
      if (block != null) {
        block.initialize(manager, type, shapes.get(node.inputs().get(0)));
      }
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    LayerNode last = spec.layers().get(spec.layers().size() - 1);
    return new Shape[] {shapes(inputs[0].get(0)).get(last.name())};
  }

  private Map<String, Shape> shapes(long images) {
    Map<String, Shape> shapes = new HashMap<>();
    spec.shapes()
        .forEach(
            (name, shape) ->
                shapes.put(
                    name,
                    shape.isSpatial()
                        ? new Shape(images, shape.channels(), shape.height(), shape.width())
                        : new Shape(images, shape.channels())));
    return shapes;
  }

  private static Block layer(LayerNode node, org.convoyml.nn.spec.Shape input) {
    if (node.layer() instanceof org.convoyml.nn.spec.Conv2d conv) {
      Padding border = conv.border(input);
      return Conv2d.builder()
          .setFilters(conv.filters())
          .setKernelShape(new Shape(conv.kernel().height(), conv.kernel().width()))
          .optStride(new Shape(conv.stride().height(), conv.stride().width()))
          .optPadding(new Shape(border.top(), border.left()))
          .optGroups(conv.groups())
          .optBias(conv.bias())
          .build();
    }
    if (node.layer() instanceof Dense dense) {
      return Linear.builder().setUnits(dense.units()).build();
    }
    if (node.layer() instanceof org.convoyml.nn.spec.BatchNorm) {
      return BatchNorm.builder().build();
    }
    if (node.layer() instanceof Relu) {
      return LambdaBlock.singleton(x -> x.getNDArrayInternal().relu());
    }
    if (node.layer() instanceof MaxPool2d pool) {
      Padding border = pool.border(input);
      return Pool.maxPool2dBlock(
          new Shape(pool.kernel().height(), pool.kernel().width()),
          new Shape(pool.stride().height(), pool.stride().width()),
          new Shape(border.top(), border.left()),
          pool.ceilMode());
    }
    if (node.layer() instanceof GlobalAveragePool) {
      return Pool.globalAvgPool2dBlock();
    }
    if (node.layer() instanceof Flatten) {
      return Blocks.batchFlattenBlock();
    }
    if (node.layer() instanceof org.convoyml.nn.spec.Dropout dropout) {
      return Dropout.builder().optRate(dropout.rate()).build();
    }
    if (node.layer() instanceof PadShortcut shortcut) {
      return LambdaBlock.singleton(x -> shortcut(x, shortcut, input));
    }
    throw new IllegalArgumentException(node.name() + ": not written for DJL");
  }

  private static NDArray shortcut(
      NDArray x, PadShortcut shortcut, org.convoyml.nn.spec.Shape input) {
    NDArray smaller =
        x.get(
            new NDIndex(
                ":, :, ::%d, ::%d"
                    .formatted(shortcut.stride().height(), shortcut.stride().width())));
    long before = shortcut.firstChannel(input);
    long after = shortcut.filters() - input.channels() - before;
    Shape shape = smaller.getShape();
    NDManager manager = x.getManager();
    return zeros(manager, shape, before)
        .concat(smaller, 1)
        .concat(zeros(manager, shape, after), 1);
  }

  private static NDArray zeros(NDManager manager, Shape shape, long channels) {
    return manager.zeros(new Shape(shape.get(0), channels, shape.get(2), shape.get(3)));
  }
}
