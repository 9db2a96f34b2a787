package org.convoyml.spark.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.io.FiniteWeights;
import org.convoyml.nn.io.Safetensors;
import org.convoyml.nn.spec.NetworkJson;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;

/**
 * The files of a model: {@code network.json}, {@code preprocessing.json}, {@code classes.json},
 * {@code provenance.json} and {@code weights.safetensors}.
 */
public final class ModelDirectory {
  static final String NETWORK = "network.json";

  private static final String PREPROCESSING = "preprocessing.json";
  private static final String CLASSES = "classes.json";
  private static final String PROVENANCE = "provenance.json";
  public static final String WEIGHTS = "weights.safetensors";

  /** PyTorch's readers of the format ask for this. */
  public static final Map<String, String> WEIGHTS_METADATA = Map.of("format", "pt");

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private ModelDirectory() {}

  /**
   * What a model is, without its weights.
   *
   * @param network what it computes
   * @param preprocessing what it expects
   * @param classes names of the classes that its primary output tells apart, in order
   */
  public record Description(
      NetworkSpec network, Preprocessing preprocessing, List<String> classes) {
    public Description {
      classes = List.copyOf(classes);
      if (classes.size() != network.classes()) {
        throw new ConvoyException(
            "the network tells %d classes apart, but there are names for %d"
                .formatted(network.classes(), classes.size()));
      }
      Set<String> names = new HashSet<>();
      for (String name : classes) {
        if (!names.add(name)) {
          throw new ConvoyException(
              "expected different names of classes, found '%s' twice".formatted(name));
        }
      }
      if (!preprocessing.shape().equals(network.input())) {
        throw new ConvoyException(
            "the network expects %s, but preprocessing makes %s"
                .formatted(network.input(), preprocessing.shape()));
      }
    }
  }

  /**
   * Writes everything but the weights.
   *
   * @param provenance {@link Provenance}, {@link ConversionProvenance} or {@link
   *     ExchangeProvenance}
   */
  public static void writeDescription(
      HadoopFiles files, Path directory, Description description, Record provenance) {
    files.writeText(new Path(directory, NETWORK), NetworkJson.write(description.network()));
    files.writeText(
        new Path(directory, PREPROCESSING), description.preprocessing().toJson() + "\n");
    files.writeText(new Path(directory, CLASSES), json(description.classes()));
    files.writeText(new Path(directory, PROVENANCE), json(provenance));
  }

  /** Writes a flat vector as the weights of a model; returns the file. */
  public static Path writeWeights(
      HadoopFiles files, Path directory, ParameterLayout layout, float[] vector) {
    Path file = new Path(directory, WEIGHTS);
    files.write(file, out -> Safetensors.write(out, layout, vector, WEIGHTS_METADATA));
    return file;
  }

  /** Whether a model lies there. */
  public static boolean isAt(HadoopFiles files, Path directory) {
    return files.exists(new Path(directory, NETWORK));
  }

  /** Where the weights of a model lie. */
  public static Path weights(Path directory) {
    return new Path(directory, WEIGHTS);
  }

  /**
   * Reads what a model is.
   *
   * @throws ConvoyException if a file is missing or wrong, or the files do not fit each other
   */
  public static Description readDescription(Configuration configuration, String directory) {
    try (HadoopFiles files = HadoopFiles.of(configuration, directory)) {
      Path path = new Path(directory);
      if (!isAt(files, path)) {
        throw new ConvoyException(directory + ": expected a model directory, found no " + NETWORK);
      }
      Path preprocessing = new Path(path, PREPROCESSING);
      try {
        return new Description(
            NetworkJson.read(files.readText(new Path(path, NETWORK)), path + "/" + NETWORK),
            Preprocessing.fromJson(files.readText(preprocessing), preprocessing.toString()),
            readClasses(files, new Path(path, CLASSES)));
      } catch (ConvoyException e) {
        throw e.getMessage().startsWith(path.toString())
            ? e
            : new ConvoyException(directory + ": " + e.getMessage(), e);
      }
    }
  }

  /**
   * Reads a model's weights into a new flat vector.
   *
   * @throws ConvoyException if the file is missing or wrong, does not fit, or holds numbers that
   *     are NaN or infinite
   */
  public static float[] readWeights(
      Configuration configuration, String directory, ParameterLayout layout) {
    Path file = new Path(directory, WEIGHTS);
    try (HadoopFiles files = HadoopFiles.of(configuration, directory)) {
      float[] vector = readWeights(files, file, layout);
      FiniteWeights.check(vector, layout, file.toString());
      return vector;
    }
  }

  /** Reads one safetensors file into a new flat vector. */
  public static float[] readWeights(HadoopFiles files, Path file, ParameterLayout layout) {
    float[] vector = new float[layout.size()];
    files.read(file, (in, length) -> Safetensors.read(in, length, file.toString(), layout, vector));
    return vector;
  }

  private static List<String> readClasses(HadoopFiles files, Path file) {
    try {
      List<String> names =
          JSON.readValue(files.readText(file), new TypeReference<List<String>>() {});
      if (names == null || names.contains(null)) {
        throw new ConvoyException(file + ": expected a list of names, found null");
      }
      return names;
    } catch (JsonProcessingException e) {
      throw new ConvoyException(
          "%s: expected a list of names: %s".formatted(file, e.getOriginalMessage()), e);
    }
  }

  private static String json(Object value) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts and numbers is always JSON", e);
    }
  }
}
