package org.convoyml.aug.policy;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.List;
import org.convoyml.aug.op.ImageOp;

/**
 * The operations that every image passes through in training, in order. Written {@code rotate(10),
 * translate(0.1)}, or {@code none}; in JSON it is that string.
 *
 * <p>Serializable, so that Spark can send it to its tasks.
 *
 * @param ops in order of application
 */
public record AugmentationPolicy(List<ImageOp> ops) implements Serializable {
  /** Leaves images as they are: for evaluation. */
  public static final AugmentationPolicy NONE = new AugmentationPolicy(List.of());

  public AugmentationPolicy {
    ops = List.copyOf(ops);
  }

  /**
   * Reads what {@link #toString} writes; spaces do not matter.
   *
   * @throws org.convoyml.nn.ConvoyException if it is not understood; the message has the column and
   *     the choices
   */
  @JsonCreator
  public static AugmentationPolicy parse(String text) {
    return new AugmentationPolicy(new PolicyParser(text).parse());
  }

  /** The canonical text, which {@link #parse} reads back to an equal policy. */
  @JsonValue
  @Override
  public String toString() {
    return ops.isEmpty()
        ? PolicyParser.NOTHING
        : ops.stream().map(ImageOp::toString).collect(joining(", "));
  }
}
