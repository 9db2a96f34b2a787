package org.convoyml.aug.source;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.convoyml.nn.ConvoyException;

/** The order of classes: that of their names, wherever these come from. */
final class ClassNames {
  // The order that Python gives file names, so that both give a class the same label.
  private static final Comparator<String> CODE_POINTS =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private ClassNames() {}

  /** Different names in code-point order. */
  static List<String> sorted(Collection<String> names) {
    TreeSet<String> sorted = new TreeSet<>(CODE_POINTS);
    sorted.addAll(names);
    return List.copyOf(sorted);
  }

  /** {@code 0} to the largest label, for labels that have no names. */
  static List<String> numbered(int largest) {
    return IntStream.rangeClosed(0, largest).mapToObj(String::valueOf).toList();
  }

  /** Where a name is in a sorted list; negative if it is not there. */
  static int indexOf(List<String> sorted, String name) {
    return Collections.binarySearch(sorted, name, CODE_POINTS);
  }

  /**
   * Where each of a source's names, in its own order, is among the sorted.
   *
   * @throws ConvoyException if there is no name, or one twice
   */
  static int[] positions(String origin, List<String> names) {
    List<String> sorted = sorted(names);
    if (names.isEmpty() || sorted.size() != names.size()) {
      throw new ConvoyException(
          "%s: expected different names of classes, found %s".formatted(origin, names));
    }
    return names.stream().mapToInt(name -> indexOf(sorted, name)).toArray();
  }
}
