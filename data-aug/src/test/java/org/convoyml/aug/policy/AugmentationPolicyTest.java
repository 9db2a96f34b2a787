package org.convoyml.aug.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.convoyml.aug.op.Rotate;
import org.convoyml.aug.op.Translate;
import org.convoyml.nn.ConvoyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationPolicyTest {
  @Test
  void readsOperationsInOrder() {
    assertThat(AugmentationPolicy.parse("rotate(10), translate(0.1)"))
        .isEqualTo(new AugmentationPolicy(List.of(new Rotate(10), new Translate(0.1))));
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
        "rotate(10.0),translate(.10) | rotate(10), translate(0.1)",
        "' rotate ( 1e1 ) '            | rotate(10)",
        "translate(1e-5)              | translate(0.00001)",
        "rotate(-0)                   | rotate(0)",
        "rotate(180), rotate(0.3)     | rotate(180), rotate(0.3)",
        "none                         | none"
      })
  void isWrittenInOneWayThatReadsBackTheSame(String text, String canonical) {
    AugmentationPolicy policy = AugmentationPolicy.parse(text);

    assertThat(policy).hasToString(canonical);
    assertThat(AugmentationPolicy.parse(policy.toString())).hasToString(canonical);
  }

  @Test
  void isAStringInJson() throws JsonProcessingException {
    JsonMapper json = new JsonMapper();
    AugmentationPolicy policy = AugmentationPolicy.parse("rotate(10), translate(0.1)");

    String text = json.writeValueAsString(policy);

    assertThat(text).isEqualTo("\"rotate(10), translate(0.1)\"");
    assertThat(json.readValue(text, AugmentationPolicy.class)).isEqualTo(policy);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rotat(10)          | 1  | expected one of CHOICES, found 'rotat'",
        "rotate(10), flip() | 13 | expected one of CHOICES, found 'flip'",
        "''                 | 1  | expected one of CHOICES, found the end",
        "rotate(10),        | 12 | expected one of CHOICES, found the end",
        "(10)               | 1  | expected one of CHOICES, found '('",
        "rotate             | 7  | expected '(' of rotate(maxDegrees 0 to 180), found the end",
        "rotate(10          | 10 | expected ')' of rotate(maxDegrees 0 to 180), found the end",
        "rotate(1, 2)       | 9  | expected ')' of rotate(maxDegrees 0 to 180), found ','",
        "rotate()           | 8  | expected a number in rotate(maxDegrees 0 to 180), found ')'",
        "rotate(ten)        | 8  | expected a number in rotate(maxDegrees 0 to 180), found 't'",
        "rotate(1)rotate(2) | 10 | expected ',' or the end, found 'r'",
        "rotate(181)        | 8  | expected maxDegrees 0 to 180, found 181",
        "translate(-0.1)    | 11 | expected maxFraction 0 to 1, found -0.1",
        "rotate(NaN)        | 8  | expected maxDegrees 0 to 180, found NaN"
      })
  void anErrorPointsAtItsColumn(String text, int column, String problem) {
    String choices = "rotate(maxDegrees 0 to 180), translate(maxFraction 0 to 1), or none";

    assertThatThrownBy(() -> AugmentationPolicy.parse(text))
        .isInstanceOf(ConvoyException.class)
        .hasMessage(
            "augmentation policy \"%s\", column %d: %s",
            text, column, problem.replace("CHOICES", choices));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 180.1, Double.NaN, Double.POSITIVE_INFINITY})
  void anOperationChecksItsRange(double degrees) {
    assertThatThrownBy(() -> new Rotate(degrees))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("maxDegrees must be 0 to 180, got ");
  }
}
