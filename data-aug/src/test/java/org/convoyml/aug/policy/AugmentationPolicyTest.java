package org.convoyml.aug.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.convoyml.aug.batch.CutMix;
import org.convoyml.aug.batch.MixUp;
import org.convoyml.aug.batch.SometimesBatch;
import org.convoyml.aug.op.AutoAugment;
import org.convoyml.aug.op.ColorJitter;
import org.convoyml.aug.op.Invert;
import org.convoyml.aug.op.RandAugment;
import org.convoyml.aug.op.Rotate;
import org.convoyml.aug.op.Sometimes;
import org.convoyml.aug.op.Translate;
import org.convoyml.nn.ConvoyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationPolicyTest {
  private static final String EVERYTHING =
      "rotate(10, p=0.5), color-jitter(0.2, 0.3, hue=0.1), invert, rand-augment,"
          + " auto-augment(cifar10), mixup(p=0.5), cutmix";

  @Test
  void readsOperationsInOrder() {
    assertThat(AugmentationPolicy.parse("rotate(10), translate(0.1)"))
        .isEqualTo(new AugmentationPolicy(List.of(new Rotate(10), new Translate(0.1))));
  }

  @Test
  void operationsOnMicroBatchesComeAfterThoseOnImages() {
    AugmentationPolicy policy = AugmentationPolicy.parse("cutmix, rotate(10), mixup(0.4, p=0.5)");

    assertThat(policy.imageOps()).containsExactly(new Rotate(10));
    assertThat(policy.batchOps())
        .containsExactly(new CutMix(1), new SometimesBatch(new MixUp(0.4), 0.5));
    assertThat(policy).hasToString("rotate(10), cutmix, mixup(0.4, p=0.5)");
  }

  @Test
  void everyArgumentHasItsPlaceItsNameAndItsDefault() {
    assertThat(AugmentationPolicy.parse(EVERYTHING))
        .isEqualTo(
            new AugmentationPolicy(
                List.of(
                    new Sometimes(new Rotate(10), 0.5),
                    new ColorJitter(0.2, 0.3, 0, 0.1),
                    new Sometimes(new Invert(), 0.5),
                    new RandAugment(2, 9),
                    new AutoAugment(AutoAugment.Policy.CIFAR10)),
                List.of(new SometimesBatch(new MixUp(0.2), 0.5), new CutMix(1))));
  }

  @Test
  void noneMeansNone() {
    assertThat(AugmentationPolicy.parse(" none ")).isEqualTo(AugmentationPolicy.NONE);
    assertThat(AugmentationPolicy.NONE).hasToString("none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rotate(10.0),translate(.10)         | rotate(10), translate(0.1)",
        "' rotate ( 1e1 ) '                  | rotate(10)",
        "translate(1e-5)                     | translate(0.00001)",
        "rotate(-0)                          | rotate(0)",
        "rotate(180), rotate(0.3)            | rotate(180), rotate(0.3)",
        "rotate(maxDegrees=7)                | rotate(7)",
        "rotate(p=1, maxDegrees = 7)         | rotate(7)",
        "rotate(7, 0.25)                     | rotate(7, p=0.25)",
        "invert()                            | invert",
        "invert(0.5)                         | invert",
        "invert(p=1)                         | invert(p=1)",
        "grayscale(0.2)                      | grayscale(p=0.2)",
        "color-jitter(0.2,0.2,0.2)           | color-jitter(0.2, 0.2, 0.2)",
        "color-jitter(0, 0.2, 0, 0.1)        | color-jitter(contrast=0.2, hue=0.1)",
        "color-jitter                        | color-jitter",
        "jpeg(maxQuality=80)                 | jpeg(maxQuality=80)",
        "jpeg(30, 80)                        | jpeg(maxQuality=80)",
        "pad-crop(4),flip,color-jitter(0.2,0.2,0.2) | pad-crop(4), flip,"
            + " color-jitter(0.2, 0.2, 0.2)",
        "pad-crop(4, reflect), flip(p=1)     | pad-crop(4, reflect), flip(p=1)",
        "pad-crop(4, border=black)           | pad-crop(4)",
        "random-resized-crop(224, minScale=0.3) | random-resized-crop(224, 0.3)",
        "random-resized-crop(size=9, maxRatio=2) | random-resized-crop(9, maxRatio=2)",
        "random-erasing(p=0.5)               | random-erasing",
        "random-erasing(p=0, minRatio=0.5)   | random-erasing(minRatio=0.5, p=0)",
        "rand-augment(n=2, magnitude=9)      | rand-augment",
        "rand-augment(3, 9.0)                | rand-augment(3)",
        "trivial-augment                     | trivial-augment",
        "auto-augment(policy=imagenet)       | auto-augment(imagenet)",
        "mixup(alpha=0.2), cutmix(alpha=1)   | mixup, cutmix",
        "none                                | none"
      })
  void isWrittenInOneWayThatReadsBackTheSame(String text, String canonical) {
    AugmentationPolicy policy = AugmentationPolicy.parse(text);

    assertThat(policy).hasToString(canonical);
    assertThat(AugmentationPolicy.parse(policy.toString())).isEqualTo(policy);
  }

  @Test
  void isAStringInJson() throws JsonProcessingException {
    JsonMapper json = new JsonMapper();
    AugmentationPolicy policy = AugmentationPolicy.parse(EVERYTHING);

    String text = json.writeValueAsString(policy);

    assertThat(text).isEqualTo("\"" + EVERYTHING + "\"");
    assertThat(json.readValue(text, AugmentationPolicy.class)).isEqualTo(policy);
  }

  @Test
  void canBeSentToTasks() throws IOException, ClassNotFoundException {
    AugmentationPolicy policy = AugmentationPolicy.parse(EVERYTHING);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(policy);
    }

    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(policy);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rotat(10)            | 1  | expected CHOICES, found 'rotat'; did you mean 'rotate'?",
        "rotate(1), swirl()   | 12 | expected CHOICES, found 'swirl'",
        "color_jitter(0.2)    | 1  | expected CHOICES, found 'color_jitter';"
            + " did you mean 'color-jitter'?",
        "''                   | 1  | expected CHOICES, found the end",
        "rotate(10),          | 12 | expected CHOICES, found the end",
        "(10)                 | 1  | expected CHOICES, found '('",
        "none, rotate(1)      | 1  | expected CHOICES, found 'none'",
        "rotate               | 7  | expected '(' and maxDegrees of ROTATE, found the end",
        "rotate, invert       | 7  | expected '(' and maxDegrees of ROTATE, found ','",
        "rotate(10            | 10 | expected ',' or ')' of ROTATE, found the end",
        "rotate(10 2)         | 11 | expected ',' or ')' of ROTATE, found '2'",
        "rotate(1, 1, 1)      | 14 | expected ')' of ROTATE, found '1'",
        "rotate(1,)           | 10 | expected p of ROTATE, found ')'",
        "rotate()             | 8  | expected maxDegrees of ROTATE, found ')'",
        "rotate(p=0.5)        | 13 | expected maxDegrees of ROTATE, found ')'",
        "rotate(              | 8  | expected maxDegrees of ROTATE, found the end",
        "rotate(ten)          | 8  | expected maxDegrees 0 to 180, found 'ten'",
        "rotate(1)rotate(2)   | 10 | expected ',' or the end, found 'r'",
        "rotate(1))           | 10 | expected ',' or the end, found ')'",
        "rotate(181)          | 8  | expected maxDegrees 0 to 180, found '181'",
        "translate(-0.1)      | 11 | expected maxFraction 0 to 1, found '-0.1'",
        "rotate(NaN)          | 8  | expected maxDegrees 0 to 180, found 'NaN'",
        "rotate(0x1p3)        | 8  | expected maxDegrees 0 to 180, found '0x1p3'",
        "rotate(1d)           | 8  | expected maxDegrees 0 to 180, found '1d'",
        "rotate(1, p=1.5)     | 13 | expected p 0 to 1, found '1.5'",
        "rotate(degrees=3)    | 8  | expected maxDegrees or p of ROTATE, found 'degrees'",
        "rotate(maxDegree=3)  | 8  | expected maxDegrees or p of ROTATE, found 'maxDegree';"
            + " did you mean 'maxDegrees'?",
        "rotate(maxDegrees=)  | 19 | expected maxDegrees of ROTATE, found ')'",
        "rotate(1,maxDegrees=1) | 10 | found 'maxDegrees' twice",
        "rotate(p=1, 3)       | 13 | expected name=value behind a named argument of ROTATE,"
            + " found '3'",
        "rand-augment(2.5)    | 14 | expected n 1 to 14, whole, found '2.5'",
        "rand-augment(2, 31)  | 17 | expected magnitude 0 to 30, whole, found '31'",
        "auto-augment(mnist)  | 14 | expected policy cifar10 or imagenet or svhn, found 'mnist'",
        "invert, blur(3, 1)   | 9  | maxSigma must be 3 to 20, got 1",
        "scale(0.9, 0.8)      | 1  | max must be 0.9 to 10, got 0.8",
        "pad-crop(4, grey)    | 13 | expected border black or reflect, found 'grey'",
        "mixup(0)             | 7  | expected alpha 0.01 to 100, found '0'"
      })
  void anErrorPointsAtItsColumnAndListsTheChoices(String text, int column, String problem) {
    String choices = "one of " + String.join(", ", OpSyntaxes.words()) + ", or none";

    assertThatThrownBy(() -> AugmentationPolicy.parse(text))
        .isInstanceOf(ConvoyException.class)
        .hasMessage(
            "augmentation policy \"%s\", column %d: %s",
            text,
            column,
            problem.replace("CHOICES", choices).replace("ROTATE", "rotate(maxDegrees 0 to 180)"));
  }

  @Test
  void allWordsAreListed() {
    assertThat(OpSyntaxes.words())
        .isSorted()
        .doesNotHaveDuplicates()
        .contains("rotate", "color-jitter", "mixup", "auto-augment");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rotate       | rotate(maxDegrees 0 to 180)",
        "invert       | invert(p 0 to 1 = 0.5)",
        "rand-augment | rand-augment(n 1 to 14, whole = 2, magnitude 0 to 30, whole = 9)",
        "sharpness    | sharpness(strength 0 to 10, p 0 to 1 = 0.5)"
      })
  void usageNamesArgumentsRangesAndDefaults(String word, String usage) {
    assertThat(OpSyntaxes.of(word).orElseThrow().usage()).isEqualTo(usage);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 180.1, Double.NaN, Double.POSITIVE_INFINITY})
  void anOperationChecksItsRange(double degrees) {
    assertThatThrownBy(() -> new Rotate(degrees))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("maxDegrees must be 0 to 180, got ");
  }
}
