package org.convoyml.benchmarks;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.convoyml.benchmarks.BarePrimitive.Pass;

/**
 * The bound of a network layer by layer, by each primitive's best time: a single number cannot be
 * set against others of the same moment, as a {@linkplain SpeedTable ratio} is.
 */
final class Breakdown {
  static final String HEADER =
      """
      | layer | kind | forward, ms | backward data | backward weights | implementations |
      |---|---|---|---|---|---|\
      """;

  /** One layer's primitives. */
  private static final class Line {
    private final String kind;
    private final Map<Pass, Double> times = new EnumMap<>(Pass.class);
    private final StringBuilder implementations = new StringBuilder();

    private Line(String kind) {
      this.kind = kind;
    }

    private String time(Pass pass) {
      return times.containsKey(pass) ? String.format(Locale.ROOT, "%.3f", times.get(pass)) : "";
    }
  }

  private Breakdown() {}

  /** Measures, and gives the lines. */
  static String table(Contest contest, double seconds) {
    Bound bound = new Bound(contest);
    double[] times = bound.milliseconds(seconds, sorted -> sorted[0]);
    Map<String, Line> lines = new LinkedHashMap<>();
    Line total = new Line(contest.precisionName());
    for (int i = 0; i < times.length; i++) {
      BarePrimitive primitive = bound.primitives().get(i);
      Line line =
          lines.computeIfAbsent(
              primitive.layer().name(), name -> new Line(primitive.layer().layer().description()));
      line.times.put(primitive.pass(), times[i]);
      line.implementations.append(line.implementations.isEmpty() ? "" : ", ");
      line.implementations.append(primitive.implementation());
      total.times.merge(primitive.pass(), times[i], Double::sum);
    }
    lines.put(contest.network(), total);
    StringBuilder table = new StringBuilder();
    lines.forEach(
        (name, line) ->
            table.append(
                "| %s | %s | %s | %s | %s | %s |%n"
                    .formatted(
                        name,
                        line.kind,
                        line.time(Pass.FORWARD),
                        line.time(Pass.BACKWARD_DATA),
                        line.time(Pass.BACKWARD_WEIGHTS),
                        line.implementations)));
    return table.toString();
  }
}
