package org.convoyml.aug.op;

import static org.bytedeco.opencv.global.opencv_core.BORDER_CONSTANT;
import static org.bytedeco.opencv.global.opencv_core.BORDER_REFLECT_101;
import static org.bytedeco.opencv.global.opencv_core.CV_64F;
import static org.bytedeco.opencv.global.opencv_core.copyMakeBorder;
import static org.bytedeco.opencv.global.opencv_core.flip;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.WARP_INVERSE_MAP;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;
import static org.bytedeco.opencv.global.opencv_imgproc.warpAffine;
import static org.bytedeco.opencv.global.opencv_imgproc.warpPerspective;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Makes an image of another by a {@link PendingGeometry}, in the cheapest way that is right: whole
 * pixels are copied; the rest is interpolated bilinearly, but averaged over areas where it shrinks
 * to a half or less, as bilinear interpolation alone would skip pixels.
 */
final class Resampler implements AutoCloseable {
  /** From here on half a pixel of the source is too little of the result's to interpolate for. */
  private static final double COARSE = 1.5;

  /**
   * Up to here bilinear interpolation reads every pixel, and is what PIL and torchvision do to an
   * image that is enlarged; an average over areas takes five times as long.
   */
  private static final double HALF = 2;

  private final Mat affine = new Mat(2, 3, CV_64F);
  private final DoublePointer affineValues = new DoublePointer(affine.data());
  private final Mat projective = new Mat(3, 3, CV_64F);
  private final DoublePointer projectiveValues = new DoublePointer(projective.data());
  private final Raster shrunk = new Raster();
  private final Mat from = new Mat();
  private final Mat to = new Mat();
  private final Size size = new Size();
  private final Scalar black = new Scalar(0, 0, 0, 0);

  /**
   * @param image 8 bits; not changed
   * @param map from the result to the image; changed
   * @param result has the map's size and the image's type, and other memory
   */
  void resample(Mat image, PendingGeometry map, Border border, Mat result) {
    if (map.isShift()) {
      shift(image, map, border, result);
    } else if (!shrinkArea(image, map, result)) {
      interpolate(image, map, border, result);
    }
  }

  /** Copies what is inside the image and leaves the rest to the border. */
  private void shift(Mat image, PendingGeometry map, Border border, Mat result) {
    boolean flipX = map.xx() < 0;
    boolean flipY = map.yy() < 0;
    int left = (int) Math.rint(map.x0()) - (flipX ? map.width() - 1 : 0);
    int top = (int) Math.rint(map.y0()) - (flipY ? map.height() - 1 : 0);
    int missingLeft = Math.min(Math.max(0, -left), map.width());
    int missingTop = Math.min(Math.max(0, -top), map.height());
    int missingRight = Math.min(Math.max(0, left + map.width() - image.cols()), map.width());
    int missingBottom = Math.min(Math.max(0, top + map.height() - image.rows()), map.height());
    int width = map.width() - missingLeft - missingRight;
    int height = map.height() - missingTop - missingBottom;
    boolean whole = width == map.width() && height == map.height();
    if (border == Border.REFLECT
        && (Math.max(missingLeft, missingRight) >= width
            || Math.max(missingTop, missingBottom) >= height)) {
      // More is mirrored than is copied. At whole pixels interpolation changes no value either.
      interpolate(image, map, border, result);
      return;
    }
    if (width <= 0 || height <= 0) {
      result.put(black);
      return;
    }
    view(image, left + missingLeft, top + missingTop, width, height, from);
    if (!whole && border == Border.REFLECT) {
      copyMakeBorder(
          from, result, missingTop, missingBottom, missingLeft, missingRight, BORDER_REFLECT_101);
      flipInPlace(result, flipX, flipY);
    } else {
      if (!whole) {
        result.put(black);
      }
      // In the result what is missing on the left is on the right if that is flipped.
      view(
          result,
          flipX ? missingRight : missingLeft,
          flipY ? missingBottom : missingTop,
          width,
          height,
          to);
      if (flipX || flipY) {
        flip(from, to, flipCode(flipX, flipY));
      } else {
        from.copyTo(to);
      }
    }
    from.release();
    to.release();
  }

  /**
   * Averages a rectangle of the image if that is what the map means, or nearly so.
   *
   * @return false if it does not
   */
  private boolean shrinkArea(Mat image, PendingGeometry map, Mat result) {
    if (!map.isUpright()) {
      return false;
    }
    double spanX = map.xx() * map.width();
    double spanY = map.yy() * map.height();
    // The edge of a pixel lies half a pixel before its middle.
    double x = map.x0() - map.xx() / 2 + 0.5 + Math.min(0, spanX);
    double y = map.y0() - map.yy() / 2 + 0.5 + Math.min(0, spanY);
    int left = (int) Math.rint(x);
    int top = (int) Math.rint(y);
    int right = (int) Math.rint(x + Math.abs(spanX));
    int bottom = (int) Math.rint(y + Math.abs(spanY));
    boolean integers =
        isNear(x, left)
            && isNear(y, top)
            && isNear(x + Math.abs(spanX), right)
            && isNear(y + Math.abs(spanY), bottom);
    double least = Math.min(Math.abs(map.xx()), Math.abs(map.yy()));
    if (!integers && least < COARSE) {
      return false;
    }
    if (!integers) {
      // A source that was reduced may end half a pixel early.
      left = Math.max(left, 0);
      top = Math.max(top, 0);
      right = right == image.cols() + 1 ? image.cols() : right;
      bottom = bottom == image.rows() + 1 ? image.rows() : bottom;
    }
    if (x < -0.6 || y < -0.6 || right > image.cols() || bottom > image.rows()) {
      return false;
    }
    view(image, left, top, right - left, bottom - top, from);
    size.width(map.width()).height(map.height());
    resize(from, result, size, 0, 0, least >= HALF ? INTER_AREA : INTER_LINEAR);
    from.release();
    flipInPlace(result, map.xx() < 0, map.yy() < 0);
    return true;
  }

  private void interpolate(Mat image, PendingGeometry map, Border border, Mat result) {
    Mat source = image;
    int factor = (int) map.leastShrinkage();
    if (factor >= 2 && factor <= Math.min(image.rows(), image.cols())) {
      int height = image.rows() / factor;
      int width = image.cols() / factor;
      source = shrunk.create(height, width, image.type());
      size.width(width).height(height);
      resize(image, source, size, 0, 0, INTER_AREA);
      map.shrinkSource((double) image.cols() / width, (double) image.rows() / height);
    }
    int mode = border == Border.BLACK ? BORDER_CONSTANT : BORDER_REFLECT_101;
    size.width(map.width()).height(map.height());
    if (map.isAffine()) {
      affineValues.put(0, map.xx()).put(1, map.xy()).put(2, map.x0());
      affineValues.put(3, map.yx()).put(4, map.yy()).put(5, map.y0());
      warpAffine(source, result, affine, size, INTER_LINEAR | WARP_INVERSE_MAP, mode, black);
    } else {
      projectiveValues.put(0, map.xx()).put(1, map.xy()).put(2, map.x0());
      projectiveValues.put(3, map.yx()).put(4, map.yy()).put(5, map.y0());
      projectiveValues.put(6, map.wx()).put(7, map.wy()).put(8, map.w0());
      warpPerspective(
          source, result, projective, size, INTER_LINEAR | WARP_INVERSE_MAP, mode, black);
    }
  }

  private static void view(Mat image, int x, int y, int width, int height, Mat view) {
    view.put(image);
    view.adjustROI(-y, y + height - image.rows(), -x, x + width - image.cols());
  }

  private static void flipInPlace(Mat image, boolean flipX, boolean flipY) {
    if (flipX || flipY) {
      flip(image, image, flipCode(flipX, flipY));
    }
  }

  /** As OpenCV numbers them. */
  private static int flipCode(boolean flipX, boolean flipY) {
    return flipX && flipY ? -1 : flipX ? 1 : 0;
  }

  private static boolean isNear(double value, int integer) {
    return PendingGeometry.isZero(value - integer);
  }

  @Override
  public void close() {
    affineValues.close();
    affine.close();
    projectiveValues.close();
    projective.close();
    shrunk.close();
    from.close();
    to.close();
    size.close();
    black.close();
  }
}
