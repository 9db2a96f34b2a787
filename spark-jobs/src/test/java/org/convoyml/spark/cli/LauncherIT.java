package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.convoyml.spark.cli.ConvoyProcess.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/convoy} itself, with the packaged application and the embedded Spark. */
class LauncherIT {
  @TempDir private Path folder;

  @Test
  void helpNeedsNoSpark() {
    Result result = ConvoyProcess.here().within(Duration.ofSeconds(10)).run("--help");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).startsWith("Usage: convoy ");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void noArgumentsShowTheHelp() {
    assertThat(ConvoyProcess.here().run().out()).startsWith("Usage: convoy ");
  }

  @Test
  void versionIsOneLine() {
    Result result = ConvoyProcess.here().run("--version");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).startsWith("convoy ").hasLineCount(1);
    assertThat(result.err()).isEmpty();
  }

  @Test
  void modelsNeedNoSpark() {
    Result result = ConvoyProcess.here().within(Duration.ofSeconds(20)).run("models", "lenet");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("431,080");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void anUnknownOptionGoesThroughSparkSubmitAndComesBackAsOneLine() {
    Result result = ConvoyProcess.here().run("--master", "local[1]", "no-such-command");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).matches("(convoy|see): .*"))
        .anySatisfy(line -> assertThat(line).contains("'no-such-command'"));
  }

  @Test
  void anOptionOfConvoyBeforeTheCommandIsExplained() {
    Result result = ConvoyProcess.here().run("--epochs", "3", "train");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).startsWith("convoy: '--epochs' before the command").hasLineCount(2);
  }

  @Test
  void whatSparkSubmitWouldRefuseIsOneLine() {
    Result master = ConvoyProcess.here().run("--master", "nowhere", "train");
    assertThat(master.exitCode()).isEqualTo(2);
    assertThat(master.err())
        .startsWith("convoy: unknown master 'nowhere', expected ")
        .hasLineCount(2);

    Result conf = ConvoyProcess.here().run("--conf", "spark.task.cpus", "train");
    assertThat(conf.exitCode()).isEqualTo(2);
    assertThat(conf.err())
        .startsWith("convoy: --conf expects KEY=VALUE, got 'spark.task.cpus'")
        .hasLineCount(2);
  }

  @Test
  void aRepositoryMayHaveSpacesInItsPathAndBeCalledFromAnywhere() throws IOException {
    Path copy = launcherIn(folder.resolve("my own convoy"));
    Files.createDirectories(copy.resolve("spark-jobs"));
    Path link = copy.resolve("spark-jobs/target");
    Files.createSymbolicLink(link, ConvoyProcess.repository().resolve("spark-jobs/target"));
    Result result = ConvoyProcess.in(copy).from(folder).run("no such command", "--verbose");
    Files.delete(link); // lest JUnit warns of it
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).startsWith("convoy: ").contains("'no such command'").hasLineCount(2);
  }

  @Test
  void withoutABuildItSaysHowToBuild() throws IOException {
    Result result = ConvoyProcess.in(launcherIn(folder.resolve("fresh"))).run("train");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .startsWith("convoy: not built yet")
        .contains("scripts/quickstart.sh")
        .hasLineCount(1);
  }

  /** Without --verbose too: whoever runs it wants to know why it is slow. */
  @Test
  void anEmulatedPrecisionIsWarnedOfOnce() {
    Result result =
        ConvoyProcess.here()
            .with("ONEDNN_MAX_CPU_ISA", "AVX2")
            .run(
                "train",
                "--data=" + ConvoyProcess.repository() + "/samples/mnist/t10k-images-idx3-ubyte.gz",
                "--model=lenet5",
                "--engine=onednn",
                "--precision=bf16",
                "--epochs=1",
                "--output=" + folder.resolve("model"));
    assertThat(result.exitCode()).isEqualTo(0);
    assertThat(result.err().lines().filter(line -> line.contains("bf16")))
        .singleElement()
        .asString()
        .contains("computing in f32");
  }

  @Test
  void aMissingJavaIsOneLine() {
    Result result = ConvoyProcess.here().with("JAVA_HOME", "/nowhere").run("train");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .startsWith("convoy: no Java found as '/nowhere/bin/java'")
        .hasLineCount(1);
  }

  @Test
  void anOldJavaIsOneLine() throws IOException {
    Path java = folder.resolve("bin/java");
    Files.createDirectories(java.getParent());
    script(java, "echo '    java.specification.version = 11' >&2");
    Result result = ConvoyProcess.here().with("JAVA_HOME", folder.toString()).run("train");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .startsWith("convoy: Java 17 or newer is needed, '" + java + "' is 11")
        .hasLineCount(1);
  }

  @Test
  void withSparkHomeItsOwnSparkSubmitGetsAllThatBelongsToSpark() throws IOException {
    Path submit = folder.resolve("bin/spark-submit");
    Files.createDirectories(submit.getParent());
    script(submit, "printf '%s\\n' \"$@\"; exit 7");
    Result result =
        ConvoyProcess.here()
            .with("SPARK_HOME", folder.toString())
            .run("--master", "yarn", "--conf", "spark.x=a b", "train", "--data", "my images");
    assertThat(result.exitCode()).isEqualTo(7);
    List<String> arguments = result.out().lines().toList();
    assertThat(arguments)
        .containsSubsequence("--class", "org.convoyml.spark.cli.ConvoyCommand")
        .contains("spark.kryo.registrator=org.convoyml.spark.ConvoyKryoRegistrator")
        .doesNotContain("spark.ui.enabled=false");
    assertThat(arguments.subList(arguments.size() - 8, arguments.size()))
        .containsExactly(
            "--master",
            "yarn",
            "--conf",
            "spark.x=a b",
            ConvoyProcess.repository().resolve("spark-jobs/target/convoy.jar").toString(),
            "train",
            "--data",
            "my images");
  }

  private static Path launcherIn(Path root) throws IOException {
    Path scripts = ConvoyProcess.repository().resolve("scripts");
    Files.createDirectories(root.resolve("scripts/log"));
    for (String file : List.of("convoy", "log/quiet.properties", "log/verbose.properties")) {
      Files.copy(scripts.resolve(file), root.resolve("scripts").resolve(file));
    }
    return root;
  }

  private static void script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
