package org.convoyml.aug.format;

import java.util.zip.CRC32;

/**
 * What an image file says about itself. Decoders are given nothing that has not passed here: they
 * would reserve memory for any size, and leave grey what is missing without a word.
 *
 * <p>One object reads one file after the other and makes no garbage; for one thread.
 */
public final class ImageHeader {
  private ImageFormat format;
  private int storedHeight;
  private int storedWidth;
  private int channels;
  private int orientation;
  private int dataStart;
  private boolean severalScans;
  private long leastLength;
  private final CRC32 checksum = new CRC32();

  /**
   * Reads a file's header.
   *
   * @param content the whole file
   * @throws UnsoundImageException if it is of no kind that is decoded, or its header is damaged
   */
  public void read(byte[] content) {
    orientation = Exif.UPRIGHT;
    severalScans = false;
    try {
      format = formatOf(content);
      switch (format) {
        case JPEG -> Jpeg.readHeader(content, this);
        case PNG -> Png.readHeader(content, this);
        case BMP -> Bmp.readHeader(content, this);
        case WEBP -> WebP.readHeader(content, this);
        case PGM, PPM -> Pnm.readHeader(content, this);
      }
    } catch (IndexOutOfBoundsException e) {
      throw new UnsoundImageException(
          "expected a %s image, found one that ends within its header".formatted(format.label()));
    }
    if (storedHeight <= 0 || storedWidth <= 0) {
      throw new UnsoundImageException(
          "expected a %s image, found one of size %d×%d"
              .formatted(format.label(), storedHeight, storedWidth));
    }
  }

  /**
   * Looks at the whole file, the one that was read last.
   *
   * @throws UnsoundImageException if it was cut off or, where it has checksums, damaged
   */
  public void checkWhole(byte[] content) {
    switch (format) {
      case JPEG -> Jpeg.checkWhole(content, this);
      case PNG -> Png.checkWhole(content, checksum);
      case BMP, WEBP, PGM, PPM -> {
        if (content.length < leastLength) {
          throw new UnsoundImageException(
              "expected a whole %s image, found one that is cut off".formatted(format.label()));
        }
      }
    }
  }

  private static ImageFormat formatOf(byte[] content) {
    if (Bytes.matches(content, 0, "\u00FF\u00D8\u00FF")) {
      return ImageFormat.JPEG;
    }
    if (Bytes.matches(content, 0, Png.SIGNATURE)) {
      return ImageFormat.PNG;
    }
    if (Bytes.matches(content, 0, "BM")) {
      return ImageFormat.BMP;
    }
    if (Bytes.matches(content, 0, "RIFF") && Bytes.matches(content, 8, "WEBP")) {
      return ImageFormat.WEBP;
    }
    if (Pnm.isAt(content, '5')) {
      return ImageFormat.PGM;
    }
    if (Pnm.isAt(content, '6')) {
      return ImageFormat.PPM;
    }
    throw new UnsoundImageException(
        "expected a %s, found %s".formatted(ImageFormat.NAMES, OtherFile.describe(content)));
  }

  public ImageFormat format() {
    return format;
  }

  /** Rows of the upright image, positive. */
  public int height() {
    return isTransposed() ? storedWidth : storedHeight;
  }

  /** Columns of the upright image, positive. */
  public int width() {
    return isTransposed() ? storedHeight : storedWidth;
  }

  public long pixels() {
    return (long) storedHeight * storedWidth;
  }

  /** 1 if the image is grey, otherwise 3. */
  public int channels() {
    return channels;
  }

  /** How the stored image must be turned: 1 (not at all) to 8, as EXIF numbers them. */
  public int orientation() {
    return orientation;
  }

  /** Whether rows of the stored image are columns of the upright one. */
  public boolean isTransposed() {
    return orientation >= 5;
  }

  void setSize(int height, int width) {
    storedHeight = height;
    storedWidth = width;
  }

  void setChannels(int newChannels) {
    channels = newChannels;
  }

  void setOrientation(int newOrientation) {
    orientation = newOrientation;
  }

  /** Where a JPEG's pixels begin. */
  void setDataStart(int start) {
    dataStart = start;
  }

  int dataStart() {
    return dataStart;
  }

  /** How many bytes the file has at least, by what its header says. */
  void setLeastLength(long length) {
    leastLength = length;
  }

  /** Whether a JPEG's pixels come in more than one pass. */
  void setSeveralScans(boolean several) {
    severalScans = several;
  }

  boolean severalScans() {
    return severalScans;
  }
}
