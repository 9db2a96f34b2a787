package org.convoyml.nn.engine.onednn;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.Map;

/**
 * The number of threads that oneDNN uses on the calling thread. OpenMP keeps it per thread, so
 * workers in one JVM do not disturb each other, and no environment variable has to be set before
 * the JVM starts.
 */
final class OpenMp {
  /**
   * {@code RTLD_LAZY}. JNA's default also makes the library's symbols global, so that another
   * library in the process with a oneDNN of its own would call ours.
   */
  private static final Map<String, Integer> LOCAL = Map.of(Library.OPTION_OPEN_FLAGS, 1);

  private OpenMp() {}

  /**
   * Binds to the OpenMP runtime that the given library is linked with; there may be others in the
   * process.
   *
   * @throws UnsatisfiedLinkError if it is linked with none
   */
  static void bind(String libraryPath) {
    Native.register(OpenMp.class, NativeLibrary.getInstance(libraryPath, LOCAL));
  }

  /** Threads for parallel regions that the calling thread starts. */
  static native void omp_set_num_threads(int threads);
}
