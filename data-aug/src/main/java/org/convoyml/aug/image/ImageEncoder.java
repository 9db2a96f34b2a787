package org.convoyml.aug.image;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Encodes 8-bit images, grey or red, green, blue. Owns native buffers and reuses them: for one
 * thread, and close it.
 */
final class ImageEncoder implements AutoCloseable {
  private final BytePointer extension;
  private final IntPointer parameters;
  private final Mat converted = new Mat();
  private final BytePointer encoded = new BytePointer();

  /**
   * @param quality of JPEGs, 1 to 100
   */
  ImageEncoder(OutputFormat format, int quality) {
    if (quality < 1 || quality > 100) {
      throw new IllegalArgumentException("quality must be 1 to 100, got " + quality);
    }
    this.extension = new BytePointer(format.extension());
    this.parameters =
        format == OutputFormat.JPEG
            ? new IntPointer(IMWRITE_JPEG_QUALITY, quality)
            : new IntPointer(0);
  }

  /** The image as a file. */
  byte[] encode(Mat image) {
    Mat stored = image;
    if (image.channels() == 3) {
      cvtColor(image, converted, COLOR_RGB2BGR);
      stored = converted;
    }
    if (!imencode(extension, stored, encoded, parameters)) {
      throw new IllegalStateException(
          "cannot encode a %d×%d image".formatted(image.rows(), image.cols()));
    }
    byte[] file = new byte[Math.toIntExact(encoded.limit())];
    encoded.get(file);
    return file;
  }

  @Override
  public void close() {
    extension.close();
    parameters.close();
    converted.close();
    encoded.close();
  }
}
