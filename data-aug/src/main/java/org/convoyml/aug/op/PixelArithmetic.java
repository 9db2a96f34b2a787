package org.convoyml.aug.op;

import java.util.Arrays;

/**
 * What needs more than a table of levels, on {@code (H, W, C)} bytes in Pillow's 8-bit arithmetic.
 * Grey images have no saturation. Owns tables and reuses them: one thread.
 *
 * @see <a href="https://github.com/python-pillow/Pillow/tree/9.4.0/src/libImaging">Pillow's
 *     libImaging</a>
 */
final class PixelArithmetic {
  /** Weights of red, green and blue in grey (ITU-R 601-2), in 65536ths. */
  private static final int RED = 19595;

  private static final int GREEN = 38470;
  private static final int BLUE = 7471;
  private static final int HALF = 1 << 15;

  private static final int COLOURS = 3;

  /** By how much a difference of −255 to 255 counts. */
  private final float[] scaled = new float[511];

  /** Greyness of a colour, 0 to 255. */
  private static int grey(int red, int green, int blue) {
    return RED * red + GREEN * green + BLUE * blue + HALF >>> 16;
  }

  /** The mean greyness of an image, rounded to the nearest level. */
  static int meanGrey(byte[] pixels, int length, int channels) {
    long sum = 0;
    if (channels == COLOURS) {
      for (int i = 0; i < length; i += COLOURS) {
        sum += grey(pixels[i] & 0xFF, pixels[i + 1] & 0xFF, pixels[i + 2] & 0xFF);
      }
    } else {
      for (int i = 0; i < length; i++) {
        sum += pixels[i] & 0xFF;
      }
    }
    return (int) ((double) sum / (length / channels) + 0.5);
  }

  /** Makes all three channels the greyness of the colour. */
  static void toGrey(byte[] pixels, int length) {
    for (int i = 0; i < length; i += COLOURS) {
      byte grey = (byte) grey(pixels[i] & 0xFF, pixels[i + 1] & 0xFF, pixels[i + 2] & 0xFF);
      pixels[i] = grey;
      pixels[i + 1] = grey;
      pixels[i + 2] = grey;
    }
  }

  /** Moves colours away from their greyness, or towards it: {@code grey + factor·(c − grey)}. */
  void saturate(byte[] pixels, int length, float factor) {
    scaleDifferences(factor);
    for (int i = 0; i < length; i += COLOURS) {
      int red = pixels[i] & 0xFF;
      int green = pixels[i + 1] & 0xFF;
      int blue = pixels[i + 2] & 0xFF;
      int grey = grey(red, green, blue);
      pixels[i] = Levels.clip(grey + scaled[red - grey + 255]);
      pixels[i + 1] = Levels.clip(grey + scaled[green - grey + 255]);
      pixels[i + 2] = Levels.clip(grey + scaled[blue - grey + 255]);
    }
  }

  /**
   * Moves pixels away from their smoothed values, or towards them: {@code smooth + factor·(pixel −
   * smooth)}. Smooth is a mean of 3×3 pixels in which the middle one has weight 5 of 13; the
   * outermost rows and columns stay as they are.
   *
   * @param pixels not changed
   * @param into receives the result
   */
  void sharpen(byte[] pixels, int height, int width, int channels, float factor, byte[] into) {
    scaleDifferences(factor);
    int row = width * channels;
    System.arraycopy(pixels, 0, into, 0, height * row);
    for (int y = 1; y < height - 1; y++) {
      for (int i = y * row + channels; i < (y + 1) * row - channels; i++) {
        int sum = column(pixels, i - channels, row) + column(pixels, i + channels, row);
        int pixel = pixels[i] & 0xFF;
        sum += (pixels[i - row] & 0xFF) + (pixels[i + row] & 0xFF) + 5 * pixel;
        // The nearest integer of sum / 13; it never lies in the middle of two.
        int smooth = (2 * sum + 13) / 26;
        into[i] = Levels.clip(smooth + scaled[pixel - smooth + 255]);
      }
    }
  }

  private static int column(byte[] pixels, int i, int row) {
    return (pixels[i - row] & 0xFF) + (pixels[i] & 0xFF) + (pixels[i + row] & 0xFF);
  }

  private void scaleDifferences(float factor) {
    for (int difference = -255; difference <= 255; difference++) {
      scaled[difference + 255] = factor * difference;
    }
  }

  /** Counts levels of each channel into {@code counts}, (C, 256). */
  static void count(byte[] pixels, int length, int channels, int[] counts) {
    Arrays.fill(counts, 0, channels * Levels.COUNT, 0);
    for (int c = 0; c < channels; c++) {
      int first = c * Levels.COUNT;
      for (int i = c; i < length; i += channels) {
        counts[first + (pixels[i] & 0xFF)]++;
      }
    }
  }
}
