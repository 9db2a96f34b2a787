package org.convoyml.dl4j.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which Deeplearning4j this module was built with; Maven fills it in. */
final class Dl4jBuild {
  private static final Properties PROPERTIES = load();

  private Dl4jBuild() {}

  private static Properties load() {
    Properties properties = new Properties();
    try (InputStream in = Dl4jBuild.class.getResourceAsStream("dl4j.properties")) {
      properties.load(in);
      return properties;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String version() {
    return PROPERTIES.getProperty("version");
  }

  /** The classifier of ND4J's native library, such as {@code linux-x86_64-onednn-avx2}. */
  static String natives() {
    return PROPERTIES.getProperty("natives");
  }

  /** What a processor must have for it, as {@code /proc/cpuinfo} calls it. */
  static String processorFeature() {
    String natives = natives();
    if (natives.endsWith("avx512")) {
      return "avx512f";
    }
    return natives.endsWith("avx2") ? "avx2" : "sse2";
  }
}
