package org.convoyml.dl4j.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.AveragePool2d;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Concat;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.Elu;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.Gelu;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.GlobalMaxPool;
import org.convoyml.nn.spec.HardSwish;
import org.convoyml.nn.spec.LayerNode;
import org.convoyml.nn.spec.LayerVisitor;
import org.convoyml.nn.spec.LeakyRelu;
import org.convoyml.nn.spec.Linear;
import org.convoyml.nn.spec.LocalResponseNorm;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.PadShortcut;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Relu6;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Sigmoid;
import org.convoyml.nn.spec.Silu;
import org.convoyml.nn.spec.Softmax;
import org.convoyml.nn.spec.Tanh;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.learning.regularization.L2Regularization;

/**
 * Adds what one layer becomes to a graph. The last vertex that it adds has the layer's name; others
 * have names with a slash, which no layer of Convoy's has.
 */
final class LayerTranslation implements LayerVisitor<Void> {
  private static final ActivationIdentity NONE = new ActivationIdentity();

  private final LayerNode node;
  private final int index;
  private final List<Shape> inputs;
  private final boolean frozen;
  private final Purpose purpose;
  private final BatchHolder batch;
  private final GraphBuilder builder;
  private final Map<String, Binding> bindings = new LinkedHashMap<>();

  /** Where Deeplearning4j has a parameter, within the layer. */
  record Binding(String key, WeightOrder order) {}

  LayerTranslation(
      LayerNode node,
      int index,
      List<Shape> inputs,
      boolean frozen,
      Purpose purpose,
      BatchHolder batch,
      GraphBuilder builder) {
    this.node = node;
    this.index = index;
    this.inputs = inputs;
    this.frozen = frozen;
    this.purpose = purpose;
    this.batch = batch;
    this.builder = builder;
  }

  /** The layer's parameters by Convoy's names, in Convoy's order; after it was visited. */
  Map<String, Binding> bindings() {
    return bindings;
  }

  private String name() {
    return node.name();
  }

  private Shape input() {
    return inputs.get(0);
  }

  private String from() {
    return node.inputs().get(0);
  }

  private UnsupportedLayerException lacks(String what) {
    return new UnsupportedLayerException(name(), what);
  }

  private Void layer(Layer layer) {
    return layer(layer, from());
  }

  private Void layer(Layer layer, String... sources) {
    if (frozen() && layer instanceof BaseLayer own) {
      // Without one of its own it has the whole graph's weight decay, and follows it.
      own.setRegularization(List.of(new L2Regularization(0)));
    }
    builder.addLayer(name(), frozen() ? new FrozenLayerWithBackprop(layer) : layer, sources);
    return null;
  }

  /** A frozen layer does what it does in inference; that is not meant where nothing is learnt. */
  private boolean frozen() {
    return frozen && !node.layer().parameters(inputs).isEmpty();
  }

  private Void vertex(GraphVertex vertex, String... sources) {
    builder.addVertex(name(), vertex, sources);
    return null;
  }

  private Void activation(IActivation function) {
    return layer(new ActivationLayer.Builder(function).build());
  }

  private void bindWeights(WeightOrder order, boolean bias) {
    bindings.put("weight", new Binding("W", order));
    if (bias) {
      bindings.put("bias", new Binding("b", WeightOrder.VECTOR));
    }
  }

  private String[] allInputs() {
    return node.inputs().toArray(String[]::new);
  }

  @Override
  public Void visit(Add layer) {
    return vertex(new ElementWiseVertex(ElementWiseVertex.Op.Add), allInputs());
  }

  @Override
  public Void visit(Concat layer) {
    return vertex(new MergeVertex(), allInputs());
  }

  @Override
  public Void visit(BatchNorm layer) {
    if (frozen && purpose == Purpose.TRAINING) {
      throw lacks("gradient through a frozen batch norm");
    }
    bindings.put("weight", new Binding("gamma", WeightOrder.VECTOR));
    bindings.put("bias", new Binding("beta", WeightOrder.VECTOR));
    bindings.put("running_mean", new Binding("mean", WeightOrder.VECTOR));
    bindings.put("running_var", new Binding("var", WeightOrder.VECTOR));
    return layer(
        new BatchNormalization.Builder()
            .eps(layer.epsilon())
            // The engine wants the statistics of the micro-batch themselves.
            .decay(purpose == Purpose.DL4J ? 1 - layer.momentum() : 0)
            .useLogStd(false)
            .nIn(input().channels())
            .nOut(input().channels())
            .activation(NONE)
            .build());
  }

  @Override
  public Void visit(Conv2d layer) {
    boolean depthwise = layer.groups() == input().channels() && layer.groups() > 1;
    if (layer.groups() > 1 && !depthwise) {
      throw lacks("convolution in %d groups of several channels".formatted(layer.groups()));
    }
    Padding border = layer.border(input());
    boolean even = border.top() == border.bottom() && border.left() == border.right();
    String source = from();
    if (!even) {
      source = name() + "/pad";
      builder.addLayer(
          source,
          new ZeroPaddingLayer.Builder(border.top(), border.bottom(), border.left(), border.right())
              .build(),
          from());
    }
    int[] padding = even ? new int[] {border.top(), border.left()} : new int[] {0, 0};
    ConvolutionLayer.BaseConvBuilder<?> convolution =
        depthwise
            ? new DepthwiseConvolution2D.Builder().depthMultiplier(layer.filters() / layer.groups())
            : new ConvolutionLayer.Builder();
    convolution
        .kernelSize(layer.kernel().height(), layer.kernel().width())
        .stride(layer.stride().height(), layer.stride().width())
        .padding(padding)
        .dilation(layer.dilation().height(), layer.dilation().width())
        .convolutionMode(ConvolutionMode.Truncate)
        .nIn(input().channels())
        .nOut(layer.filters())
        .hasBias(layer.bias())
        .activation(NONE);
    bindWeights(depthwise ? WeightOrder.DEPTHWISE : WeightOrder.CONVOLUTION, layer.bias());
    return layer(convolution.build(), source);
  }

  @Override
  public Void visit(Dense layer) {
    bindWeights(WeightOrder.DENSE, layer.bias());
    return layer(
        new DenseLayer.Builder()
            .nIn(input().channels())
            .nOut(layer.units())
            .hasBias(layer.bias())
            .activation(NONE)
            .build());
  }

  @Override
  public Void visit(Dropout layer) {
    if (purpose != Purpose.DL4J) {
      return layer(new DropoutLayer.Builder(new KeyedDropout(batch, index, layer.rate())).build());
    }
    // Deeplearning4j's number is the probability to keep one; 1 is none to drop.
    return layer.rate() == 0
        ? activation(NONE)
        : layer(new DropoutLayer.Builder(1 - (double) layer.rate()).build());
  }

  @Override
  public Void visit(Flatten layer) {
    if (!input().isSpatial()) {
      return activation(NONE);
    }
    return vertex(
        new PreprocessorVertex(
            new CnnToFeedForwardPreProcessor(
                input().height(), input().width(), input().channels())),
        from());
  }

  @Override
  public Void visit(GlobalAveragePool layer) {
    return layer(new GlobalPoolingLayer.Builder(PoolingType.AVG).build());
  }

  @Override
  public Void visit(GlobalMaxPool layer) {
    return layer(new GlobalPoolingLayer.Builder(PoolingType.MAX).build());
  }

  @Override
  public Void visit(MaxPool2d layer) {
    return layer(pooling(layer.outputShape(inputs)).max(layer));
  }

  @Override
  public Void visit(AveragePool2d layer) {
    return layer(pooling(layer.outputShape(inputs)).average(layer));
  }

  private PoolingTranslation pooling(Shape output) {
    return new PoolingTranslation(name(), input(), output);
  }

  @Override
  public Void visit(LocalResponseNorm layer) {
    if (purpose == Purpose.TRAINING) {
      throw lacks("right gradient of local response norm");
    }
    if (layer.size() > 2 * input().channels() - 1) {
      throw lacks("local response norm over more channels than there are");
    }
    // Deeplearning4j multiplies the sum with alpha, not the mean.
    return layer(
        new LocalResponseNormalization.Builder()
            .k(layer.k())
            .n(layer.size())
            .alpha(layer.alpha() / (double) layer.size())
            .beta(layer.beta())
            .build());
  }

  /** Every stride-th pixel, between zeros that are made of the same pixels. */
  @Override
  public Void visit(PadShortcut layer) {
    String pixels = name() + "/pixels";
    builder.addLayer(
        pixels,
        new SubsamplingLayer.Builder(PoolingType.MAX)
            .kernelSize(1, 1)
            .stride(layer.stride().height(), layer.stride().width())
            .convolutionMode(ConvolutionMode.Truncate)
            .build(),
        from());
    int before = layer.firstChannel(input());
    int after = layer.filters() - input().channels() - before;
    List<String> channels = new ArrayList<>();
    if (before + after > 0) {
      builder.addVertex(name() + "/zeros", new ScaleVertex(0), pixels);
    }
    zeros("before", before, channels);
    channels.add(pixels);
    zeros("after", after, channels);
    return channels.size() == 1
        ? layer(new ActivationLayer.Builder(NONE).build(), pixels)
        : vertex(new MergeVertex(), channels.toArray(String[]::new));
  }

  /** Adds that many channels of zeros, of which there are as many at once as input channels. */
  private void zeros(String where, int count, List<String> channels) {
    int given = 0;
    while (given < count) {
      int share = Math.min(count - given, input().channels());
      String zeros = "%s/%s%d".formatted(name(), where, given);
      builder.addVertex(zeros, new SubsetVertex(0, share - 1), name() + "/zeros");
      channels.add(zeros);
      given += share;
    }
  }

  @Override
  public Void visit(Elu layer) {
    if (purpose == Purpose.TRAINING && layer.alpha() != 1) {
      throw lacks("right gradient of ELU with alpha " + layer.alpha());
    }
    return activation(new ActivationELU(layer.alpha()));
  }

  @Override
  public Void visit(Gelu layer) {
    throw lacks("exact GELU, only approximations");
  }

  @Override
  public Void visit(HardSwish layer) {
    throw lacks("hard swish");
  }

  @Override
  public Void visit(LeakyRelu layer) {
    return activation(new ActivationLReLU(layer.slope()));
  }

  @Override
  public Void visit(Linear layer) {
    return activation(NONE);
  }

  @Override
  public Void visit(Relu layer) {
    return activation(new ActivationReLU());
  }

  @Override
  public Void visit(Relu6 layer) {
    return activation(new ActivationReLU6());
  }

  @Override
  public Void visit(Sigmoid layer) {
    return activation(new ActivationSigmoid());
  }

  @Override
  public Void visit(Silu layer) {
    return activation(new ActivationSwish());
  }

  @Override
  public Void visit(Softmax layer) {
    if (input().isSpatial()) {
      throw lacks("softmax over the channels of a feature map");
    }
    return activation(new ActivationSoftmax());
  }

  @Override
  public Void visit(Tanh layer) {
    return activation(new ActivationTanH());
  }
}
