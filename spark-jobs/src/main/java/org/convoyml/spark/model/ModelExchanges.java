package org.convoyml.spark.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.Shape;
import org.convoyml.spark.Versions;

/** Makes model directories of other libraries' files, and the other way round. */
public final class ModelExchanges {
  /** Of Deeplearning4j's models. */
  private static final String ZIP = ".zip";

  private final Configuration configuration;

  /**
   * A file that was read.
   *
   * @param sha256 of the file, in hexadecimal
   */
  public record Imported(String file, String sha256, ModelExchange.Content content) {}

  public ModelExchanges(Configuration configuration) {
    this.configuration = configuration;
  }

  /** Whether a name is that of another library's model, whether or not it can be read here. */
  public static boolean isExchanged(String file) {
    return file.endsWith(ZIP);
  }

  /**
   * Reads a file on any Hadoop file system.
   *
   * @param input the shape of one example, if the user says it
   * @throws ConvoyException if it cannot be read, or has what Convoy lacks
   */
  public Imported read(String file, Optional<Shape> input) {
    ModelExchange exchange = exchange(file);
    var digest = ModelConverter.sha256();
    return onThisMachine(
        local -> {
          try (HadoopFiles files = HadoopFiles.of(configuration, file)) {
            files.read(
                new Path(file),
                (in, length) ->
                    Files.copy(
                        new DigestInputStream(in, digest),
                        local,
                        StandardCopyOption.REPLACE_EXISTING));
          }
          return new Imported(
              file, HexFormat.of().formatHex(digest.digest()), exchange.read(local, file, input));
        });
  }

  /**
   * Writes what was read as a model directory, whole or not at all.
   *
   * @param description whose network is the one that was read
   * @param overwrite whether a model there may be replaced
   */
  public void writeModel(
      Imported imported, ModelDirectory.Description description, String output, boolean overwrite) {
    ModelExchange.Content content = imported.content();
    ParameterLayout layout = ParameterLayout.of(content.network());
    try (AtomicDirectory directory = AtomicDirectory.create(configuration, output, overwrite)) {
      ModelDirectory.writeWeights(directory.files(), directory.path(), layout, content.vector());
      content
          .optimizer()
          .ifPresent(
              state -> OptimizerFiles.write(directory.files(), directory.path(), layout, state));
      ModelDirectory.writeDescription(
          directory.files(),
          directory.path(),
          description,
          new ExchangeProvenance(
              imported.file(),
              imported.sha256(),
              content.warnings(),
              content.optimizer().map(state -> state.optimizer().toString()).orElse(null),
              Versions.convoy()));
      directory.commit();
    }
  }

  /**
   * Writes a model directory as another library's file, whole or not at all.
   *
   * @param overwrite whether a file there may be replaced
   * @return what could not be written, a line each
   * @throws ConvoyException if the network has what the format lacks, or something cannot be read
   *     or written
   */
  public List<String> export(String model, String output, boolean overwrite) {
    ModelExchange exchange = exchange(output);
    try (HadoopFiles files = HadoopFiles.of(configuration, output)) {
      Path target = new Path(output);
      checkReplaceable(files, target, overwrite);
      var network = ModelDirectory.readDescription(configuration, model).network();
      ParameterLayout layout = ParameterLayout.of(network);
      ModelExchange.Content content =
          new ModelExchange.Content(
              network,
              ModelDirectory.readWeights(configuration, model, layout),
              OptimizerFiles.read(configuration, model, layout),
              List.of());
      return onThisMachine(
          local -> {
            List<String> warnings = exchange.write(local, content);
            // Something may have come there meanwhile.
            checkReplaceable(files, target, overwrite);
            files.replace(target, out -> Files.copy(local, out));
            return warnings;
          });
    }
  }

  private static void checkReplaceable(HadoopFiles files, Path target, boolean overwrite) {
    if (files.isDirectory(target)) {
      throw new ConvoyException(target + ": expected a file to write, found a directory");
    }
    if (!overwrite && files.exists(target)) {
      throw new ConvoyException(target + ": already exists (--overwrite replaces it)");
    }
  }

  private static ModelExchange exchange(String file) {
    return ServiceLoader.load(ModelExchange.class, ModelExchanges.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .filter(exchange -> file.endsWith(exchange.suffix()))
        .findFirst()
        .orElseThrow(
            () ->
                new ConvoyException(
                    file
                        + ": Deeplearning4j's models need convoy-dl4j.jar on the classpath, which"
                        + " scripts/convoy puts there (mvn -DskipTests package makes it)"));
  }

  @FunctionalInterface
  private interface Use<T> {
    T of(java.nio.file.Path file) throws IOException;
  }

  /** Other libraries know no Hadoop file systems. */
  private static <T> T onThisMachine(Use<T> use) {
    try {
      // A directory of our own: in a shared one, somebody could put a link in the file's place.
      java.nio.file.Path folder = Files.createTempDirectory("convoy-exchange");
      java.nio.file.Path local = folder.resolve("model");
      try {
        return use.of(local);
      } finally {
        Files.deleteIfExists(local);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new ConvoyException("a temporary file cannot be written: " + e.getMessage(), e);
    }
  }
}
