package org.convoyml.aug.image;

import org.convoyml.nn.ConvoyException;

/**
 * Something is wrong with one image, which the others have nothing to do with: it can be left out
 * and named in a report.
 */
public final class CorruptImageException extends ConvoyException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * @param origin names the image
   * @param reason what was expected and what was found, without the origin
   */
  public CorruptImageException(String origin, String reason) {
    this(origin, reason, null);
  }

  /**
   * @param cause what the decoder said, or null
   */
  public CorruptImageException(String origin, String reason, Throwable cause) {
    super(origin + ": " + reason, cause);
    this.reason = reason;
  }

  /** What is wrong, without the image's name. */
  public String reason() {
    return reason;
  }
}
