package org.convoyml.aug.op;

import static org.convoyml.aug.op.AutoOp.AUTO_CONTRAST;
import static org.convoyml.aug.op.AutoOp.BRIGHTNESS;
import static org.convoyml.aug.op.AutoOp.COLOR;
import static org.convoyml.aug.op.AutoOp.CONTRAST;
import static org.convoyml.aug.op.AutoOp.EQUALIZE;
import static org.convoyml.aug.op.AutoOp.INVERT;
import static org.convoyml.aug.op.AutoOp.POSTERIZE;
import static org.convoyml.aug.op.AutoOp.ROTATE;
import static org.convoyml.aug.op.AutoOp.SHARPNESS;
import static org.convoyml.aug.op.AutoOp.SHEAR_X;
import static org.convoyml.aug.op.AutoOp.SHEAR_Y;
import static org.convoyml.aug.op.AutoOp.SOLARIZE;
import static org.convoyml.aug.op.AutoOp.TRANSLATE_X;
import static org.convoyml.aug.op.AutoOp.TRANSLATE_Y;

import java.util.List;
import org.convoyml.aug.op.AutoAugment.Pair;
import org.convoyml.aug.op.AutoAugment.Step;

/**
 * The pairs of operations of AutoAugment's policies: for each operation its probability and the bin
 * of its magnitude, 0 to 9 (0 where it has none).
 *
 * @see <a href="https://arxiv.org/abs/1805.09501">the paper's tables 7 to 9</a>
 */
final class AutoAugmentTables {
  static final List<Pair> CIFAR10 =
      List.of(
          pair(INVERT, 0.1, 0, CONTRAST, 0.2, 6),
          pair(ROTATE, 0.7, 2, TRANSLATE_X, 0.3, 9),
          pair(SHARPNESS, 0.8, 1, SHARPNESS, 0.9, 3),
          pair(SHEAR_Y, 0.5, 8, TRANSLATE_Y, 0.7, 9),
          pair(AUTO_CONTRAST, 0.5, 0, EQUALIZE, 0.9, 0),
          pair(SHEAR_Y, 0.2, 7, POSTERIZE, 0.3, 7),
          pair(COLOR, 0.4, 3, BRIGHTNESS, 0.6, 7),
          pair(SHARPNESS, 0.3, 9, BRIGHTNESS, 0.7, 9),
          pair(EQUALIZE, 0.6, 0, EQUALIZE, 0.5, 0),
          pair(CONTRAST, 0.6, 7, SHARPNESS, 0.6, 5),
          pair(COLOR, 0.7, 7, TRANSLATE_X, 0.5, 8),
          pair(EQUALIZE, 0.3, 0, AUTO_CONTRAST, 0.4, 0),
          pair(TRANSLATE_Y, 0.4, 3, SHARPNESS, 0.2, 6),
          pair(BRIGHTNESS, 0.9, 6, COLOR, 0.2, 8),
          pair(SOLARIZE, 0.5, 2, INVERT, 0.0, 0),
          pair(EQUALIZE, 0.2, 0, AUTO_CONTRAST, 0.6, 0),
          pair(EQUALIZE, 0.2, 0, EQUALIZE, 0.6, 0),
          pair(COLOR, 0.9, 9, EQUALIZE, 0.6, 0),
          pair(AUTO_CONTRAST, 0.8, 0, SOLARIZE, 0.2, 8),
          pair(BRIGHTNESS, 0.1, 3, COLOR, 0.7, 0),
          pair(SOLARIZE, 0.4, 5, AUTO_CONTRAST, 0.9, 0),
          pair(TRANSLATE_Y, 0.9, 9, TRANSLATE_Y, 0.7, 9),
          pair(AUTO_CONTRAST, 0.9, 0, SOLARIZE, 0.8, 3),
          pair(EQUALIZE, 0.8, 0, INVERT, 0.1, 0),
          pair(TRANSLATE_Y, 0.7, 9, AUTO_CONTRAST, 0.9, 0));

  static final List<Pair> IMAGENET =
      List.of(
          pair(POSTERIZE, 0.4, 8, ROTATE, 0.6, 9),
          pair(SOLARIZE, 0.6, 5, AUTO_CONTRAST, 0.6, 0),
          pair(EQUALIZE, 0.8, 0, EQUALIZE, 0.6, 0),
          pair(POSTERIZE, 0.6, 7, POSTERIZE, 0.6, 6),
          pair(EQUALIZE, 0.4, 0, SOLARIZE, 0.2, 4),
          pair(EQUALIZE, 0.4, 0, ROTATE, 0.8, 8),
          pair(SOLARIZE, 0.6, 3, EQUALIZE, 0.6, 0),
          pair(POSTERIZE, 0.8, 5, EQUALIZE, 1.0, 0),
          pair(ROTATE, 0.2, 3, SOLARIZE, 0.6, 8),
          pair(EQUALIZE, 0.6, 0, POSTERIZE, 0.4, 6),
          pair(ROTATE, 0.8, 8, COLOR, 0.4, 0),
          pair(ROTATE, 0.4, 9, EQUALIZE, 0.6, 0),
          pair(EQUALIZE, 0.0, 0, EQUALIZE, 0.8, 0),
          pair(INVERT, 0.6, 0, EQUALIZE, 1.0, 0),
          pair(COLOR, 0.6, 4, CONTRAST, 1.0, 8),
          pair(ROTATE, 0.8, 8, COLOR, 1.0, 2),
          pair(COLOR, 0.8, 8, SOLARIZE, 0.8, 7),
          pair(SHARPNESS, 0.4, 7, INVERT, 0.6, 0),
          pair(SHEAR_X, 0.6, 5, EQUALIZE, 1.0, 0),
          pair(COLOR, 0.4, 0, EQUALIZE, 0.6, 0),
          pair(EQUALIZE, 0.4, 0, SOLARIZE, 0.2, 4),
          pair(SOLARIZE, 0.6, 5, AUTO_CONTRAST, 0.6, 0),
          pair(INVERT, 0.6, 0, EQUALIZE, 1.0, 0),
          pair(COLOR, 0.6, 4, CONTRAST, 1.0, 8),
          pair(EQUALIZE, 0.8, 0, EQUALIZE, 0.6, 0));

  static final List<Pair> SVHN =
      List.of(
          pair(SHEAR_X, 0.9, 4, INVERT, 0.2, 0),
          pair(SHEAR_Y, 0.9, 8, INVERT, 0.7, 0),
          pair(EQUALIZE, 0.6, 0, SOLARIZE, 0.6, 6),
          pair(INVERT, 0.9, 0, EQUALIZE, 0.6, 0),
          pair(EQUALIZE, 0.6, 0, ROTATE, 0.9, 3),
          pair(SHEAR_X, 0.9, 4, AUTO_CONTRAST, 0.8, 0),
          pair(SHEAR_Y, 0.9, 8, INVERT, 0.4, 0),
          pair(SHEAR_Y, 0.9, 5, SOLARIZE, 0.2, 6),
          pair(INVERT, 0.9, 0, AUTO_CONTRAST, 0.8, 0),
          pair(EQUALIZE, 0.6, 0, ROTATE, 0.9, 3),
          pair(SHEAR_X, 0.9, 4, SOLARIZE, 0.3, 3),
          pair(SHEAR_Y, 0.8, 8, INVERT, 0.7, 0),
          pair(EQUALIZE, 0.9, 0, TRANSLATE_Y, 0.6, 6),
          pair(INVERT, 0.9, 0, EQUALIZE, 0.6, 0),
          pair(CONTRAST, 0.3, 3, ROTATE, 0.8, 4),
          pair(INVERT, 0.8, 0, TRANSLATE_Y, 0.0, 2),
          pair(SHEAR_Y, 0.7, 6, SOLARIZE, 0.4, 8),
          pair(INVERT, 0.6, 0, ROTATE, 0.8, 4),
          pair(SHEAR_Y, 0.3, 7, TRANSLATE_X, 0.9, 3),
          pair(SHEAR_X, 0.1, 6, INVERT, 0.6, 0),
          pair(SOLARIZE, 0.7, 2, TRANSLATE_Y, 0.6, 7),
          pair(SHEAR_Y, 0.8, 4, INVERT, 0.8, 0),
          pair(SHEAR_X, 0.7, 9, TRANSLATE_Y, 0.8, 3),
          pair(SHEAR_Y, 0.8, 5, AUTO_CONTRAST, 0.7, 0),
          pair(SHEAR_X, 0.7, 2, INVERT, 0.1, 0));

  private AutoAugmentTables() {}

  private static Pair pair(
      AutoOp first,
      double firstProbability,
      int firstBin,
      AutoOp second,
      double secondProbability,
      int secondBin) {
    return new Pair(
        new Step(first, firstProbability, firstBin),
        new Step(second, secondProbability, secondBin));
  }
}
