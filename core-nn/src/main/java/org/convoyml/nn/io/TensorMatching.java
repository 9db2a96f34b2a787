package org.convoyml.nn.io;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;

/** Compares what a file holds with what a network needs; lists every difference. */
final class TensorMatching {
  /** More would fill the screen and say nothing new. */
  private static final int MOST_LISTED = 8;

  private TensorMatching() {}

  /**
   * The slice for each tensor by name.
   *
   * @param types in which numbers may be stored
   * @throws ConvoyException if a tensor is missing, unknown, or of another type or shape; lists the
   *     first of all these
   */
  static Map<String, ParameterSlice> match(
      List<TensorEntry> tensors,
      ParameterLayout layout,
      Set<TensorEntry.DataType> types,
      String origin) {
    Map<String, ParameterSlice> slices = new HashMap<>();
    layout.slices().forEach(slice -> slices.put(slice.name(), slice));
    List<String> problems = new ArrayList<>();
    Set<String> found = new HashSet<>();
    for (TensorEntry tensor : tensors) {
      found.add(tensor.name());
      ParameterSlice slice = slices.get(tensor.name());
      if (slice == null) {
        problems.add(problem(tensor.name(), "the network has no such parameter"));
      } else if (!types.contains(tensor.type()) || !tensor.shape().equals(shape(slice))) {
        problems.add(
            problem(
                tensor.name(),
                "expected %s %s, got %s %s"
                    .formatted(
                        types.stream().sorted().map(Enum::name).collect(Collectors.joining("/")),
                        shape(slice),
                        tensor.type(),
                        tensor.shape())));
      }
    }
    for (ParameterSlice slice : layout.slices()) {
      if (!found.contains(slice.name())) {
        problems.add(problem(slice.name(), "not in the file"));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConvoyException(origin + ": " + listed(problems));
    }
    return slices;
  }

  private static List<Long> shape(ParameterSlice slice) {
    return slice.spec().shape().stream().map(Integer::longValue).toList();
  }

  private static String problem(String tensor, String problem) {
    return "tensor %s: %s"
        .formatted(Safetensors.abbreviate(tensor), Safetensors.abbreviate(problem));
  }

  private static String listed(List<String> problems) {
    String first = problems.stream().limit(MOST_LISTED).collect(Collectors.joining("; "));
    int more = problems.size() - MOST_LISTED;
    return more > 0 ? "%s; and %d more".formatted(first, more) : first;
  }
}
