package org.convoyml.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.spark.serializer.KryoSerializer;
import org.convoyml.spark.ConvoyKryoRegistrator;
import org.convoyml.spark.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One driver that lives long, as that of a notebook. */
@Timeout(240)
class SessionIT {
  @TempDir private Path folder;

  @Test
  void itTrainsAgainAfterAnInterruptionAndDoesNotWaitForEverForExecutors() throws IOException {
    try (TestCluster cluster =
        TestCluster.start(folder.resolve("cluster"), ClusterLayout.of(2, 1))) {
      Map<String, String> settings = settings(cluster.sparkUrl());
      settings.put("spark.cores.max", "2");
      settings.put("spark.executor.cores", "1");
      settings.put("spark.executor.memory", "700m");
      settings.put("spark.convoy.noExecutorsTimeout", "3s");
      run(
          settings,
          driver -> {
            cluster.daemons().stream()
                .filter(daemon -> daemon.name().startsWith("worker"))
                .flatMap(Daemon::descendants)
                .forEach(ProcessHandle::destroyForcibly);
            driver.await(
                Pattern.compile(
                    "(there was no executor for 3 s \\(spark.convoy.noExecutorsTimeout)"));
          });
    }
  }

  @Test
  void itEndsWhereDriverAndExecutorAreOneProcess() throws IOException {
    run(settings("local[2]"), driver -> {});
  }

  private static Map<String, String> settings(String master) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("spark.master", master);
    settings.put("spark.app.name", "session");
    settings.put("spark.serializer", KryoSerializer.class.getName());
    settings.put("spark.kryo.registrator", ConvoyKryoRegistrator.class.getName());
    settings.put("spark.kryo.registrationRequired", "true");
    return settings;
  }

  /** Runs the driver to its end, and does something to it when it has trained for the last time. */
  private void run(Map<String, String> settings, Consumer<Daemon> afterwards) throws IOException {
    Path data = Samples.mnist(folder.resolve("digits"), 100);
    Path log = folder.resolve("driver.log");
    Daemon driver =
        Daemon.start(
            "driver",
            Commands.driver(SessionDriver.class, settings, data, folder),
            Commands.ENVIRONMENT,
            log,
            Duration.ofSeconds(200));
    try {
      for (String sign : List.of(SessionDriver.TRAINED, SessionDriver.ENDED, SessionDriver.SAME)) {
        driver.await(Pattern.compile("(" + sign + ")"));
      }
      assertThat(log).content().contains("interrupted while training");
      afterwards.accept(driver);
      driver.process().ifPresent(process -> Processes.awaitEnd(process, "the driver"));
    } finally {
      driver.descendants().forEach(ProcessHandle::destroyForcibly);
    }
    assertThat(Files.readString(log)).doesNotContain("warning: ");
  }
}
