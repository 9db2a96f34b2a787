package org.convoyml.aug.op;

/**
 * Turns the hue of colours by way of 8-bit hue, saturation and value, to the bit as Pillow and
 * torchvision do. All divisions are in tables: 520 kB, made once.
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
  private static final byte[] LEAST = new byte[LEVELS * LEVELS];

  private static final int[] SECTOR_OF_HUE = new int[LEVELS];
  private static final float[] PLACE_IN_SECTOR = new float[LEVELS];

  static {
    for (int range = 1; range < LEVELS; range++) {
      for (int distance = 0; distance <= range; distance++) {
        float middle = (float) distance / range;
        int index = range * LEVELS + distance;
        // Greatest and least: red blue, green blue, green red, blue red, blue green, red green.
        HUES[index] = hue(1 - middle);
        HUES[index + LEVELS * LEVELS] = hue((float) (2.0 + middle - 1));
        HUES[index + 2 * LEVELS * LEVELS] = hue((float) (2.0 + 1 - middle));
        HUES[index + 3 * LEVELS * LEVELS] = hue((float) (4.0 + middle - 1));
        HUES[index + 4 * LEVELS * LEVELS] = hue((float) (4.0 + 1 - middle));
        HUES[index + 5 * LEVELS * LEVELS] = hue(middle - 1);
      }
    }
    for (int value = 1; value < LEVELS; value++) {
      for (int range = 0; range <= value; range++) {
        SATURATIONS[value * LEVELS + range] = (byte) (int) ((float) range / value * 255.0);
      }
      for (int saturation = 0; saturation < LEVELS; saturation++) {
        LEAST[value * LEVELS + saturation] = (byte) round(value * (1.0 - part(saturation)));
      }
    }
    for (int hue = 0; hue < LEVELS; hue++) {
      double sixths = hue * 6.0 / 255.0;
      SECTOR_OF_HUE[hue] = (int) sixths % SECTORS;
      PLACE_IN_SECTOR[hue] = (float) (sixths - (int) sixths);
    }
  }

  private HueCircle() {}

  /**
   * Adds to the hue of every pixel.
   *
   * @param pixels (H, W, 3), changed in place
   * @param shift in 256ths of the circle, from red by way of green; taken modulo 256
   */
  static void shift(byte[] pixels, int length, int shift) {
    for (int i = 0; i < length; i += 3) {
      int red = pixels[i] & 0xFF;
      int green = pixels[i + 1] & 0xFF;
      int blue = pixels[i + 2] & 0xFF;
      int value = Math.max(red, Math.max(green, blue));
      int range = value - Math.min(red, Math.min(green, blue));
      int saturation = SATURATIONS[value * LEVELS + range] & 0xFF;
      if (saturation == 0) {
        pixels[i] = (byte) value;
        pixels[i + 1] = (byte) value;
        pixels[i + 2] = (byte) value;
      } else {
        int hue = hue(red, green, blue, value, range) + shift & 0xFF;
        paint(pixels, i, hue, saturation, value);
      }
    }
  }

  /** The hue of a colour that has one. */
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
    return HUES[(sector * LEVELS + range) * LEVELS + value - middle] & 0xFF;
  }

  private static void paint(byte[] pixels, int i, int hue, int saturation, int value) {
    byte most = (byte) value;
    byte least = LEAST[value * LEVELS + saturation];
    float place = PLACE_IN_SECTOR[hue];
    float part = part(saturation);
    int sector = SECTOR_OF_HUE[hue];
    byte middle =
        (byte)
            ((sector & 1) == 0
                ? round(value * (1.0 - part * (1.0 - place)))
                : round(value * (1.0 - part * place)));
    pixels[i] = sector == 0 || sector == 5 ? most : sector == 2 || sector == 3 ? least : middle;
    pixels[i + 1] = sector == 1 || sector == 2 ? most : sector >= 4 ? least : middle;
    pixels[i + 2] = sector == 3 || sector == 4 ? most : sector <= 1 ? least : middle;
  }

  private static float part(int saturation) {
    return (float) (saturation / 255.0);
  }

  /** To the nearest; the value is not negative. */
  private static int round(double value) {
    return (int) (value + 0.5);
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
