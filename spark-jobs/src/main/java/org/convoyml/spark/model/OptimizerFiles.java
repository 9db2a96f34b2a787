package org.convoyml.spark.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.io.FiniteWeights;
import org.convoyml.nn.io.Safetensors;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.train.Optimizer;

/**
 * The state of an optimizer beside the weights of a model: {@code optimizer-1.safetensors} and so
 * on, one for each vector, with tensors named as those of the weights. The metadata of each say
 * which optimizer, learning rate and number of steps.
 */
final class OptimizerFiles {
  private static final String OPTIMIZER = "optimizer";
  private static final String LEARNING_RATE = "learning_rate";
  private static final String STEPS = "steps";

  private OptimizerFiles() {}

  static void write(
      HadoopFiles files, Path directory, ParameterLayout layout, OptimizerState state) {
    Map<String, String> metadata =
        Map.of(
            OPTIMIZER, state.optimizer().toString(),
            LEARNING_RATE, String.valueOf(state.learningRate()),
            STEPS, String.valueOf(state.steps()));
    for (int i = 0; i < state.vectors().size(); i++) {
      float[] vector = state.vectors().get(i);
      files.write(file(directory, i), out -> Safetensors.write(out, layout, vector, metadata));
    }
  }

  /**
   * Reads it, if a model has it.
   *
   * @throws ConvoyException if a file is malformed, is missing, or does not fit the network
   */
  static Optional<OptimizerState> read(
      Configuration configuration, String model, ParameterLayout layout) {
    Path directory = new Path(model);
    try (HadoopFiles files = HadoopFiles.of(configuration, model)) {
      if (!files.exists(file(directory, 0))) {
        return Optional.empty();
      }
      List<float[]> vectors = new ArrayList<>();
      Map<String, String> metadata = read(files, file(directory, 0), layout, vectors);
      Optimizer optimizer = Optimizer.parse(value(metadata, OPTIMIZER, directory));
      while (vectors.size() < optimizer.stateVectors()) {
        read(files, file(directory, vectors.size()), layout, vectors);
      }
      return Optional.of(
          new OptimizerState(
              optimizer,
              Float.parseFloat(value(metadata, LEARNING_RATE, directory)),
              Long.parseLong(value(metadata, STEPS, directory)),
              vectors));
    } catch (NumberFormatException e) {
      throw new ConvoyException(
          "%s: expected a number in its metadata: %s".formatted(file(directory, 0), e.getMessage()),
          e);
    }
  }

  private static Map<String, String> read(
      HadoopFiles files, Path file, ParameterLayout layout, List<float[]> vectors) {
    float[] vector = new float[layout.size()];
    Map<String, String> metadata =
        files.read(
            file, (in, length) -> Safetensors.read(in, length, file.toString(), layout, vector));
    FiniteWeights.check(vector, layout, file.toString());
    vectors.add(vector);
    return metadata;
  }

  private static String value(Map<String, String> metadata, String key, Path directory) {
    String value = metadata.get(key);
    if (value == null) {
      throw new ConvoyException(
          "%s: expected '%s' in its metadata".formatted(file(directory, 0), key));
    }
    return value;
  }

  private static Path file(Path directory, int index) {
    return new Path(directory, "optimizer-%d.safetensors".formatted(index + 1));
  }
}
