package org.convoyml.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.convoyml.spark.cli.ConvoyProcess;
import org.convoyml.spark.cli.ConvoyProcess.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Deeplearning4j's jar comes to those that the user has, wherever these are named. */
@Timeout(120)
class LauncherIT {
  private static final String JAR =
      ConvoyProcess.repository().resolve("dl4j-bridge/target/convoy-dl4j.jar").toString();

  @TempDir private Path folder;

  @Test
  void theJarIsAddedToThoseOfTheCommand() throws IOException {
    assertThat(jars("--jars", "a.jar", "--conf", "spark.jars=b.jar"))
        .isEqualTo("a.jar,b.jar," + JAR);
    assertThat(jars()).isEqualTo(JAR);
  }

  @Test
  void theJarIsAddedToThoseOfAPropertiesFile() throws IOException {
    Path own = folder.resolve("own.conf");
    Files.writeString(own, "spark.jars.packages x:y:1\n spark.jars = a.jar,b.jar \n");
    assertThat(jars("--properties-file", own.toString())).isEqualTo("a.jar,b.jar," + JAR);
    assertThat(jars("--jars", "c.jar", "--properties-file", own.toString()))
        .isEqualTo("c.jar," + JAR);
    Files.createDirectories(folder.resolve("conf"));
    Files.writeString(folder.resolve("conf/spark-defaults.conf"), "spark.jars\td.jar\n");
    assertThat(jars()).isEqualTo("d.jar," + JAR);
  }

  /** What a spark-submit that prints its arguments is given as {@code --jars} at last. */
  private String jars(String... options) throws IOException {
    Path submit = folder.resolve("bin/spark-submit");
    Files.createDirectories(submit.getParent());
    Files.writeString(submit, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    Files.setPosixFilePermissions(submit, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> command = new ArrayList<>(List.of("--master", "yarn"));
    command.addAll(List.of(options));
    command.addAll(List.of("train", "--engine", "dl4j"));
    Result result =
        ConvoyProcess.here()
            .with("SPARK_HOME", folder.toString())
            .run(command.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isZero();
    List<String> arguments = result.out().lines().toList();
    return arguments.get(arguments.lastIndexOf("--jars") + 1);
  }
}
