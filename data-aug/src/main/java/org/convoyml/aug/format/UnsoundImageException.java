package org.convoyml.aug.format;

/** An image file is not what it must be. The message says what was expected and what was found. */
public final class UnsoundImageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsoundImageException(String message) {
    super(message);
  }
}
