package org.convoyml.aug.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.convoyml.aug.format.ImageFormat;
import org.convoyml.aug.format.Png;

/** Native memory for the bytes of a file; grows, and is given back after a very large one. */
final class EncodedBuffer implements AutoCloseable {
  private static final int LEAST = 1 << 16;
  private static final int MOST_KEPT = 1 << 24;

  private BytePointer memory = new BytePointer(0);
  private ByteBuffer view = memory.asBuffer();
  private Mat bytes = new Mat();

  /** Takes a file in. */
  void fill(ImageFormat format, byte[] content) {
    long capacity = memory.capacity();
    if (content.length > capacity || (capacity > MOST_KEPT && content.length <= MOST_KEPT)) {
      allocate(Math.max(LEAST, content.length + content.length / 4));
    }
    view.clear();
    if (format == ImageFormat.PNG) {
      Png.copyPixels(content, view);
    } else {
      view.put(content);
    }
    // A row of fewer columns than were allocated.
    bytes.cols(view.position());
  }

  /** (1, length) bytes. */
  Mat bytes() {
    return bytes;
  }

  private void allocate(int capacity) {
    close();
    memory = new BytePointer(capacity);
    view = memory.asBuffer();
    bytes = new Mat(1, capacity, CV_8UC1, memory);
  }

  @Override
  public void close() {
    bytes.close();
    memory.close();
  }
}
