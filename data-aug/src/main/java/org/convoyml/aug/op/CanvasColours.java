package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * What a canvas does to levels and colours, in the 8-bit arithmetic of Pillow and torchvision.
 * Tables of levels are left to the canvas to compose; what looks at a pixel's neighbours or at all
 * of its channels is computed in the Java heap, with the tables that are pending looked up on the
 * way. Grey images have neither hue nor saturation.
 */
final class CanvasColours {
  private static final int COLOURS = 3;

  private final ImageCanvas canvas;
  private final PixelArithmetic arithmetic = new PixelArithmetic();
  private final byte[] table = new byte[Levels.COUNT];
  private final byte[] tables = new byte[COLOURS * Levels.COUNT];
  private final int[] counts = new int[COLOURS * Levels.COUNT];

  CanvasColours(ImageCanvas canvas) {
    this.canvas = canvas;
  }

  /** Multiplies all levels by a factor. */
  void brightness(double factor) {
    if (factor != 1) {
      Levels.blend(table, 0, 0, (float) factor);
      canvas.lookup(table);
    }
  }

  /** Moves all levels away from the image's mean grey, or towards it (factors below 1). */
  void contrast(double factor) {
    if (factor != 1) {
      byte[] pixels = canvas.heap();
      int mean =
          arithmetic.meanGrey(pixels, canvas.length(), canvas.channels(), canvas.pendingTable());
      Levels.blend(table, 0, mean, (float) factor);
      canvas.lookup(table);
    }
  }

  /** Moves colours away from their grey, or towards it (factors below 1). */
  void saturation(double factor) {
    if (factor != 1 && isColour()) {
      byte[] pixels = canvas.heap();
      PixelArithmetic.saturate(pixels, canvas.length(), canvas.pendingTable(), (float) factor);
      canvas.heapChanged();
    }
  }

  /**
   * Turns all hues.
   *
   * @param turns −0.5 to 0.5 of the colour circle
   */
  void hue(double turns) {
    // As torchvision: towards zero, which leaves ±1/255 of a turn alone.
    int shift = (int) (turns * 255);
    if (shift != 0 && isColour()) {
      byte[] pixels = canvas.heap();
      HueCircle.shift(pixels, canvas.length(), canvas.pendingTable(), shift);
      canvas.heapChanged();
    }
  }

  /** Takes away all colour; three channels stay. */
  void grayscale() {
    if (isColour()) {
      byte[] pixels = canvas.heap();
      arithmetic.toGrey(pixels, canvas.length(), canvas.pendingTable());
      canvas.heapChanged();
    }
  }

  /** Multiplies each channel by its own factor; a grey image by the first. */
  void gains(double red, double green, double blue) {
    if (isColour()) {
      Levels.blend(tables, 0, 0, (float) red);
      Levels.blend(tables, Levels.COUNT, 0, (float) green);
      Levels.blend(tables, 2 * Levels.COUNT, 0, (float) blue);
      canvas.lookup(tables);
    } else {
      brightness(red);
    }
  }

  void invert() {
    Levels.invert(table, 0);
    canvas.lookup(table);
  }

  /** Keeps the given number of highest bits, 0 to 8. */
  void posterize(int bits) {
    Levels.posterize(table, 0, bits);
    canvas.lookup(table);
  }

  /** Inverts levels from the threshold on. */
  void solarize(double threshold) {
    Levels.solarize(table, 0, threshold);
    canvas.lookup(table);
  }

  /** Stretches each channel's levels over 0 to 255. */
  void autocontrast() {
    count();
    for (int c = 0; c < canvas.channels(); c++) {
      Levels.autocontrast(tables, c * Levels.COUNT, counts);
    }
    lookupByChannel();
  }

  /** Makes each channel's levels about equally frequent. */
  void equalize() {
    count();
    for (int c = 0; c < canvas.channels(); c++) {
      Levels.equalize(tables, c * Levels.COUNT, counts);
    }
    lookupByChannel();
  }

  /** Sharpens, or blurs a little (factors below 1). */
  void sharpness(double factor) {
    if (factor != 1) {
      HeapPixels heap = canvas.settledHeap();
      arithmetic.sharpen(
          canvas.heap(),
          canvas.height(),
          canvas.width(),
          canvas.channels(),
          (float) factor,
          heap.spare());
      heap.acceptSpare();
    }
  }

  /**
   * Adds an independent normally distributed number to every value.
   *
   * @param sigma standard deviation, as a part of 255
   */
  void gaussianNoise(KeyedRandom random, double sigma) {
    if (sigma != 0) {
      HeapPixels heap = canvas.settledHeap();
      NormalNoise.add(canvas.heap(), canvas.length(), (float) (sigma * 255), random);
      heap.changed();
    }
  }

  private boolean isColour() {
    return canvas.channels() == COLOURS;
  }

  private void count() {
    canvas.settledHeap();
    PixelArithmetic.count(canvas.heap(), canvas.length(), canvas.channels(), counts);
  }

  private void lookupByChannel() {
    if (isColour()) {
      canvas.lookup(tables);
    } else {
      System.arraycopy(tables, 0, table, 0, table.length);
      canvas.lookup(table);
    }
  }
}
