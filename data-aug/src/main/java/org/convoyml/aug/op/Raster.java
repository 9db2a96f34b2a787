package org.convoyml.aug.op;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * A native image that is written over and over. Its memory stays while its size does, and so does
 * the Java object that points to it: asking OpenCV for the pointer would make a new one each time.
 */
final class Raster implements AutoCloseable {
  private final Mat mat = new Mat();
  private BytePointer bytes;
  private FloatPointer floats;

  /** The image, made to be of this size and type; what is in it is undefined. */
  Mat create(int height, int width, int type) {
    if (mat.rows() != height || mat.cols() != width || mat.type() != type) {
      forget();
      mat.create(height, width, type);
    }
    return mat;
  }

  Mat mat() {
    return mat;
  }

  /** Copies all of an image without gaps, (H, W, C), from native memory. */
  void read(byte[] into, int length) {
    bytes().get(into, 0, length);
  }

  /** Copies all of an image without gaps, (H, W, C), to native memory. */
  void write(byte[] from, int length) {
    bytes().put(from, 0, length);
  }

  /** The same for an image of floats. */
  void read(float[] into, int length) {
    floats().get(into, 0, length);
  }

  /** The same for an image of floats. */
  void write(float[] from, int length) {
    floats().put(from, 0, length);
  }

  private FloatPointer floats() {
    if (floats == null) {
      floats = new FloatPointer(bytes());
    }
    return floats;
  }

  private BytePointer bytes() {
    if (bytes == null) {
      bytes = mat.data();
    }
    return bytes;
  }

  private void forget() {
    if (floats != null) {
      floats.close();
      floats = null;
    }
    if (bytes != null) {
      bytes.close();
      bytes = null;
    }
  }

  @Override
  public void close() {
    forget();
    mat.close();
  }
}
