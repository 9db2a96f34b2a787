package org.convoyml.aug.op;

/**
 * Turns the hue of colours by way of 8-bit hue, saturation and value, to the bit as Pillow and
 * torchvision do. All divisions are in tables: 530 kB, made once.
 *
 * @see <a
 *     href="https://github.com/python-pillow/Pillow/blob/9.4.0/src/libImaging/Convert.c">Pillow's
 *     Convert.c</a>
 */
final class HueCircle {
  private static final int LEVELS = 256;
  private static final int SECTORS = 6;

  /**
   * Hue by sector, range (greatest less least channel) and distance of the middle channel from the
   * greatest.
   */
  private static final byte[] HUES = new byte[SECTORS * LEVELS * LEVELS];

  /** Saturation by greatest channel and range. */
  private static final byte[] SATURATIONS = new byte[LEVELS * LEVELS];

  /** The least channel, by value and saturation. */
  private static final byte[] LEAST_LEVELS = new byte[LEVELS * LEVELS];

  /** Saturation as a part of 1, rounded to 24 bits as Pillow does. */
  private static final double[] PARTS = new double[LEVELS];

  private static final byte[] SECTOR_OF_HUE = new byte[LEVELS];

  /** By hue: how much of the range the middle channel is below the greatest, 0 to 1. */
  private static final double[] DISTANCES = new double[LEVELS];

  static {
    for (int range = 1; range < LEVELS; range++) {
      for (int distance = 0; distance <= range; distance++) {
        float part = (float) distance / range;
        HUES[index(0, range, distance)] = hue(1 - part);
        HUES[index(1, range, distance)] = hue((float) (2.0 + part - 1));
        HUES[index(2, range, distance)] = hue((float) (2.0 + 1 - part));
        HUES[index(3, range, distance)] = hue((float) (4.0 + part - 1));
        HUES[index(4, range, distance)] = hue((float) (4.0 + 1 - part));
        HUES[index(5, range, distance)] = hue(part - 1);
      }
    }
    for (int hue = 0; hue < LEVELS; hue++) {
      double sixths = hue * 6.0 / 255.0;
      int sector = (int) sixths;
      float place = (float) (sixths - sector);
      SECTOR_OF_HUE[hue] = (byte) (sector % SECTORS);
      DISTANCES[hue] = sector % 2 == 0 ? 1.0 - place : place;
      PARTS[hue] = (float) (hue / 255.0);
    }
    for (int value = 1; value < LEVELS; value++) {
      for (int range = 0; range <= value; range++) {
        SATURATIONS[value * LEVELS + range] = (byte) (int) ((float) range / value * 255.0);
      }
      for (int saturation = 0; saturation < LEVELS; saturation++) {
        LEAST_LEVELS[value * LEVELS + saturation] = below(value, PARTS[saturation]);
      }
    }
  }

  private HueCircle() {}

  /**
   * Adds to the hue of every pixel.
   *
   * @param pixels (H, W, 3), changed in place
   * @param table what levels are first to become, (3, 256)
   * @param shift in 255ths of the circle, from red by way of green; taken modulo 256
   */
  static void shift(byte[] pixels, int length, byte[] table, int shift) {
    for (int i = 0; i < length; i += 3) {
      int red = table[pixels[i] & 0xFF] & 0xFF;
      int green = table[LEVELS + (pixels[i + 1] & 0xFF)] & 0xFF;
      int blue = table[2 * LEVELS + (pixels[i + 2] & 0xFF)] & 0xFF;
      int value = Math.max(red, Math.max(green, blue));
      int range = value - Math.min(red, Math.min(green, blue));
      int hue = hue(red, green, blue, value, range) + shift & 0xFF;
      int saturation = SATURATIONS[value * LEVELS + range] & 0xFF;
      byte middle = below(value, PARTS[saturation] * DISTANCES[hue]);
      byte least = LEAST_LEVELS[value * LEVELS + saturation];
      paint(pixels, i, SECTOR_OF_HUE[hue], (byte) value, middle, least);
    }
  }

  /** The hue of a colour; that of a grey is of no consequence. */
  private static int hue(int red, int green, int blue, int value, int range) {
    int sector;
    int middle;
    if (red == value) {
      sector = green >= blue ? 0 : 5;
      middle = Math.max(green, blue);
    } else if (green == value) {
      sector = red >= blue ? 1 : 2;
      middle = Math.max(red, blue);
    } else {
      sector = red >= green ? 4 : 3;
      middle = Math.max(red, green);
    }
    return HUES[index(sector, range, value - middle)] & 0xFF;
  }

  private static void paint(
      byte[] pixels, int i, int sector, byte greatest, byte middle, byte least) {
    pixels[i] = sector == 0 || sector == 5 ? greatest : sector == 2 || sector == 3 ? least : middle;
    pixels[i + 1] = sector == 1 || sector == 2 ? greatest : sector >= 4 ? least : middle;
    pixels[i + 2] = sector == 3 || sector == 4 ? greatest : sector <= 1 ? least : middle;
  }

  /** A level less a part of it, to the nearest. */
  private static byte below(int value, double part) {
    return (byte) (int) (value * (1.0 - part) + 0.5);
  }

  private static int index(int sector, int range, int distance) {
    return (sector * LEVELS + range) * LEVELS + distance;
  }

  /**
   * @param sixths of the circle, −1 to 5
   */
  private static byte hue(float sixths) {
    double turns = sixths / 6.0 + 1.0;
    float fraction = (float) (turns >= 1 ? turns - 1 : turns);
    return (byte) (int) (fraction * 255.0);
  }
}
