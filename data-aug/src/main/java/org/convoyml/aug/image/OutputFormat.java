package org.convoyml.aug.image;

import java.util.Locale;

/** How an image is written to a file. */
public enum OutputFormat {
  /** Without loss. */
  PNG(".png"),
  /** Smaller, with a loss that depends on the quality. */
  JPEG(".jpg");

  private final String extension;

  OutputFormat(String extension) {
    this.extension = extension;
  }

  /** Of a file's name, with its dot. */
  public String extension() {
    return extension;
  }

  /** As users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
