package org.convoyml.dl4j.exchange;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.convoyml.dl4j.graph.GraphTranslator;
import org.convoyml.dl4j.graph.Purpose;
import org.convoyml.dl4j.graph.TranslatedGraph;
import org.convoyml.dl4j.graph.Updaters;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.OutputSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.SoftmaxCrossEntropy;
import org.convoyml.spark.model.ModelExchange;
import org.convoyml.spark.model.OptimizerState;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/** Writes one network as a {@code ComputationGraph}. */
final class ZipExport {
  private final ModelExchange.Content content;
  private final List<String> warnings = new ArrayList<>();

  ZipExport(ModelExchange.Content content) {
    this.content = content;
  }

  /** Writes it; returns what is not in it. */
  List<String> write(Path file) {
    content.network().outputs().forEach(this::warn);
    GraphTranslator translator = new GraphTranslator(content.network(), Purpose.DL4J);
    Optional<IUpdater> updater = content.optimizer().flatMap(this::updater);
    updater.ifPresent(translator::withUpdater);
    TranslatedGraph translated = translator.translate();
    ComputationGraph graph = translated.instantiate();
    try {
      translated.load(content.vector(), graph);
      if (updater.isPresent()) {
        load(content.optimizer().orElseThrow(), graph);
      }
      ModelSerializer.writeModel(graph, file.toFile(), updater.isPresent());
    } catch (IOException e) {
      throw new ConvoyException("%s: cannot be written: %s".formatted(file, e.getMessage()), e);
    } finally {
      graph.close();
    }
    return warnings;
  }

  private void warn(OutputSpec output) {
    if (output.loss() instanceof SoftmaxCrossEntropy softmax && softmax.labelSmoothing() > 0) {
      warnings.add(
          "output %s: label smoothing of %s is left out, Deeplearning4j wants smooth labels"
              .formatted(output.name(), softmax.labelSmoothing()));
    }
    if (output.trainingOnly()) {
      warnings.add(
          "output %s: is for training only, Deeplearning4j gives it always"
              .formatted(output.name()));
    }
  }

  private Optional<IUpdater> updater(OptimizerState state) {
    Optional<IUpdater> updater = Updaters.of(state.optimizer(), state.learningRate());
    if (updater.isEmpty()) {
      warnings.add(
          "the state of %s is left out, Deeplearning4j has no such updater"
              .formatted(state.optimizer()));
    }
    return updater;
  }

  /** Where which number belongs is what the import says of the same configuration. */
  private void load(OptimizerState state, ComputationGraph graph) {
    graph.getConfiguration().setIterationCount((int) Math.min(state.steps(), Integer.MAX_VALUE));
    NetworkSpec network = content.network();
    String json = graph.getConfiguration().toJson();
    Dl4jGraph written = Dl4jGraph.read(json.getBytes(StandardCharsets.UTF_8), network.name());
    UpdaterState layout =
        new UpdaterState(ZipImport.assemble(written, network.input(), network.name()).blocks());
    if (layout.size() > 0) {
      float[] numbers = layout.fromConvoy(state.vectors(), ParameterLayout.of(network));
      graph
          .getUpdater(true)
          .getStateViewArray()
          .assign(Nd4j.create(numbers, new long[] {1, numbers.length}, 'c'));
    }
  }
}
