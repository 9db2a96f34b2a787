package org.convoyml.aug.op;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC;
import static org.bytedeco.opencv.global.opencv_core.LUT;

import java.util.Arrays;
import org.bytedeco.opencv.opencv_core.Mat;

/** What each level of each channel will become: tables composed to one. */
final class PendingLookup implements AutoCloseable {
  private static final int LEVELS = 256;

  private final Raster table = new Raster();
  private byte[] levels = new byte[0]; // (C, 256)
  private byte[] interleaved = new byte[0]; // (256, C), as OpenCV wants them
  private boolean identity = true;

  /** Nothing is asked for. */
  void reset(int channels) {
    if (levels.length != channels * LEVELS) {
      levels = new byte[channels * LEVELS];
      interleaved = new byte[channels * LEVELS];
    }
    identity = true;
  }

  boolean isIdentity() {
    return identity;
  }

  /**
   * Looks up what the tables so far give.
   *
   * @param next 256 levels for all channels, or (C, 256)
   */
  void then(byte[] next) {
    if (next.length != LEVELS && next.length != levels.length) {
      throw new IllegalArgumentException(
          "expected a table of %d or %d levels, got %d"
              .formatted(LEVELS, levels.length, next.length));
    }
    boolean forAll = next.length == LEVELS;
    for (int i = 0; i < levels.length; i++) {
      int level = identity ? i % LEVELS : levels[i] & 0xFF;
      levels[i] = next[forAll ? level : i / LEVELS * LEVELS + level];
    }
    identity = false;
  }

  /** Writes what the tables make of an image into another of the same size and type. */
  void apply(Mat image, Mat result) {
    int channels = levels.length / LEVELS;
    for (int i = 0; i < levels.length; i++) {
      interleaved[i % LEVELS * channels + i / LEVELS] = levels[i];
    }
    Mat tables = table.create(1, LEVELS, CV_8UC(channels));
    table.write(interleaved, interleaved.length);
    LUT(image, tables, result);
  }

  /** The table as it is, (C, 256). */
  byte[] levels() {
    return Arrays.copyOf(levels, levels.length);
  }

  @Override
  public void close() {
    table.close();
  }
}
