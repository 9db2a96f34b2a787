package org.convoyml.aug.op;

import static org.bytedeco.opencv.global.opencv_core.BORDER_REFLECT_101;
import static org.bytedeco.opencv.global.opencv_core.CV_32FC1;
import static org.bytedeco.opencv.global.opencv_imgproc.GaussianBlur;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.remap;

import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.convoyml.nn.random.KeyedRandom;

/** A smooth random field that moves pixels; owns and reuses what it needs. */
final class Displacement implements AutoCloseable {
  private final Raster fieldX = new Raster();
  private final Raster fieldY = new Raster();
  private final Size automatic = new Size(0, 0);
  private final Scalar black = new Scalar(0, 0, 0, 0);
  private float[] values = new float[0];

  /**
   * Writes the displaced image.
   *
   * @param result of the image's size and type
   */
  void apply(Mat image, KeyedRandom random, double alpha, double sigma, Mat result) {
    int height = image.rows();
    int width = image.cols();
    smooth(fieldX, height, width, random, alpha, sigma, 1, 0);
    smooth(fieldY, height, width, random, alpha, sigma, 0, 1);
    remap(image, result, fieldX.mat(), fieldY.mat(), INTER_LINEAR, BORDER_REFLECT_101, black);
  }

  /** Fills a field with {@code stepX·x + stepY·y} plus a smooth displacement. */
  private void smooth(
      Raster field,
      int height,
      int width,
      KeyedRandom random,
      double alpha,
      double sigma,
      int stepX,
      int stepY) {
    int length = height * width;
    if (values.length < length) {
      values = new float[length];
    }
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.uniform(-alpha, alpha);
    }
    Mat places = field.create(height, width, CV_32FC1);
    field.write(values, length);
    GaussianBlur(places, places, automatic, sigma, sigma, BORDER_REFLECT_101, 0);
    field.read(values, length);
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++, i++) {
        values[i] += stepX * x + stepY * y;
      }
    }
    field.write(values, length);
  }

  @Override
  public void close() {
    fieldX.close();
    fieldY.close();
    automatic.close();
    black.close();
  }
}
