package org.convoyml.aug.op;

import static org.bytedeco.opencv.global.opencv_core.BORDER_CONSTANT;
import static org.bytedeco.opencv.global.opencv_core.CV_64F;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.warpAffine;

import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.convoyml.nn.random.KeyedRandom;

/**
 * Applies operations to one image after another. Owns its native buffers and reuses them: one
 * thread, and close it.
 */
public final class ImageAugmenter implements AutoCloseable {
  private final List<ImageOp> ops;
  private final KeyedRandom random = KeyedRandom.of();
  private final Mat result = new Mat();
  private final Mat matrix = new Mat(2, 3, CV_64F);
  private final double[] matrixValues = new double[6];
  private final Size size = new Size();
  private final Scalar black = new Scalar(0, 0, 0, 0);

  public ImageAugmenter(List<ImageOp> ops) {
    this.ops = List.copyOf(ops);
  }

  /**
   * Applies the operations in order; the one at index {@code i} draws from {@code (seed, epoch, id,
   * i)}.
   *
   * @param image 8 bits, any number of channels; not changed
   * @return the image itself if nothing moved, otherwise a buffer of this object that is valid
   *     until the next call; not the caller's to release
   */
  public Mat apply(Mat image, long seed, long epoch, long id) {
    AffineMap map = AffineMap.IDENTITY;
    for (int i = 0; i < ops.size(); i++) {
      random.reset(seed, epoch, id, i);
      if (ops.get(i) instanceof AffineOp affine) {
        map = map.then(affine.draw(random, image.rows(), image.cols()));
      }
    }
    return map.isIdentity() ? image : warp(image, map);
  }

  private Mat warp(Mat image, AffineMap map) {
    matrixValues[0] = map.xx();
    matrixValues[1] = map.xy();
    matrixValues[2] = map.x0();
    matrixValues[3] = map.yx();
    matrixValues[4] = map.yy();
    matrixValues[5] = map.y0();
    new DoublePointer(matrix.data()).put(matrixValues);
    size.width(image.cols()).height(image.rows());
    warpAffine(image, result, matrix, size, INTER_LINEAR, BORDER_CONSTANT, black);
    return result;
  }

  @Override
  public void close() {
    result.close();
    matrix.close();
    size.close();
    black.close();
  }
}
