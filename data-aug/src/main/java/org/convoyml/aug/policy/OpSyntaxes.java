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
import org.convoyml.aug.op.Brightness;
import org.convoyml.aug.op.ChannelJitter;
import org.convoyml.aug.op.ColorJitter;
import org.convoyml.aug.op.Contrast;
import org.convoyml.aug.op.Cutout;
import org.convoyml.aug.op.Equalize;
import org.convoyml.aug.op.Factor;
import org.convoyml.aug.op.Grayscale;
import org.convoyml.aug.op.Hue;
import org.convoyml.aug.op.Invert;
import org.convoyml.aug.op.Jpeg;
import org.convoyml.aug.op.Noise;
import org.convoyml.aug.op.Posterize;
import org.convoyml.aug.op.RandAugment;
import org.convoyml.aug.op.RandomErasing;
import org.convoyml.aug.op.Range;
import org.convoyml.aug.op.Rotate;
import org.convoyml.aug.op.Saturation;
import org.convoyml.aug.op.Sharpness;
import org.convoyml.aug.op.Solarize;
import org.convoyml.aug.op.Translate;
import org.convoyml.aug.op.TrivialAugment;

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
              number("sigmaMin", Blur.SIGMA, 0.1),
              number("sigmaMax", Blur.SIGMA, 2)),
          always(
              "jpeg",
              Jpeg.class,
              whole("qualityMin", Jpeg.QUALITY, 30),
              whole("qualityMax", Jpeg.QUALITY, 95)),
          always(
              "cutout",
              Cutout.class,
              whole("size", Cutout.SIZE),
              whole("value", Cutout.VALUE, 128)),
          sometimes(
              "random-erasing",
              RandomErasing.class,
              0.5,
              number("areaMin", RandomErasing.AREA, 0.02),
              number("areaMax", RandomErasing.AREA, 0.33),
              number("ratioMin", RandomErasing.RATIO, 0.3),
              number("ratioMax", RandomErasing.RATIO, 3.3),
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
}
