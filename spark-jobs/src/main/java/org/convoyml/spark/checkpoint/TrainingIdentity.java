package org.convoyml.spark.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.convoyml.nn.ConvoyException;

/**
 * What a training is, as far as its result depends on it: only the same one can go on from a
 * checkpoint.
 *
 * @param configuration its settings as properties, but for those about where it runs
 * @param network as {@code network.json} has it
 * @param preprocessing as {@code preprocessing.json} has it
 * @param classes names of the classes
 * @param images in the data set
 * @param fingerprint of their identities, labels and contents
 * @param versions of what computes; another may go on, but perhaps to other bits
 */
public record TrainingIdentity(
    SortedMap<String, String> configuration,
    String network,
    String preprocessing,
    List<String> classes,
    long images,
    String fingerprint,
    SortedMap<String, String> versions) {

  /**
   * Refuses to go on from a checkpoint of another training.
   *
   * @param found that of the checkpoint
   * @param checkpoint names it
   * @throws ConvoyException if they differ; it names the first difference
   */
  void check(TrainingIdentity found, String checkpoint) {
    for (Map.Entry<String, String> setting : found.configuration.entrySet()) {
      check(checkpoint, setting.getKey(), setting.getValue(), configuration.get(setting.getKey()));
    }
    check(checkpoint, "settings", found.configuration.keySet(), configuration.keySet());
    check(checkpoint, "images", found.images, images);
    check(checkpoint, "a data set of fingerprint", found.fingerprint, fingerprint);
    check(checkpoint, "classes", found.classes, classes);
    check(checkpoint, "preprocessing", found.preprocessing, preprocessing);
    if (!network.equals(found.network)) {
      throw new ConvoyException(checkpoint + ": is of a training of another network");
    }
  }

  /** Tells of versions that are not those of a checkpoint, whose training goes on. */
  void warnOfVersions(TrainingIdentity goesOn, String checkpoint, Consumer<String> warning) {
    if (!versions.equals(goesOn.versions)) {
      warning.accept(
          "%s: was made by %s, this is %s: the last bits may differ"
              .formatted(checkpoint, versions, goesOn.versions));
    }
  }

  private static void check(String checkpoint, String what, Object expected, Object given) {
    if (!Objects.equals(expected, given)) {
      throw new ConvoyException(
          "%s: is of a training with %s %s, this one has %s"
              .formatted(checkpoint, what, expected, given));
    }
  }
}
