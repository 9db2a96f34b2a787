package org.convoyml.spark.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engine;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.zoo.NetworkSummary;

/** Networks with their sizes, a line each. */
final class ModelList {
  /**
   * Images in the step whose memory is looked at: what does not depend on them is shared by all.
   */
  static final int BATCH = 8;

  private static final String UNKNOWN = "-";

  private final Engine engine;
  private final TextTable table =
      new TextTable("model", "input", "classes", "parameters", "multiply-adds", "memory/image");
  private final List<String> unfit = new ArrayList<>();

  /**
   * @param engine by which networks are compiled to learn their memory
   */
  ModelList(Engine engine) {
    this.engine = engine;
  }

  void add(String name, NetworkSpec network) {
    NetworkSummary figures = NetworkSummary.of(network);
    table.add(
        name,
        network.input().toString(),
        String.format(Locale.ROOT, "%,d", network.classes()),
        String.format(Locale.ROOT, "%,d", figures.parameters()),
        String.format(Locale.ROOT, "%,.1f M", figures.multiplyAdds() / 1e6),
        memoryPerImage(network));
  }

  /** A network that the wanted images do not fit. */
  void addUnfit(String name, String reason) {
    table.add(name, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);
    unfit.add(reason);
  }

  private String memoryPerImage(NetworkSpec network) {
    if (!hasNativeMemory()) {
      return UNKNOWN;
    }
    try (CompiledNetwork compiled = engine.compile(network, CompileOptions.training(BATCH, 1))) {
      long bytes = compiled.memoryPlan().activations() / BATCH;
      return String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
    }
  }

  /** The reference engine's arrays lie on the heap, which large networks would overflow. */
  private boolean hasNativeMemory() {
    return engine.preference() > 0;
  }

  String render() {
    StringBuilder text = new StringBuilder(table.render());
    text.append(System.lineSeparator());
    if (!unfit.isEmpty()) {
      unfit.forEach(reason -> text.append(reason).append(System.lineSeparator()));
      text.append(System.lineSeparator());
    }
    text.append(
        hasNativeMemory()
            ? """
            Multiply-adds are of one image, forward. Memory is native, of a training step in f32 with \
            %d images, for
            each image, on one thread of the %s engine; parameters and their gradient come on top.%n\
            """
                .formatted(BATCH, engine.name())
            : """
            Multiply-adds are of one image, forward. Native memory is not known: only the %s engine \
            runs here.%n\
            """
                .formatted(engine.name()));
    return text.toString();
  }
}
