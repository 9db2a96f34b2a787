package org.convoyml.aug.image;

import org.bytedeco.opencv.opencv_core.Mat;
import org.convoyml.aug.op.PixelSource;

/** What the decoder was told to open. */
record OpenImage(ImageDecoder decoder, int channels) implements PixelSource {
  @Override
  public int height() {
    return decoder.height();
  }

  @Override
  public int width() {
    return decoder.width();
  }

  @Override
  public Mat decode(int reduction) {
    return decoder.decode(reduction);
  }
}
