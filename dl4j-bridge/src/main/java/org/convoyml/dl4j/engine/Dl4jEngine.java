package org.convoyml.dl4j.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engine;
import org.convoyml.nn.spec.NetworkSpec;
import org.nd4j.common.config.ND4JSystemProperties;

/** Deeplearning4j's {@code ComputationGraph} on ND4J's CPU backend. */
public final class Dl4jEngine implements Engine {
  public static final String NAME = "dl4j";

  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

  static {
    // It would list processor and libraries in the log of every executor.
    System.setProperty(ND4JSystemProperties.LOG_INITIALIZATION, "false");
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String version() {
    return "Deeplearning4j %s, %s".formatted(Dl4jBuild.version(), Dl4jBuild.natives());
  }

  /** Slower than everything but the reference. */
  @Override
  public int preference() {
    return 1;
  }

  /** ND4J's library ends the JVM on a processor for which it was not built. */
  @Override
  public Optional<String> unavailable() {
    String needed = Dl4jBuild.processorFeature();
    if (!Files.isReadable(PROCESSOR)) {
      return Optional.of("ND4J's library is for Linux");
    }
    try (Stream<String> lines = Files.lines(PROCESSOR)) {
      boolean found =
          lines
              .filter(line -> line.startsWith("flags"))
              .limit(1)
              .flatMap(line -> Stream.of(line.split("\\s+")))
              .anyMatch(needed::equals);
      return found
          ? Optional.empty()
          : Optional.of("ND4J's library was built for processors with " + needed);
    } catch (IOException e) {
      return Optional.of("%s: %s".formatted(PROCESSOR, e.getMessage()));
    }
  }

  /** Computes in f32, whatever precision {@code options} allow. */
  @Override
  public CompiledNetwork compile(NetworkSpec network, CompileOptions options) {
    return new Dl4jNetwork(network, options);
  }
}
