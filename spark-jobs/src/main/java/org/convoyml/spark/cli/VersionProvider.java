package org.convoyml.spark.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code convoy --version} prints. Maven writes the version into a resource. */
final class VersionProvider implements IVersionProvider {
  private static final String RESOURCE = "version.properties";

  @Override
  public String[] getVersion() throws IOException {
    return new String[] {
      "convoy %s (Java %s, %s)"
          .formatted(version(), System.getProperty("java.version"), System.getProperty("os.arch"))
    };
  }

  static String version() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = VersionProvider.class.getResourceAsStream(RESOURCE)) {
      properties.load(Objects.requireNonNull(in, RESOURCE + " is not on the classpath"));
    }
    return properties.getProperty("version");
  }
}
