package org.convoyml.spark.model;

import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.convoyml.nn.io.PublishedWeights;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.spark.Versions;

/** Makes a model directory of weights that others trained. */
public final class ModelConverter {
  private final Configuration configuration;

  public ModelConverter(Configuration configuration) {
    this.configuration = configuration;
  }

  /**
   * Converts a safetensors file.
   *
   * @param file whose tensors have the names of the network's parameters
   * @param description what the weights are for
   * @param output model directory; appears whole or not at all
   * @param overwrite whether a model there may be replaced
   * @throws org.convoyml.nn.ConvoyException if the file does not fit the network, or something
   *     cannot be read or written
   */
  public void convert(
      String file, ModelDirectory.Description description, String output, boolean overwrite) {
    ParameterLayout layout = ParameterLayout.of(description.network());
    MessageDigest digest = sha256();
    float[] vector;
    try (HadoopFiles files = HadoopFiles.of(configuration, file)) {
      vector = files.read(new Path(file), (in, size) -> read(in, size, file, layout, digest));
    }
    try (AtomicDirectory directory = AtomicDirectory.create(configuration, output, overwrite)) {
      ModelDirectory.writeWeights(directory.files(), directory.path(), layout, vector);
      ModelDirectory.writeDescription(
          directory.files(),
          directory.path(),
          description,
          new ConversionProvenance(
              file,
              HexFormat.of().formatHex(digest.digest()),
              description.network().name(),
              Versions.convoy()));
      directory.commit();
    }
  }

  private static float[] read(
      InputStream in, long size, String file, ParameterLayout layout, MessageDigest digest)
      throws IOException {
    return PublishedWeights.read(new DigestInputStream(in, digest), size, file, layout);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
