package org.convoyml.nn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.convoyml.nn.engine.CompileOptions.Precision;
import org.convoyml.nn.engine.reference.ReferenceEngine;
import org.convoyml.nn.spec.NetworkSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What happens on machines that have less than this one: each test starts a JVM that sees fewer
 * processor features, or no native library.
 */
class EngineFallbackTest {
  /**
   * What the other JVM runs: one step of a small network on the best engine against the oracle, and
   * in f32 of networks that nobody would draw, whose gradients must agree too.
   */
  public static final class OneStep {
    private static final int RANDOM_NETWORKS = 60;

    public static void main(String[] arguments) {
      Precision precision = Precision.valueOf(arguments[0]);
      CompileOptions options = CompileOptions.training(4, 1).withPrecision(precision);
      Engine engine = Engines.best();
      boolean right = agrees(EngineCases.smallResidualNetwork(), options, engine);
      for (int seed = 0; right && precision == Precision.F32 && seed < RANDOM_NETWORKS; seed++) {
        right = agrees(RandomNetworks.network(seed), options, engine);
      }
      System.out.printf("%s %s%n", engine.name(), right);
    }

    private static boolean agrees(NetworkSpec spec, CompileOptions options, Engine engine) {
      MicroBatch batch = TestNetworks.batch(spec, 4, 1);
      try (CompiledNetwork network = engine.compile(spec, options);
          CompiledNetwork again = engine.compile(spec, options);
          CompiledNetwork reference = new ReferenceEngine().compile(spec, options)) {
        float[] gradient = new float[network.layout().size()];
        double found = loss(network, batch, gradient);
        if (found != loss(again, batch, gradient)) {
          throw new IllegalStateException("two networks, two losses");
        }
        float[] wanted = new float[gradient.length];
        double expected = loss(reference, batch, wanted);
        if (options.precision() == Precision.F32 && !areClose(gradient, wanted)) {
          return false;
        }
        return Math.abs(found - expected) <= 0.05 * expected;
      }
    }

    private static double loss(CompiledNetwork network, MicroBatch batch, float[] gradient) {
      network.load(TestNetworks.parameters(network.layout(), 2));
      return network.step(batch, gradient, GradientListener.NONE).lossSum();
    }

    /** To a hundredth of the largest number; a kernel that is wrong is further off. */
    private static boolean areClose(float[] found, float[] expected) {
      double largest = GradientCheck.largest(expected, 0, expected.length);
      for (int i = 0; i < found.length; i++) {
        if (!(Math.abs(found[i] - expected[i]) <= 0.01 * largest)) {
          return false;
        }
      }
      return true;
    }
  }

  @BeforeEach
  void needsTheNativeLibrary() {
    assumeTrue(Engines.best().name().equals("onednn"), "oneDNN cannot run here");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SSE41", "AVX2", "AVX512_CORE"})
  void everyProcessorComputesInF32(String features) throws Exception {
    Result result = run(Map.of("ONEDNN_MAX_CPU_ISA", features), Precision.F32, "");
    assertThat(result.output()).isEqualTo("onednn true");
    assertThat(result.log()).isEmpty();
  }

  @Test
  void bf16IsEmulatedWithOneWarningWhereTheProcessorHasNone() throws Exception {
    // oneDNN can be told of fewer instructions than there are, not of more.
    assumeTrue(
        Files.readString(Path.of("/proc/cpuinfo")).contains("avx512bw"), "AVX-512 is not here");
    Result result = run(Map.of("ONEDNN_MAX_CPU_ISA", "AVX512_CORE"), Precision.BF16, "");
    assertThat(result.output()).isEqualTo("onednn true");
    assertThat(result.log()).hasSize(1).first().asString().contains("bf16 is emulated");
  }

  @Test
  void bf16IsF32WithOneWarningWhereItCannotBeEmulated() throws Exception {
    Result result = run(Map.of("ONEDNN_MAX_CPU_ISA", "AVX2"), Precision.BF16, "");
    assertThat(result.output()).isEqualTo("onednn true");
    assertThat(result.log()).hasSize(1).first().asString().contains("computing in f32");
  }

  @Test
  void theReferenceEngineRunsAndSaysSoWithoutTheNativeLibrary() throws Exception {
    Result result = run(Map.of(), Precision.F32, "dnnl-.*-.*-x86_64|dnnl-.*-.*-arm64");
    assertThat(result.output()).isEqualTo("reference true");
    assertThat(result.log())
        .hasSize(1)
        .first()
        .asString()
        .contains("engine onednn cannot run here", "using reference");
  }

  private record Result(String output, List<String> log) {}

  /**
   * @param hidden pattern of names of jars that the other JVM does not see
   */
  private static Result run(Map<String, String> environment, Precision precision, String hidden)
      throws IOException, InterruptedException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(path -> hidden.isEmpty() || !path.matches(".*(" + hidden + ")\\.jar"))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-Xmx256m", "-cp", classPath, OneStep.class.getName()));
    command.add(precision.name());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = read(process.getInputStream());
    String log = read(process.getErrorStream());
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ended in time").isTrue();
    assertThat(process.exitValue()).as(log).isZero();
    return new Result(output.strip(), log.lines().toList());
  }

  private static String read(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }
}
