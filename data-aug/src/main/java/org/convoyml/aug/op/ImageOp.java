package org.convoyml.aug.op;

import java.io.Serializable;
import org.convoyml.nn.random.KeyedRandom;

/**
 * One random variation of an image, as a value. What it does to an image is a pure function of the
 * image and of the random source it is given. A policy has a word for it.
 */
public sealed interface ImageOp extends Serializable
    permits AutoAugment,
        Autocontrast,
        Blur,
        Brightness,
        ChannelJitter,
        ColorJitter,
        Contrast,
        Cutout,
        Equalize,
        Grayscale,
        Hue,
        Invert,
        Jpeg,
        Noise,
        Posterize,
        RandAugment,
        RandomErasing,
        Rotate,
        Saturation,
        Sharpness,
        Solarize,
        Sometimes,
        Translate,
        TrivialAugment {
  /**
   * Varies the image on the canvas.
   *
   * @param random the source of all its choices, at the start of this operation's own sequence
   */
  void apply(ImageCanvas canvas, KeyedRandom random);
}
