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

  /** What each level of each channel has in the greyness, in 65536ths, (3, 256). */
  private final int[] weighed = new int[COLOURS * Levels.COUNT];

  private void weigh(byte[] table) {
    for (int level = 0; level < Levels.COUNT; level++) {
      weighed[level] = RED * (table[level] & 0xFF) + HALF;
      weighed[Levels.COUNT + level] = GREEN * (table[Levels.COUNT + level] & 0xFF);
      weighed[2 * Levels.COUNT + level] = BLUE * (table[2 * Levels.COUNT + level] & 0xFF);
    }
  }

  /** Greyness of a colour, 0 to 255, by what was {@linkplain #weigh weighed}. */
  private int grey(int red, int green, int blue) {
    return weighed[red] + weighed[Levels.COUNT + green] + weighed[2 * Levels.COUNT + blue] >>> 16;
  }

  /**
   * The mean greyness of an image, rounded to the nearest level.
   *
   * @param table what its levels are first to become, (C, 256)
   */
  int meanGrey(byte[] pixels, int length, int channels, byte[] table) {
    long sum = 0;
    if (channels == COLOURS) {
      weigh(table);
      for (int i = 0; i < length; i += COLOURS) {
        sum += grey(pixels[i] & 0xFF, pixels[i + 1] & 0xFF, pixels[i + 2] & 0xFF);
      }
    } else {
      for (int i = 0; i < length; i++) {
        sum += table[pixels[i] & 0xFF] & 0xFF;
      }
    }
    return (int) ((double) sum / (length / channels) + 0.5);
  }

  /**
   * Makes all three channels the greyness of the colour.
   *
   * @param table what levels are first to become, (3, 256)
   */
  void toGrey(byte[] pixels, int length, byte[] table) {
    weigh(table);
    for (int i = 0; i < length; i += COLOURS) {
      byte grey = (byte) grey(pixels[i] & 0xFF, pixels[i + 1] & 0xFF, pixels[i + 2] & 0xFF);
      pixels[i] = grey;
      pixels[i + 1] = grey;
      pixels[i + 2] = grey;
    }
  }

  /**
   * Moves colours away from their greyness, or towards it: {@code grey + factor·(c − grey)}.
   *
   * @param table what levels are first to become, (3, 256)
   */
  static void saturate(byte[] pixels, int length, byte[] table, float factor) {
    for (int i = 0; i < length; i += COLOURS) {
      int red = table[pixels[i] & 0xFF] & 0xFF;
      int green = table[Levels.COUNT + (pixels[i + 1] & 0xFF)] & 0xFF;
      int blue = table[2 * Levels.COUNT + (pixels[i + 2] & 0xFF)] & 0xFF;
      int grey = RED * red + GREEN * green + BLUE * blue + HALF >>> 16;
      pixels[i] = Levels.clip(grey + factor * (red - grey));
      pixels[i + 1] = Levels.clip(grey + factor * (green - grey));
      pixels[i + 2] = Levels.clip(grey + factor * (blue - grey));
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

  /** Writes a value for each level. */
  static void greyPlane(byte[] pixels, int plane, float[] values, float[] into, int offset) {
    for (int i = 0; i < plane; i++) {
      into[offset + i] = values[pixels[i] & 0xFF];
    }
  }

  /**
   * Writes a value for each level, and takes the channels apart.
   *
   * @param pixels (H, W, 3)
   * @param plane {@code H·W}
   * @param values of each level of each channel, (3, 256)
   * @param into receives (3, H, W)
   */
  static void colourPlanes(byte[] pixels, int plane, float[] values, float[] into, int offset) {
    int greenOffset = offset + plane;
    int blueOffset = greenOffset + plane;
    // One pass takes half the time of a pass for each channel.
    for (int i = 0, from = 0; i < plane; i++, from += COLOURS) {
      float red = values[pixels[from] & 0xFF];
      float green = values[Levels.COUNT + (pixels[from + 1] & 0xFF)];
      float blue = values[2 * Levels.COUNT + (pixels[from + 2] & 0xFF)];
      into[offset + i] = red;
      into[greenOffset + i] = green;
      into[blueOffset + i] = blue;
    }
  }
}
