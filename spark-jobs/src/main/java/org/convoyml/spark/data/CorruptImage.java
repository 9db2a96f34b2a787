package org.convoyml.spark.data;

import java.io.Serializable;
import org.apache.spark.SparkEnv;
import org.convoyml.aug.image.CorruptImageException;

/**
 * An image that was left out.
 *
 * @param id its identity
 * @param origin names it for people
 * @param reason what is wrong with it
 * @param executor where it was met
 */
public record CorruptImage(long id, String origin, String reason, String executor)
    implements Serializable {

  /** An image that turned out to be corrupt in this task. */
  public static CorruptImage of(EncodedImage image, CorruptImageException problem) {
    return new CorruptImage(
        image.id(), image.origin(), problem.reason(), SparkEnv.get().executorId());
  }
}
