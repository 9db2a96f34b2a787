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
        CenterCrop,
        ChannelJitter,
        ColorJitter,
        Contrast,
        Crop,
        Cutout,
        Elastic,
        Equalize,
        Flip,
        Grayscale,
        Hue,
        Invert,
        Jpeg,
        Noise,
        PadCrop,
        Perspective,
        Posterize,
        RandAugment,
        RandomErasing,
        RandomResizedCrop,
        Resize,
        Rotate,
        Saturation,
        Scale,
        Sharpness,
        Shear,
        Solarize,
        Sometimes,
        Translate,
        TrivialAugment,
        VerticalFlip {
  /**
   * Varies the image on the canvas.
   *
   * @param random the source of all its choices, at the start of this operation's own sequence
   */
  void apply(ImageCanvas canvas, KeyedRandom random);
}
