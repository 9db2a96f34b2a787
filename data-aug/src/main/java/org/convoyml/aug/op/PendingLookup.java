package org.convoyml.aug.op;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC;
import static org.bytedeco.opencv.global.opencv_core.LUT;

import org.bytedeco.opencv.opencv_core.Mat;

/** What each level of each channel will become: tables composed to one. */
final class PendingLookup implements AutoCloseable {
  private static final int LEVELS = 256;

  private final Raster table = new Raster();
  private byte[] levels = new byte[0]; // (C, 256)
  private byte[] interleaved = new byte[0]; // (256, C), as OpenCV wants them
  private float[] composedValues = new float[0]; // (C, 256)
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

  /** The same in the Java heap; both may be one array. */
  void apply(byte[] image, int length, byte[] result) {
    int channels = levels.length / LEVELS;
    for (int c = 0; c < channels; c++) {
      int first = c * LEVELS;
      for (int i = c; i < length; i += channels) {
        result[i] = levels[first + (image[i] & 0xFF)];
      }
    }
  }

  /**
   * What levels become that are looked up here first.
   *
   * @param values what each level of each channel becomes, (C, 256)
   * @return the same for levels before these tables; valid until the next call
   */
  float[] composed(float[] values) {
    if (identity) {
      return values;
    }
    if (composedValues.length != levels.length) {
      composedValues = new float[levels.length];
    }
    for (int i = 0; i < levels.length; i++) {
      composedValues[i] = values[i / LEVELS * LEVELS + (levels[i] & 0xFF)];
    }
    return composedValues;
  }

  /** The table as it is, (C, 256); not to be changed, and valid until {@link #then}. */
  byte[] table() {
    if (identity) {
      for (int i = 0; i < levels.length; i++) {
        levels[i] = (byte) i;
      }
    }
    return levels;
  }

  @Override
  public void close() {
    table.close();
  }
}
