package org.convoyml.dl4j.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.Outputs;
import org.convoyml.nn.engine.reference.ReferenceEngine;
import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.LayerSpec;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.OutputSpec;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.SigmoidCrossEntropy;
import org.convoyml.nn.spec.SoftmaxCrossEntropy;
import org.convoyml.spark.model.ModelExchange.Content;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Zips that Deeplearning4j wrote, and what both libraries compute with them. */
final class Zips {
  /** What {@link #classifier} is given. */
  static final Shape IMAGE = Shape.of(3, 9, 10);

  static final int EXAMPLES = 3;
  private static final double TOLERANCE = 1e-4;

  private Zips() {}

  /** A sequence of layers with random weights. */
  static MultiLayerNetwork sequence(MultiLayerConfiguration configuration) {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    network.paramTable().forEach(Zips::randomise);
    return network;
  }

  /** Numbers that are all different, and variances that are some. */
  static void randomise(String name, INDArray values) {
    KeyedRandom random = KeyedRandom.of(name.hashCode(), values.length());
    float[] numbers = new float[(int) values.length()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          (float) (name.endsWith("_var") ? random.uniform(0.5, 1.5) : random.uniform(-0.4, 0.4));
    }
    values.assign(Nd4j.create(numbers, values.shape(), 'c'));
  }

  static Path write(Model model, Path folder, boolean updater) {
    try {
      Path zip = Files.createTempFile(folder, "dl4j", ".zip");
      ModelSerializer.writeModel(model, zip.toFile(), updater);
      return zip;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Content read(Path zip, Shape input) {
    return new ZipExchange().read(zip, zip.toString(), Optional.ofNullable(input));
  }

  /** Checks that both libraries compute the same; returns what was imported. */
  static Content assertSame(Model model, Path folder, Shape input) {
    Content content = read(write(model, folder, false), input);
    assertSame(model, content);
    return content;
  }

  static void assertSame(Model model, Content content) {
    float[] images = images(content.network().input());
    float[] expected = outputOf(model, images, content.network().input());
    assertThat(outputOf(content, images)).hasSize(expected.length);
    float[] found = outputOf(content, images);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i]).as("output %d", i).isCloseTo(expected[i], within(TOLERANCE));
    }
  }

  static float[] images(Shape shape) {
    KeyedRandom random = KeyedRandom.of(7, 7);
    float[] images = new float[EXAMPLES * shape.elements()];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.uniform(-1, 1);
    }
    return images;
  }

  /** What Deeplearning4j gives; a sequence may want rows of pixels. */
  static float[] outputOf(Model model, float[] images, Shape shape) {
    INDArray maps =
        Nd4j.create(
            images, new long[] {EXAMPLES, shape.channels(), shape.height(), shape.width()}, 'c');
    if (model instanceof ComputationGraph graph) {
      return graph.outputSingle(maps).dup('c').data().asFloat();
    }
    MultiLayerNetwork network = (MultiLayerNetwork) model;
    boolean rows =
        network.getLayerWiseConfigurations().getInputPreProcess(0) != null
            || network.getLayer(0).conf().getLayer()
                instanceof org.deeplearning4j.nn.conf.layers.DenseLayer;
    INDArray input = rows ? maps.reshape('c', EXAMPLES, shape.elements()) : maps;
    return network.output(input).dup('c').data().asFloat();
  }

  /** What Convoy's reference gives, with the activation that belongs to the loss. */
  static float[] outputOf(Content content, float[] images) {
    NetworkSpec network = content.network();
    CompileOptions options =
        new CompileOptions(
            EXAMPLES, 1, CompileOptions.Mode.INFERENCE, CompileOptions.Precision.F32);
    try (CompiledNetwork compiled = new ReferenceEngine().compile(network, options)) {
      compiled.load(content.vector());
      MicroBatch batch = new MicroBatch(network.input(), EXAMPLES);
      for (int i = 0; i < EXAMPLES; i++) {
        batch.add(0);
      }
      System.arraycopy(images, 0, batch.images(), 0, images.length);
      Outputs outputs = new Outputs(network, EXAMPLES);
      compiled.infer(batch, outputs);
      OutputSpec primary = network.primaryOutput();
      INDArray values =
          Nd4j.create(outputs.get(primary.name()), new long[] {EXAMPLES, network.classes()}, 'c');
      Activation activation =
          primary.loss() instanceof SoftmaxCrossEntropy
              ? Activation.SOFTMAX
              : primary.loss() instanceof SigmoidCrossEntropy
                  ? Activation.SIGMOID
                  : Activation.IDENTITY;
      return activation
          .getActivationFunction()
          .getActivation(values, false)
          .dup('c')
          .data()
          .asFloat();
    }
  }

  /** All entries by name. */
  static Map<String, byte[]> entries(Path zip) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile file = new ZipFile(zip.toFile())) {
      List<ZipEntry> found = new ArrayList<>(file.stream().toList());
      for (ZipEntry entry : found) {
        entries.put(entry.getName(), file.getInputStream(entry).readAllBytes());
      }
      return entries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path pack(Path folder, Map<String, byte[]> entries) {
    try {
      Path zip = Files.createTempFile(folder, "made", ".zip");
      try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
          out.putNextEntry(new ZipEntry(entry.getKey()));
          out.write(entry.getValue());
        }
      }
      return zip;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** These layers on images, and a classifier behind them. */
  static MultiLayerNetwork classifier(Layer... layers) {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder().activation(Activation.IDENTITY).list();
    for (Layer layer : layers) {
      list.layer(layer);
    }
    if (!(layers[layers.length - 1] instanceof GlobalPoolingLayer)) {
      list.layer(globalPooling(PoolingType.AVG));
    }
    return sequence(
        list.layer(output(3))
            .setInputType(InputType.convolutional(IMAGE.height(), IMAGE.width(), IMAGE.channels()))
            .build());
  }

  static SubsamplingLayer.Builder pooling(PoolingType type) {
    return new SubsamplingLayer.Builder(type);
  }

  static GlobalPoolingLayer globalPooling(PoolingType type) {
    return new GlobalPoolingLayer.Builder(type).build();
  }

  static OutputLayer output(int classes) {
    return new OutputLayer.Builder(LossFunction.NEGATIVELOGLIKELIHOOD)
        .nOut(classes)
        .activation(Activation.SOFTMAX)
        .build();
  }

  static LayerSpec layer(NetworkSpec network, String name) {
    return network.layers().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow()
        .layer();
  }
}
