package org.convoyml.spark.eval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.convoyml.nn.ConvoyException;

/**
 * Which of a model's classes each class of a data set is. Classes are matched by name. A model that
 * has mere numbers for names (converted weights, say) is matched to as many other names by order.
 *
 * @param labels the model's label for each of the data set's
 * @param names of the model's classes, as they are to be reported
 * @param byOrder whether names did not matter
 */
record ClassMatching(int[] labels, List<String> names, boolean byOrder) {

  /**
   * Matches.
   *
   * @throws ConvoyException if a class of the data set is none of the model's
   */
  static ClassMatching of(
      List<String> modelClasses, List<String> datasetClasses, String datasetName) {
    Map<String, Integer> byName = new HashMap<>();
    for (String name : modelClasses) {
      byName.put(name, byName.size());
    }
    List<String> unknown =
        datasetClasses.stream().filter(name -> !byName.containsKey(name)).toList();
    if (unknown.isEmpty()) {
      int[] labels = datasetClasses.stream().mapToInt(byName::get).toArray();
      return new ClassMatching(labels, modelClasses, false);
    }
    if (isNumbered(modelClasses) && datasetClasses.size() == modelClasses.size()) {
      List<String> sorted = new ArrayList<>(new TreeSet<>(datasetClasses));
      int[] labels = datasetClasses.stream().mapToInt(sorted::indexOf).toArray();
      return new ClassMatching(labels, sorted, true);
    }
    throw new ConvoyException(
        "%s: has images of class %s, expected only the model's %d classes: %s"
            .formatted(
                datasetName, shortened(unknown), modelClasses.size(), shortened(modelClasses)));
  }

  /** Names that say no more than the order does. */
  static List<String> numbered(int classes) {
    return IntStream.range(0, classes).mapToObj(String::valueOf).toList();
  }

  private static boolean isNumbered(List<String> names) {
    return names.equals(numbered(names.size()));
  }

  private static String shortened(List<String> names) {
    int shown = 10;
    return names.size() <= shown
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, shown)) + ", …";
  }
}
