package org.convoyml.aug.image;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;

/**
 * Keeps what native libraries write to standard error off the console: libjpeg and libpng tell
 * about every damaged file. Java's own {@code System.err} is silent as long.
 */
final class NativeStandardError implements AutoCloseable {
  private static final NativeLibrary LIBRARY = NativeLibrary.getProcess();
  private static final int STANDARD_ERROR = 2;
  private static final int WRITE_ONLY = 1;

  private final int kept;

  private NativeStandardError(int kept) {
    this.kept = kept;
  }

  /** Silences it until it is closed. */
  static NativeStandardError silenced() {
    int kept = call("dup", STANDARD_ERROR);
    int nowhere = call("open", "/dev/null", WRITE_ONLY);
    call("dup2", nowhere, STANDARD_ERROR);
    call("close", nowhere);
    return new NativeStandardError(kept);
  }

  @Override
  public void close() {
    call("dup2", kept, STANDARD_ERROR);
    call("close", kept);
  }

  private static int call(String name, Object... arguments) {
    Function function = LIBRARY.getFunction(name);
    int result = function.invokeInt(arguments);
    if (result < 0) {
      throw new IllegalStateException(name + " failed");
    }
    return result;
  }
}
