package org.convoyml.aug.op;

import static org.bytedeco.opencv.global.opencv_core.BORDER_REFLECT_101;
import static org.bytedeco.opencv.global.opencv_core.CV_64F;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.transform;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_GRAYSCALE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.FILLED;
import static org.bytedeco.opencv.global.opencv_imgproc.GaussianBlur;
import static org.bytedeco.opencv.global.opencv_imgproc.LINE_8;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.rectangle;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/** Filters by OpenCV; owns and reuses what they need. */
final class PixelFilters implements AutoCloseable {
  private final Mat matrix = new Mat(3, 4, CV_64F);
  private final DoublePointer matrixValues = new DoublePointer(matrix.data());
  private final Size automatic = new Size(0, 0);
  private final Point first = new Point();
  private final Point last = new Point();
  private final Scalar level = new Scalar();
  private final BytePointer jpegExtension = new BytePointer(".jpg");
  private final BytePointer encoded = new BytePointer();
  private final IntPointer jpegParameters = new IntPointer(IMWRITE_JPEG_QUALITY, 0);
  private final Mat converted = new Mat();

  void colourMatrix(Mat image, double[] values, Mat result) {
    matrixValues.put(values, 0, 12);
    transform(image, result, matrix);
  }

  void blur(Mat image, double sigma, Mat result) {
    GaussianBlur(image, result, automatic, sigma, sigma, BORDER_REFLECT_101, 0);
  }

  void jpeg(Mat image, int quality, Mat result) {
    jpegParameters.put(1, quality);
    boolean colour = image.channels() == 3;
    if (colour) {
      cvtColor(image, converted, COLOR_RGB2BGR);
    }
    imencode(jpegExtension, colour ? converted : image, encoded, jpegParameters);
    try (Mat file = new Mat(1, Math.toIntExact(encoded.limit()), CV_8UC1, encoded)) {
      imdecode(file, colour ? IMREAD_COLOR : IMREAD_GRAYSCALE, result).close();
    }
    if (colour) {
      cvtColor(result, result, COLOR_RGB2BGR);
    }
  }

  void erase(Mat image, int x, int y, int height, int width, int value) {
    if (height > 0 && width > 0) {
      first.x(x).y(y);
      last.x(x + width - 1).y(y + height - 1);
      for (int i = 0; i < 4; i++) {
        level.put(i, value);
      }
      rectangle(image, first, last, level, FILLED, LINE_8, 0);
    }
  }

  @Override
  public void close() {
    matrixValues.close();
    matrix.close();
    automatic.close();
    first.close();
    last.close();
    level.close();
    jpegExtension.close();
    encoded.close();
    jpegParameters.close();
    converted.close();
  }
}
