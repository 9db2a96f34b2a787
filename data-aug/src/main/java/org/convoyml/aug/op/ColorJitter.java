package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Changes brightness, contrast, saturation and hue, each as the operation of that name does, in a
 * random order.
 *
 * @param brightness strength, 0 to 10
 * @param contrast strength, 0 to 10
 * @param saturation strength, 0 to 10
 * @param hue greatest turn, 0 to 0.5
 * @see <a
 *     href="https://pytorch.org/vision/stable/generated/torchvision.transforms.ColorJitter.html">torchvision's
 *     ColorJitter</a>
 */
public record ColorJitter(double brightness, double contrast, double saturation, double hue)
    implements ImageOp {
  private static final int PARTS = 4;
  private static final int ORDERS = 24;

  public ColorJitter {
    Factor.STRENGTH.check("brightness", brightness);
    Factor.STRENGTH.check("contrast", contrast);
    Factor.STRENGTH.check("saturation", saturation);
    Hue.MAX_TURN.check("hue", hue);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    int order = random.nextInt(ORDERS);
    double brightnessFactor = Factor.draw(random, brightness);
    double contrastFactor = Factor.draw(random, contrast);
    double saturationFactor = Factor.draw(random, saturation);
    double turn = random.uniform(-hue, hue);
    CanvasColours colours = canvas.colours();
    // The order is a number whose digits, in bases 4, 3, 2 and 1, choose among those left.
    int left = (1 << PARTS) - 1;
    for (int base = PARTS; base > 0; base--) {
      int part = bit(left, order % base);
      order /= base;
      left &= ~(1 << part);
      switch (part) {
        case 0 -> colours.brightness(brightnessFactor);
        case 1 -> colours.contrast(contrastFactor);
        case 2 -> colours.saturation(saturationFactor);
        default -> colours.hue(turn);
      }
    }
  }

  /** The place of the bit that has {@code skipped} set bits below it. */
  private static int bit(int bits, int skipped) {
    int rest = bits;
    for (int i = 0; i < skipped; i++) {
      rest &= rest - 1;
    }
    return Integer.numberOfTrailingZeros(rest);
  }
}
