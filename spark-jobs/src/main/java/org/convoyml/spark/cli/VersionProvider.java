package org.convoyml.spark.cli;

import org.convoyml.spark.Versions;
import picocli.CommandLine.IVersionProvider;

/** What {@code convoy --version} prints. */
final class VersionProvider implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "convoy %s (Java %s, %s)"
          .formatted(
              Versions.convoy(), System.getProperty("java.version"), System.getProperty("os.arch"))
    };
  }
}
