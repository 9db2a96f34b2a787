package org.convoyml.benchmarks;

import java.io.IOException;
import java.util.List;

/** The bare primitives of a network: their whole time, and that of its shortcuts. */
public final class BoundContestant {
  private BoundContestant() {}

  public static void main(String[] words) throws IOException {
    Bound bound = new Bound(Contest.of(words));
    bound.runAll();
    new Contestant()
        .serveTimes(
            seconds -> {
              double[] times = bound.milliseconds(seconds, Stopwatch::median);
              double sum = 0;
              double shortcuts = 0;
              for (int i = 0; i < times.length; i++) {
                sum += times[i];
                shortcuts += bound.primitives().get(i).isPadShortcut() ? times[i] : 0;
              }
              return List.of(sum, shortcuts);
            });
  }
}
