package org.convoyml.spark.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.convoyml.nn.engine.Engine;

/**
 * Where a model comes from: all that its bits depend on, and nothing else (no time, no host), so
 * that equal runs have equal provenance. Bits are equal on one platform with one number of threads
 * only, hence both are here.
 *
 * @param configuration the training's settings as properties, but for those about where it runs
 * @param data the data set
 * @param images how many images it has
 * @param fingerprint of the images' identities, labels and contents, in hexadecimal
 * @param quarantined how many of them were corrupt and left out
 * @param threadsPerWorker compute threads of each worker
 * @param versions of everything that computes
 */
public record Provenance(
    SortedMap<String, String> configuration,
    String data,
    long images,
    String fingerprint,
    long quarantined,
    int threadsPerWorker,
    SortedMap<String, String> versions) {

  /** Versions of the software and the processor that this JVM runs on. */
  public static SortedMap<String, String> versions(
      String convoyVersion, String sparkVersion, Engine engine) {
    return new TreeMap<>(
        Map.of(
            "convoy",
            convoyVersion,
            "engine",
            engine.name() + ", " + engine.version(),
            "java",
            System.getProperty("java.vendor") + " " + Runtime.version(),
            "platform",
            System.getProperty("os.name") + " " + System.getProperty("os.arch"),
            "processor",
            processor(),
            "spark",
            sparkVersion));
  }

  private static String processor() {
    Path description = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(description)) {
      return "unknown";
    }
    try (var lines = Files.lines(description)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown (" + e.getMessage() + ")";
    }
  }
}
