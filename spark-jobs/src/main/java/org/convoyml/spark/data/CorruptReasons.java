package org.convoyml.spark.data;

import static java.util.stream.Collectors.joining;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.convoyml.nn.ConvoyException;

/** Counts corrupt images by what is wrong with them; small, however many there are. */
public final class CorruptReasons {
  /** Different reasons that are told apart. */
  private static final int MOST = 1000;

  private static final String OTHERS = "for other reasons";

  /** How many reasons a message names. */
  private static final int NAMED = 3;

  private final Map<String, CorruptReason> reasons = new TreeMap<>();

  public void add(long id, String origin, String reason) {
    add(new CorruptReason(reason, 1, id, origin));
  }

  /** Adds what was counted elsewhere. */
  public void add(CorruptReason reason) {
    boolean known = reasons.size() < MOST || reasons.containsKey(reason.reason());
    CorruptReason counted =
        known ? reason : new CorruptReason(OTHERS, reason.images(), reason.id(), reason.origin());
    reasons.merge(counted.reason(), counted, CorruptReason::plus);
  }

  /** In the order of their texts. */
  public CorruptReason[] toArray() {
    return reasons.values().toArray(CorruptReason[]::new);
  }

  /** All corrupt images. */
  public long images() {
    return reasons.values().stream().mapToLong(CorruptReason::images).sum();
  }

  /** The most frequent reasons, each with the image of the smallest id as an example. */
  public String worst() {
    List<CorruptReason> sorted =
        reasons.values().stream()
            .sorted(
                Comparator.comparingLong(CorruptReason::images)
                    .reversed()
                    .thenComparing(CorruptReason::reason))
            .toList();
    String named =
        sorted.stream()
            .limit(NAMED)
            .map(
                reason ->
                    "%d × %s (%s)".formatted(reason.images(), reason.reason(), reason.origin()))
            .collect(joining("; "));
    long rest = sorted.stream().skip(NAMED).mapToLong(CorruptReason::images).sum();
    return rest == 0 ? named : "%s; %d for other reasons".formatted(named, rest);
  }

  /**
   * Refuses a data set of which too much is corrupt.
   *
   * @param images in the data set
   * @param name of the data set
   * @throws ConvoyException if there are more than the limits allow
   */
  public void check(ImageLimits limits, long images, String name) {
    if (limits.areExceeded(images(), images)) {
      throw new ConvoyException(
          "%s: %d of %d images are corrupt (%s), more than --max-corrupt %s allows: %s"
              .formatted(
                  name,
                  images(),
                  images,
                  percent((double) images() / images),
                  limits.maxCorrupt(),
                  worst()));
    }
  }

  private static String percent(double share) {
    return String.format(java.util.Locale.ROOT, "%.3g%%", 100 * share);
  }
}
