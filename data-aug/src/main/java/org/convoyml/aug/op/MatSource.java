package org.convoyml.aug.op;

import org.bytedeco.opencv.opencv_core.Mat;

/**
 * An image that is decoded already.
 *
 * @param image 8 bits, one or three channels; not released here
 */
public record MatSource(Mat image) implements PixelSource {
  @Override
  public int height() {
    return image.rows();
  }

  @Override
  public int width() {
    return image.cols();
  }

  @Override
  public int channels() {
    return image.channels();
  }

  @Override
  public Mat decode(int reduction) {
    return image;
  }
}
