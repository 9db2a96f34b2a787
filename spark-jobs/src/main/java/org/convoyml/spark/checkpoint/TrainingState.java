package org.convoyml.spark.checkpoint;

import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.convoyml.nn.io.Safetensors;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.spark.model.HadoopFiles;
import org.convoyml.spark.model.ModelDirectory;

/**
 * All that the next round needs to know of those before it: parameters with running statistics, and
 * the optimizer's state vectors, each in the flat vector's layout. The position in the data follows
 * from the round's number alone.
 *
 * @param parameters the flat vector
 * @param optimizer the optimizer's state vectors, of the same length; zero where the layout has
 *     running statistics
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record TrainingState(float[] parameters, float[][] optimizer) {

  /** Writes it to a new directory. */
  public void write(HadoopFiles files, Path directory, ParameterLayout layout) {
    files.createDirectory(directory);
    ModelDirectory.writeWeights(files, directory, layout, parameters);
    for (int i = 0; i < optimizer.length; i++) {
      float[] vector = optimizer[i];
      files.write(
          optimizerFile(directory, i), out -> Safetensors.write(out, layout, vector, Map.of()));
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param stateVectors how many the optimizer has
   */
  public static TrainingState read(
      HadoopFiles files, Path directory, ParameterLayout layout, int stateVectors) {
    float[][] optimizer = new float[stateVectors][];
    for (int i = 0; i < stateVectors; i++) {
      optimizer[i] = ModelDirectory.readWeights(files, optimizerFile(directory, i), layout);
    }
    return new TrainingState(
        ModelDirectory.readWeights(files, ModelDirectory.weights(directory), layout), optimizer);
  }

  /** Where a state vector lies. */
  public static Path optimizerFile(Path directory, int vector) {
    return new Path(directory, "optimizer-%d.safetensors".formatted(vector));
  }
}
