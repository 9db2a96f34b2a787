package org.convoyml.spark.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Shape;

/**
 * Reads and writes models in the file format of another library. Found with {@link
 * java.util.ServiceLoader}; {@link ModelExchanges} looks for them.
 */
public interface ModelExchange {
  /** How names of its files end, such as {@code .zip}. */
  String suffix();

  /**
   * Reads a file, which nobody vouches for.
   *
   * @param file on this machine
   * @param origin the file's name, for messages
   * @param input the shape of one example, if the user says it
   * @throws org.convoyml.nn.ConvoyException if it is malformed, or has what Convoy lacks
   */
  Content read(Path file, String origin, Optional<Shape> input);

  /**
   * Writes a file.
   *
   * @param file on this machine, where none is
   * @param content whose warnings are ignored
   * @return what could not be written, a line each
   * @throws org.convoyml.nn.ConvoyException if the network has what the format lacks
   */
  List<String> write(Path file, Content content);

  /**
   * What such a file holds.
   *
   * @param vector the network's flat vector
   * @param warnings what was left out, a line each
   */
  record Content(
      NetworkSpec network,
      float[] vector,
      Optional<OptimizerState> optimizer,
      List<String> warnings) {
    public Content {
      warnings = List.copyOf(warnings);
    }
  }
}
