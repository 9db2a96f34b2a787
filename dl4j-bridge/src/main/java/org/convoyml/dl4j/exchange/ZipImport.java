package org.convoyml.dl4j.exchange;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.io.FiniteWeights;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.Shape;
import org.convoyml.spark.model.ModelExchange;
import org.convoyml.spark.model.OptimizerState;

/** Reads one zip. */
final class ZipImport {
  static final String CONFIGURATION = "configuration.json";
  private static final String COEFFICIENTS = "coefficients.bin";
  private static final String UPDATER = "updaterState.bin";
  private static final String NO_PARAMETERS = "noParams.marker";

  /** A ResNet-152 has 1 MB. */
  private static final int MAX_CONFIGURATION = 8 << 20;

  private static final Set<String> KNOWN =
      Set.of(CONFIGURATION, COEFFICIENTS, UPDATER, NO_PARAMETERS);

  private final ModelZip zip;
  private final String name;
  private final List<String> warnings = new ArrayList<>();

  /**
   * @param name of the network
   */
  ZipImport(ModelZip zip, String name) {
    this.zip = zip;
    this.name = name;
  }

  ModelExchange.Content read(Optional<Shape> input) {
    String place = zip.place(CONFIGURATION);
    Dl4jGraph graph = Dl4jGraph.read(zip.bytes(CONFIGURATION, MAX_CONFIGURATION), place);
    NetworkAssembly assembly = assemble(graph, InputShape.find(graph, input, place), place);
    NetworkSpec network = assembly.network(name, graph.outputs());
    ParameterLayout layout;
    try {
      layout = ParameterLayout.of(network);
    } catch (IllegalArgumentException e) {
      throw new ConvoyException("%s: %s".formatted(place, e.getMessage()), e);
    }
    float[] vector = weights(assembly, layout);
    warnings.addAll(assembly.warnings());
    Optional<OptimizerState> optimizer = optimizer(assembly, layout, graph.iterations());
    zip.names().stream()
        .filter(entry -> !KNOWN.contains(entry))
        .forEach(entry -> warnings.add(zip.place(entry) + ": left out"));
    return new ModelExchange.Content(network, vector, optimizer, warnings);
  }

  /** Takes a whole graph into a network. */
  static NetworkAssembly assemble(Dl4jGraph graph, Shape input, String place) {
    NetworkAssembly assembly = new NetworkAssembly(place, input);
    VertexImport vertices = new VertexImport(graph, assembly);
    graph.vertices().forEach(vertices::read);
    return assembly;
  }

  private float[] weights(NetworkAssembly assembly, ParameterLayout layout) {
    long expected = assembly.blocks().stream().mapToLong(WeightBlock::length).sum();
    // Read first: nothing as large as the network is allocated before there are such numbers.
    float[] theirs = expected == 0 ? new float[0] : numbers(COEFFICIENTS, expected);
    float[] vector = new float[layout.size()];
    assembly
        .constants()
        .forEach(
            (tensor, value) ->
                Arrays.fill(
                    vector, layout.slice(tensor).offset(), layout.slice(tensor).end(), value));
    int at = 0;
    for (WeightBlock block : assembly.blocks()) {
      block.toConvoy(theirs, at, layout, vector);
      at += block.length();
    }
    FiniteWeights.check(vector, layout, zip.place(COEFFICIENTS));
    return vector;
  }

  private float[] numbers(String entry, long expected) {
    return zip.read(entry, (in, most) -> NdArrayReader.read(in, most, zip.place(entry), expected));
  }

  /** State is not worth losing a model: what is wrong with it is a warning. */
  private Optional<OptimizerState> optimizer(
      NetworkAssembly assembly, ParameterLayout layout, long iterations) {
    if (!zip.names().contains(UPDATER)) {
      return Optional.empty();
    }
    try {
      UpdaterState state = new UpdaterState(assembly.blocks());
      if (state.common().isEmpty()) {
        warnings.add(
            zip.place(UPDATER)
                + ": left out, expected one updater for all layers, which is Sgd, Nesterovs, Adam"
                + " or RmsProp with a fixed learning rate");
        return Optional.empty();
      }
      if (state.size() == 0) {
        return Optional.empty();
      }
      UpdaterRule rule = state.common().get();
      List<float[]> vectors = state.toConvoy(numbers(UPDATER, state.size()), layout);
      vectors.forEach(vector -> FiniteWeights.check(vector, layout, zip.place(UPDATER)));
      return Optional.of(
          new OptimizerState(rule.optimizer(), rule.learningRate(), iterations, vectors));
    } catch (ConvoyException e) {
      warnings.add(e.getMessage() + "; left out");
      return Optional.empty();
    }
  }
}
