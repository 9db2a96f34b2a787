package org.convoyml.aug.policy;

import static org.convoyml.aug.policy.OpSyntax.always;
import static org.convoyml.aug.policy.OpSyntax.sometimes;

import java.util.List;
import java.util.Optional;
import org.convoyml.aug.batch.CutMix;
import org.convoyml.aug.batch.MixUp;
import org.convoyml.aug.op.AutoAugment;
import org.convoyml.aug.op.Autocontrast;
import org.convoyml.aug.op.Blur;
import org.convoyml.aug.op.Border;
import org.convoyml.aug.op.Brightness;
import org.convoyml.aug.op.CenterCrop;
import org.convoyml.aug.op.ChannelJitter;
import org.convoyml.aug.op.ColorJitter;
import org.convoyml.aug.op.Contrast;
import org.convoyml.aug.op.Crop;
import org.convoyml.aug.op.Cutout;
import org.convoyml.aug.op.Elastic;
import org.convoyml.aug.op.Equalize;
import org.convoyml.aug.op.Factor;
import org.convoyml.aug.op.Flip;
import org.convoyml.aug.op.Grayscale;
import org.convoyml.aug.op.Hue;
import org.convoyml.aug.op.Invert;
import org.convoyml.aug.op.Jpeg;
import org.convoyml.aug.op.Noise;
import org.convoyml.aug.op.PadCrop;
import org.convoyml.aug.op.Perspective;
import org.convoyml.aug.op.Posterize;
import org.convoyml.aug.op.RandAugment;
import org.convoyml.aug.op.RandomErasing;
import org.convoyml.aug.op.RandomResizedCrop;
import org.convoyml.aug.op.Range;
import org.convoyml.aug.op.Resize;
import org.convoyml.aug.op.Rotate;
import org.convoyml.aug.op.Saturation;
import org.convoyml.aug.op.Scale;
import org.convoyml.aug.op.Sharpness;
import org.convoyml.aug.op.Shear;
import org.convoyml.aug.op.Solarize;
import org.convoyml.aug.op.Translate;
import org.convoyml.aug.op.TrivialAugment;
import org.convoyml.aug.op.VerticalFlip;

/**
 * All operations that a policy can have. What is written without an argument must mean the same for
 * ever, since models keep their policies as text: a default never changes. Defaults are those of
 * torchvision where it has the operation.
 */
final class OpSyntaxes {
  private static final Range ALPHA = new Range(MixUp.MIN_ALPHA, MixUp.MAX_ALPHA);

  private static final List<OpSyntax> ALL =
      List.of(
          always("rotate", Rotate.class, number("maxDegrees", Rotate.MAX_DEGREES)),
          always("translate", Translate.class, number("maxFraction", Translate.MAX_FRACTION)),
          always("scale", Scale.class, number("min", Scale.FACTOR), number("max", Scale.FACTOR)),
          always("shear", Shear.class, number("maxDegrees", Shear.MAX_DEGREES)),
          sometimes("flip", Flip.class, 0.5),
          sometimes("vertical-flip", VerticalFlip.class, 0.5),
          always("crop", Crop.class, whole("size", Crop.SIZE)),
          always("center-crop", CenterCrop.class, whole("size", CenterCrop.SIZE)),
          always(
              "random-resized-crop",
              RandomResizedCrop.class,
              whole("size", RandomResizedCrop.SIZE),
              number("minScale", RandomResizedCrop.SCALE, RandomResizedCrop.DEFAULT_MIN_SCALE),
              number("maxScale", RandomResizedCrop.SCALE, RandomResizedCrop.DEFAULT_MAX_SCALE),
              number("minRatio", RandomResizedCrop.RATIO, RandomResizedCrop.DEFAULT_MIN_RATIO),
              number("maxRatio", RandomResizedCrop.RATIO, RandomResizedCrop.DEFAULT_MAX_RATIO)),
          always(
              "pad-crop",
              PadCrop.class,
              whole("pixels", PadCrop.PIXELS),
              choice("border", Border.class, Border.BLACK)),
          always("resize", Resize.class, whole("size", Resize.SIZE)),
          sometimes(
              "perspective",
              Perspective.class,
              0.5,
              number("distortion", Perspective.DISTORTION, 0.5)),
          always(
              "elastic",
              Elastic.class,
              number("alpha", Elastic.ALPHA),
              number("sigma", Elastic.SIGMA)),
          always("brightness", Brightness.class, number("strength", Factor.STRENGTH)),
          always("contrast", Contrast.class, number("strength", Factor.STRENGTH)),
          always("saturation", Saturation.class, number("strength", Factor.STRENGTH)),
          always("hue", Hue.class, number("maxTurn", Hue.MAX_TURN)),
          always(
              "color-jitter",
              ColorJitter.class,
              number("brightness", Factor.STRENGTH, 0),
              number("contrast", Factor.STRENGTH, 0),
              number("saturation", Factor.STRENGTH, 0),
              number("hue", Hue.MAX_TURN, 0)),
          always("channel-jitter", ChannelJitter.class, number("strength", Factor.STRENGTH)),
          sometimes("grayscale", Grayscale.class, 0.1),
          sometimes("invert", Invert.class, 0.5),
          sometimes("posterize", Posterize.class, 0.5, whole("bits", Posterize.BITS)),
          sometimes("solarize", Solarize.class, 0.5, number("threshold", Solarize.THRESHOLD, 128)),
          sometimes("equalize", Equalize.class, 0.5),
          sometimes("autocontrast", Autocontrast.class, 0.5),
          sometimes("sharpness", Sharpness.class, 0.5, number("strength", Factor.STRENGTH)),
          always("noise", Noise.class, number("sigma", Noise.SIGMA)),
          always(
              "blur",
              Blur.class,
              number("minSigma", Blur.SIGMA, 0.1),
              number("maxSigma", Blur.SIGMA, 2)),
          always(
              "jpeg",
              Jpeg.class,
              whole("minQuality", Jpeg.QUALITY, 30),
              whole("maxQuality", Jpeg.QUALITY, 95)),
          always(
              "cutout",
              Cutout.class,
              whole("size", Cutout.SIZE),
              whole("value", Cutout.VALUE, 128)),
          sometimes(
              "random-erasing",
              RandomErasing.class,
              0.5,
              number("minArea", RandomErasing.AREA, 0.02),
              number("maxArea", RandomErasing.AREA, 0.33),
              number("minRatio", RandomErasing.RATIO, 0.3),
              number("maxRatio", RandomErasing.RATIO, 3.3),
              whole("value", Cutout.VALUE, 128)),
          always(
              "rand-augment",
              RandAugment.class,
              whole("n", RandAugment.N, 2),
              whole("magnitude", RandAugment.MAGNITUDE, 9)),
          always("trivial-augment", TrivialAugment.class),
          always("auto-augment", AutoAugment.class, choice("policy", AutoAugment.Policy.class)),
          always("mixup", MixUp.class, number("alpha", ALPHA, 0.2)),
          always("cutmix", CutMix.class, number("alpha", ALPHA, 1)));

  private OpSyntaxes() {}

  static Optional<OpSyntax> of(String word) {
    return ALL.stream().filter(syntax -> syntax.word().equals(word)).findFirst();
  }

  /** How operations of a type are written. */
  static OpSyntax of(Class<?> type) {
    return ALL.stream()
        .filter(syntax -> syntax.type().equals(type))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no policy can have a " + type));
  }

  static List<OpSyntax> all() {
    return ALL;
  }

  /** All words, in alphabetical order. */
  static List<String> words() {
    return ALL.stream().map(OpSyntax::word).sorted().toList();
  }

  /** A number that must be given. */
  private static Parameter number(String name, Range range) {
    return new Parameter.Decimal(name, range, Optional.empty());
  }

  private static Parameter number(String name, Range range, double byDefault) {
    return new Parameter.Decimal(name, range, Optional.of(byDefault));
  }

  /** A whole number that must be given. */
  private static Parameter whole(String name, Range range) {
    return new Parameter.Whole(name, range, Optional.empty());
  }

  private static Parameter whole(String name, Range range, int byDefault) {
    return new Parameter.Whole(name, range, Optional.of(byDefault));
  }

  /** One of some words, which must be given. */
  private static Parameter choice(String name, Class<? extends Enum<?>> type) {
    return new Parameter.Choice(name, type, Optional.empty());
  }

  private static <E extends Enum<E>> Parameter choice(String name, Class<E> type, E byDefault) {
    return new Parameter.Choice(name, type, Optional.of(byDefault));
  }
}
