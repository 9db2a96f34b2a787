package org.convoyml.aug.op;

import org.convoyml.nn.random.KeyedRandom;

/**
 * Multiplies red, green and blue each by its own factor, as light of another colour would; a grey
 * image by one. Factors are drawn uniformly from {@code [max(0, 1 − strength), 1 + strength)}.
 *
 * @param strength 0 to 10; 0 changes nothing, 0.2 is usual
 * @see <a href="https://arxiv.org/abs/1312.5402">Howard, Some improvements on deep convolutional
 *     neural network based image classification</a>
 */
public record ChannelJitter(double strength) implements ImageOp {
  public ChannelJitter {
    Factor.STRENGTH.check("strength", strength);
  }

  @Override
  public void apply(ImageCanvas canvas, KeyedRandom random) {
    double red = Factor.draw(random, strength);
    double green = Factor.draw(random, strength);
    double blue = Factor.draw(random, strength);
    canvas.colours().gains(red, green, blue);
  }
}
