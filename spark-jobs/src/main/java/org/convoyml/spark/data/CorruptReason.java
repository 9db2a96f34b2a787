package org.convoyml.spark.data;

import java.io.Serializable;

/**
 * Images that are corrupt for the same reason.
 *
 * @param reason what is wrong with them
 * @param images how many
 * @param id the smallest of their ids, so that the example does not depend on partitions
 * @param origin of that image
 */
public record CorruptReason(String reason, long images, long id, String origin)
    implements Serializable {

  CorruptReason plus(CorruptReason other) {
    CorruptReason first = id <= other.id ? this : other;
    return new CorruptReason(reason, images + other.images, first.id, first.origin);
  }
}
