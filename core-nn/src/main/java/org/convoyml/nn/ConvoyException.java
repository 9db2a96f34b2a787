package org.convoyml.nn;

/**
 * Something outside the program is not as it must be: a file, a data set, a network description, a
 * cluster. The message is one line that a user can act on: what is wrong, where, what was expected,
 * what was found. Line breaks in names that it quotes become spaces.
 *
 * <p>Mistakes of the calling code are {@link IllegalArgumentException} and {@link
 * IllegalStateException} instead.
 */
public class ConvoyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConvoyException(String message) {
    super(oneLine(message));
  }

  public ConvoyException(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  private static String oneLine(String message) {
    return message.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
  }
}
