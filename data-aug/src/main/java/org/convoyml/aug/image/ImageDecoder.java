package org.convoyml.aug.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.setNumThreads;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_ANYCOLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_GRAYSCALE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_2;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_4;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_8;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;

import org.bytedeco.opencv.opencv_core.Mat;
import org.convoyml.nn.spec.Shape;

/**
 * Decodes JPEG, PNG and binary PNM files to 8-bit images. Photographs are turned upright as their
 * EXIF data says; transparency is dropped. Owns native buffers and reuses them: for one thread, and
 * close it.
 */
public final class ImageDecoder implements AutoCloseable {
  /** Larger images are refused before memory is spent on them. */
  public static final long MAX_PIXELS = 50_000_000;

  private static final int AS_STORED = 0;

  private final int flags;
  private final Mat encoded = new Mat();
  private final Mat decoded = new Mat();
  private String origin;
  private byte[] content;
  private ImageHeader header;

  /**
   * @param channels 1 for grey, 3 for red, green, blue; images are converted
   */
  public ImageDecoder(int channels) {
    this.flags =
        switch (channels) {
          case 1 -> IMREAD_GRAYSCALE;
          case AS_STORED -> IMREAD_ANYCOLOR;
          default -> IMREAD_COLOR_RGB;
        };
    // A task slot is one thread; OpenCV's own pool would fight with the other tasks for the cores.
    setNumThreads(1);
  }

  /**
   * Reads an image's header and checks that the file is whole; decodes nothing yet.
   *
   * @param newOrigin names the image in messages
   * @param newContent the whole file; not copied
   * @throws CorruptImageException if it is no image, damaged, or larger than {@link #MAX_PIXELS}
   */
  public void open(String newOrigin, byte[] newContent) {
    header = null;
    ImageHeader found = ImageHeader.read(newOrigin, newContent);
    if (found.pixels() > MAX_PIXELS) {
      throw new CorruptImageException(
          newOrigin,
          "expected at most %d pixels, found %d×%d"
              .formatted(MAX_PIXELS, found.height(), found.width()));
    }
    ImageIntegrity.check(newOrigin, found, newContent);
    origin = newOrigin;
    content = newContent;
    header = found;
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
    int how = flags | reducedBy(opened(), reduction);
    encoded.create(1, content.length, CV_8UC1);
    encoded.data().put(content, 0, content.length);
    // What it returns is one more handle of the buffer it was given, or empty: then that buffer has
    // nothing to go by, perhaps the image before.
    try (Mat result = imdecode(encoded, how, decoded)) {
      if (result.empty()) {
        throw damaged(null);
      }
    } catch (CorruptImageException e) {
      throw e;
    } catch (RuntimeException e) {
      throw damaged(e);
    }
    return decoded;
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
   * The shape of an image as it is stored: 1 channel if it is grey, otherwise 3.
   *
   * @throws CorruptImageException as {@link #decode} does
   */
  public static Shape shapeOf(String origin, byte[] content) {
    try (ImageDecoder decoder = new ImageDecoder(AS_STORED)) {
      Mat image = decoder.decode(origin, content);
      return Shape.of(image.channels(), image.rows(), image.cols());
    }
  }

  @Override
  public void close() {
    encoded.close();
    decoded.close();
  }

  private ImageHeader opened() {
    if (header == null) {
      throw new IllegalStateException("no image is open");
    }
    return header;
  }

  private static int reducedBy(ImageHeader header, int reduction) {
    // Of other formats OpenCV would decode all and shrink it.
    int wanted = header.format() == ImageHeader.Format.JPEG ? reduction : 1;
    return switch (wanted) {
      case 1 -> 0;
      case 2 -> IMREAD_REDUCED_GRAYSCALE_2;
      case 4 -> IMREAD_REDUCED_GRAYSCALE_4;
      case 8 -> IMREAD_REDUCED_GRAYSCALE_8;
      default ->
          throw new IllegalArgumentException("reduction must be 1, 2, 4 or 8, got " + reduction);
    };
  }

  private CorruptImageException damaged(Throwable cause) {
    return new CorruptImageException(
        origin,
        "expected a %s image, found one that cannot be decoded".formatted(header.format()),
        cause);
  }
}
