package org.convoyml.nn.io;

import java.util.ArrayList;
import java.util.List;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;

/** Refuses weights with which no output would mean anything. */
public final class FiniteWeights {
  private FiniteWeights() {}

  /**
   * Checks a flat vector.
   *
   * @param origin the file that it comes from, for messages
   * @throws ConvoyException if an element is NaN or infinite; names the first tensor that has one,
   *     and says how many others do
   */
  public static void check(float[] vector, ParameterLayout layout, String origin) {
    List<String> problems = new ArrayList<>();
    for (ParameterSlice slice : layout.slices()) {
      for (int i = slice.offset(); i < slice.end(); i++) {
        if (!Float.isFinite(vector[i])) {
          problems.add(
              "tensor %s: expected finite numbers, got %s at %d of %d"
                  .formatted(slice.name(), vector[i], i - slice.offset(), slice.length()));
          break;
        }
      }
    }
    if (!problems.isEmpty()) {
      int others = problems.size() - 1;
      throw new ConvoyException(
          "%s: %s%s"
              .formatted(
                  origin,
                  problems.get(0),
                  others == 0
                      ? ""
                      : "; %d more tensor%s likewise".formatted(others, others == 1 ? "" : "s")));
    }
  }
}
