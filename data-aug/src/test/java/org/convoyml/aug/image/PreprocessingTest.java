package org.convoyml.aug.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreprocessingTest {
  @Test
  void jsonReadsBackTheSame() {
    for (Preprocessing value :
        List.of(Preprocessing.mnist(28, 28), Preprocessing.imageNet(224, 192).withResize(256))) {
      assertThat(Preprocessing.fromJson(value.toJson(), "x")).isEqualTo(value);
    }
  }

  @Test
  void jsonIsForPeopleToo() {
    assertThat(Preprocessing.mnist(28, 28).toJson())
        .isEqualToIgnoringWhitespace(
            """
            {
              "channels" : 1,
              "height" : 28,
              "width" : 28,
              "mean" : [ 0.1307 ],
              "deviation" : [ 0.3081 ],
              "resize" : 0
            }
            """);
  }

  @Test
  void filesFromBeforeThereWasResizingMeanNone() {
    assertThat(
            Preprocessing.fromJson(
                "{\"channels\":1,\"height\":28,\"width\":28,\"mean\":[0.1307],\"deviation\":[0.3081]}",
                "x"))
        .isEqualTo(Preprocessing.mnist(28, 28));
  }

  @Test
  void resizingToLessThanTheNetworkReadsIsRefused() {
    assertThatThrownBy(() -> Preprocessing.imageNet(224, 192).withResize(223))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("resize must be 0 or at least 224, the larger of height and width, got 223");
  }

  @Test
  void hasTheShapeOfAnExample() {
    assertThat(Preprocessing.imageNet(224, 192).shape()).isEqualTo(Shape.of(3, 224, 192));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{\"channels\":1,\"height\":28,\"width\":28,\"mean\":[0.1]} | deviation",
        "{\"channels\":1,\"height\":28,\"width\":28,\"mean\":[0.1],\"deviation\":null} | deviation",
        "{\"channels\":1,\"height\":28,\"width\":28,\"mean\":[0.1],\"deviation\":[0.3],\"crop\":2}"
            + " | crop",
        "{\"channels\":2,\"height\":28,\"width\":28,\"mean\":[0.1],\"deviation\":[0.3]} | channels"
            + " must be 1 or 3, got 2",
        "{\"channels\":1,\"height\":0,\"width\":28,\"mean\":[0.1],\"deviation\":[0.3]} | height and"
            + " width must be positive, got 0×28",
        "{\"channels\":3,\"height\":9,\"width\":28,\"mean\":[0.1],\"deviation\":[0.3]} | expected 3"
            + " means and deviations, one for each channel, got [0.1] and [0.3]",
        "{\"channels\":1,\"height\":9,\"width\":28,\"mean\":[0.1],\"deviation\":[0]} | deviations"
            + " must be positive, got [0.0]",
        "{\"channels\":1,\"height\":9,\"width\":28,\"mean\":[1e99],\"deviation\":[1]} | means must"
            + " be finite",
        "{\"channels\":1.5,\"height\":9,\"width\":28,\"mean\":[0.1],\"deviation\":[1]} | 1.5",
        "{\"channels\":\"1\",\"height\":9,\"width\":28,\"mean\":[0.1],\"deviation\":[1]} |"
            + " channels",
        "{\"channels\":1,\"height\":9,\"width\":28,\"mean\":[null],\"deviation\":[1]} | mean",
        "{ | not JSON, line 1, column 2",
        "[] | Array",
        "{\"channels\" 1} | not JSON, line 1, column 14",
        "'' | expected preprocessing, found nothing",
        "null | expected preprocessing, found null"
      })
  void aBadDescriptionSaysWhatIsWrong(String json, String problem) {
    assertThatThrownBy(() -> Preprocessing.fromJson(json, "m/preprocessing.json"))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith("m/preprocessing.json: ")
        .hasMessageContaining(problem)
        .message()
        .doesNotContain("\n");
  }
}
