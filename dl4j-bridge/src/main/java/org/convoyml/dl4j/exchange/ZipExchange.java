package org.convoyml.dl4j.exchange;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.convoyml.nn.spec.Shape;
import org.convoyml.spark.model.ModelExchange;

/** The zips of Deeplearning4j's {@code ModelSerializer}. */
public final class ZipExchange implements ModelExchange {
  private static final String SUFFIX = ".zip";

  @Override
  public String suffix() {
    return SUFFIX;
  }

  /**
   * Reads a {@code MultiLayerNetwork} or {@code ComputationGraph}. A softmax or sigmoid that
   * belongs to a loss is not in the network, whose outputs are logits.
   */
  @Override
  public Content read(Path file, String origin, Optional<Shape> input) {
    String name = origin.substring(origin.lastIndexOf('/') + 1, origin.length() - SUFFIX.length());
    try (ModelZip zip = new ModelZip(file, origin)) {
      return new ZipImport(zip, name).read(input);
    }
  }

  /** Writes a {@code ComputationGraph}. */
  @Override
  public List<String> write(Path file, Content content) {
    return new ZipExport(content).write(file);
  }
}
