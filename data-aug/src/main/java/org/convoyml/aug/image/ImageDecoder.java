package org.convoyml.aug.image;

import static org.bytedeco.opencv.global.opencv_core.flip;
import static org.bytedeco.opencv.global.opencv_core.setNumThreads;
import static org.bytedeco.opencv.global.opencv_core.transpose;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_GRAYSCALE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_2;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_4;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_8;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;

import org.bytedeco.opencv.opencv_core.Mat;
import org.convoyml.aug.format.ImageFormat;
import org.convoyml.aug.format.ImageHeader;
import org.convoyml.nn.spec.Shape;

/**
 * Decodes JPEG, PNG, BMP, WebP and binary PNM files to 8-bit images. Photographs are turned upright
 * as their EXIF data say; transparency is dropped, which uncovers the colours below it (as PIL's
 * {@code convert("RGB")} does); of 16 bits the upper 8 are taken. Owns native buffers and reuses
 * them: for one thread, and close it.
 */
public final class ImageDecoder implements AutoCloseable {
  /** Larger images are refused unless more are allowed. */
  public static final long MAX_PIXELS = 50_000_000;

  private final int flags;
  private final ImageInspector inspector;
  private final ImageHeader header;
  private final EncodedBuffer encoded = new EncodedBuffer();
  private final Mat decoded = new Mat();
  private final Mat turned = new Mat();
  private String origin;
  private byte[] content;

  /** For images of at most {@link #MAX_PIXELS}. */
  public ImageDecoder(int channels) {
    this(channels, MAX_PIXELS);
  }

  /**
   * @param channels 1 for grey, 3 for red, green, blue; images are converted
   * @param maxPixels larger images are refused before memory is spent on them; decoding takes up to
   *     9 bytes for each pixel, and 3 remain in use
   */
  public ImageDecoder(int channels, long maxPixels) {
    this.flags =
        IMREAD_IGNORE_ORIENTATION
            | switch (channels) {
              case 1 -> IMREAD_GRAYSCALE;
              case 3 -> IMREAD_COLOR_RGB;
              default ->
                  throw new IllegalArgumentException("channels must be 1 or 3, got " + channels);
            };
    this.inspector = new ImageInspector(maxPixels);
    this.header = inspector.header();
    // A task slot is one thread; OpenCV's own pool would fight with the other tasks for the cores.
    setNumThreads(1);
  }

  /**
   * Reads an image's header and checks that the file is whole; decodes nothing yet.
   *
   * @param newOrigin names the image in messages
   * @param newContent the whole file; not copied
   * @throws CorruptImageException if it is no image, damaged, or too large
   */
  public void open(String newOrigin, byte[] newContent) {
    content = null;
    inspector.inspect(newOrigin, newContent);
    origin = newOrigin;
    content = newContent;
  }

  /** Rows of the open image, upright, in full size. */
  public int height() {
    return opened().height();
  }

  /** Columns of the open image, upright, in full size. */
  public int width() {
    return opened().width();
  }

  /**
   * Decodes the open image, a JPEG perhaps to a fraction of its size, which is faster than decoding
   * all of it and shrinking that.
   *
   * @param reduction 1, 2, 4 or 8: each side of a JPEG becomes {@code ⌈side / reduction⌉}; other
   *     formats stay as they are
   * @return (H', W', C) bytes without gaps; a buffer of this object, valid until the next call, not
   *     the caller's to release
   * @throws CorruptImageException if it cannot be decoded
   */
  public Mat decode(int reduction) {
    // Of other formats OpenCV would decode all and shrink it.
    int divisor = opened().format() == ImageFormat.JPEG ? reduction : 1;
    int how = flags | reducedBy(divisor);
    encoded.fill(header.format(), content);
    // What it returns is one more handle of the buffer it was given, or empty: then that buffer has
    // nothing to go by, perhaps the image before.
    boolean found;
    try (Mat result = imdecode(encoded.bytes(), how, decoded)) {
      found = !result.empty();
    } catch (RuntimeException e) {
      throw damaged(e);
    }
    if (!found) {
      throw damaged(null);
    }
    Mat upright = turnUpright();
    if (upright.rows() != ceilDivide(header.height(), divisor)
        || upright.cols() != ceilDivide(header.width(), divisor)) {
      // A file that two readers understand differently, though we know of none: no reason to stop.
      throw new CorruptImageException(
          origin,
          "expected %d×%d pixels as the header says, found %d×%d with divisor %d"
              .formatted(header.height(), header.width(), upright.rows(), upright.cols(), divisor));
    }
    return upright;
  }

  /**
   * Opens and decodes an image; see {@link #open} and {@link #decode(int)}.
   *
   * @param newOrigin names the image in messages
   * @param newContent the whole file
   */
  public Mat decode(String newOrigin, byte[] newContent, int reduction) {
    open(newOrigin, newContent);
    return decode(reduction);
  }

  /** Opens and decodes an image in full size. */
  public Mat decode(String newOrigin, byte[] newContent) {
    return decode(newOrigin, newContent, 1);
  }

  /**
   * The shape of an image by what its file says: 1 channel if it is grey, otherwise 3.
   *
   * @throws CorruptImageException as {@link #open} does
   */
  public static Shape shapeOf(String origin, byte[] content, long maxPixels) {
    ImageInspector inspector = new ImageInspector(maxPixels);
    inspector.inspect(origin, content);
    return inspector.shape();
  }

  @Override
  public void close() {
    encoded.close();
    decoded.close();
    turned.close();
  }

  private ImageHeader opened() {
    if (content == null) {
      throw new IllegalStateException("no image is open");
    }
    return header;
  }

  private Mat turnUpright() {
    int orientation = header.orientation();
    if (orientation == 1) {
      return decoded;
    }
    if (header.isTransposed()) {
      transpose(decoded, turned);
    }
    Mat from = header.isTransposed() ? turned : decoded;
    switch (orientation) {
      case 2, 6 -> flip(from, turned, 1);
      case 3, 7 -> flip(from, turned, -1);
      case 4, 8 -> flip(from, turned, 0);
      default -> {
        // 5 is the transposition alone.
      }
    }
    return turned;
  }

  private static int reducedBy(int divisor) {
    return switch (divisor) {
      case 1 -> 0;
      case 2 -> IMREAD_REDUCED_GRAYSCALE_2;
      case 4 -> IMREAD_REDUCED_GRAYSCALE_4;
      case 8 -> IMREAD_REDUCED_GRAYSCALE_8;
      default ->
          throw new IllegalArgumentException("reduction must be 1, 2, 4 or 8, got " + divisor);
    };
  }

  private static int ceilDivide(int side, int divisor) {
    return (side + divisor - 1) / divisor;
  }

  private CorruptImageException damaged(Throwable cause) {
    return new CorruptImageException(
        origin,
        "expected a %s image, found one that cannot be decoded".formatted(header.format().label()),
        cause);
  }
}
