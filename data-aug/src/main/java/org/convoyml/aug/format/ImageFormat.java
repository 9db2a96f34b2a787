package org.convoyml.aug.format;

/** The kinds of image files that are decoded. */
public enum ImageFormat {
  JPEG("JPEG"),
  PNG("PNG"),
  BMP("BMP"),
  WEBP("WebP"),
  /** Binary grey, {@code P5}. */
  PGM("PGM"),
  /** Binary colour, {@code P6}. */
  PPM("PPM");

  /** All of them, for messages. */
  static final String NAMES = "JPEG, PNG, BMP, WebP or binary PNM image";

  private final String label;

  ImageFormat(String label) {
    this.label = label;
  }

  /** As people write it. */
  public String label() {
    return label;
  }
}
