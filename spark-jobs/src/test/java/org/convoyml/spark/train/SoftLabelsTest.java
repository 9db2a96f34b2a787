package org.convoyml.spark.train;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.SigmoidCrossEntropy;
import org.junit.jupiter.api.Test;

class SoftLabelsTest {
  private static final AugmentationPolicy MIXING =
      AugmentationPolicy.parse("rotate(10), mixup(0.2)");

  @Test
  void aClassifierTakesThem() {
    assertThatCode(() -> SoftLabels.check(Trainings.LENET, MIXING)).doesNotThrowAnyException();
  }

  @Test
  void anOutputOfOneValueDoesNot() {
    assertThatExceptionOfType(ConvoyException.class)
        .isThrownBy(() -> SoftLabels.check(oneLogit(), MIXING))
        .withMessage(
            "augmentation policy \"rotate(10), mixup\": a mixed image has a share of each class,"
                + " but output sick of network scan has 1 value(s), not one for each of two classes"
                + " or more");
  }

  @Test
  void withoutMixingNothingIsAsked() {
    assertThatCode(() -> SoftLabels.check(oneLogit(), AugmentationPolicy.parse("rotate(10)")))
        .doesNotThrowAnyException();
  }

  private static NetworkSpec oneLogit() {
    return NetworkSpec.builder("scan", Shape.of(1, 8, 8))
        .add("flatten", new Flatten())
        .add("dense", Dense.of(1))
        .output("sick", new SigmoidCrossEntropy(), 1)
        .build();
  }
}
