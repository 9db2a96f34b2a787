package org.convoyml.spark.preflight;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.spark.package$;
import org.convoyml.spark.Versions;
import scala.util.Properties;

/** What this JVM is and where it runs. */
final class ExecutorFacts {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private ExecutorFacts() {}

  static String spark() {
    return "Spark %s, Scala %s"
        .formatted(package$.MODULE$.SPARK_VERSION(), Properties.versionNumberString());
  }

  /** Version and fingerprint of Convoy's classes; a jar lists the checksum of each. */
  static String convoy() {
    try {
      File place =
          new File(ExecutorFacts.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return place.isFile()
          ? "%s (%08x)".formatted(Versions.convoy(), fingerprint(place))
          : Versions.convoy();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long fingerprint(File jar) throws IOException {
    CRC32 sum = new CRC32();
    try (ZipFile zip = new ZipFile(jar)) {
      zip.stream()
          .map(ExecutorFacts::line)
          .sorted()
          .forEach(line -> sum.update(line.getBytes(UTF_8)));
    }
    return sum.getValue();
  }

  private static String line(ZipEntry entry) {
    return entry.getName() + " " + entry.getCrc();
  }

  /** The model of the first processor. */
  static String processor() {
    try (Stream<String> lines = Files.lines(PROCESSORS)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException | UncheckedIOException e) {
      return "unknown";
    }
  }

  static long maxHeap() {
    return Runtime.getRuntime().maxMemory();
  }

  /** Of the container, if it runs in one. */
  static long machineMemory() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }
}
