package org.convoyml.aug.policy;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;
import org.convoyml.aug.batch.BatchOp;
import org.convoyml.aug.batch.SometimesBatch;
import org.convoyml.aug.op.ImageOp;
import org.convoyml.aug.op.Sometimes;

/**
 * The operations that every image passes through in training, in order, and those that then mix the
 * images of a micro-batch. Written {@code pad-crop(4), flip, mixup(0.2, p=0.5)}, or {@code none};
 * in JSON it is that string.
 *
 * <p>Serializable, so that Spark can send it to its tasks.
 *
 * @param imageOps in order of application
 * @param batchOps in order of application, after all of an image
 */
public record AugmentationPolicy(List<ImageOp> imageOps, List<BatchOp> batchOps)
    implements Serializable {
  /** Leaves images as they are: for evaluation. */
  public static final AugmentationPolicy NONE = new AugmentationPolicy(List.of(), List.of());

  public AugmentationPolicy {
    // An operation that is always applied is written, and compared, without a probability.
    imageOps =
        imageOps.stream()
            .map(op -> op instanceof Sometimes some && some.probability() == 1 ? some.op() : op)
            .toList();
    batchOps =
        batchOps.stream()
            .map(
                op -> op instanceof SometimesBatch some && some.probability() == 1 ? some.op() : op)
            .toList();
  }

  /** A policy of operations on single images. */
  public AugmentationPolicy(List<ImageOp> imageOps) {
    this(imageOps, List.of());
  }

  /**
   * Reads what {@link #toString} writes. Spaces do not matter, arguments may be named, those that
   * have a default may be left out, and operations on micro-batches may stand anywhere.
   *
   * @throws org.convoyml.nn.ConvoyException if it is not understood; the message has the column and
   *     the choices
   */
  @JsonCreator
  public static AugmentationPolicy parse(String text) {
    return new PolicyParser(text).parse();
  }

  /** The canonical text, which {@link #parse} reads back to an equal policy. */
  @JsonValue
  @Override
  public String toString() {
    return imageOps.isEmpty() && batchOps.isEmpty()
        ? PolicyParser.NOTHING
        : Stream.concat(
                imageOps.stream().map(AugmentationPolicy::write),
                batchOps.stream().map(AugmentationPolicy::write))
            .collect(joining(", "));
  }

  private static String write(ImageOp op) {
    return op instanceof Sometimes sometimes
        ? write(sometimes.op(), sometimes.probability())
        : write(op, 1);
  }

  private static String write(BatchOp op) {
    return op instanceof SometimesBatch sometimes
        ? write(sometimes.op(), sometimes.probability())
        : write(op, 1);
  }

  private static String write(Object op, double probability) {
    return OpSyntaxes.of(op.getClass()).write(op, probability);
  }
}
