package org.convoyml.aug.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.convoyml.aug.op.AutoAugment.Pair;
import org.convoyml.aug.op.AutoAugment.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares automatic policies with torchvision's tables. */
class AutoAugmentTableTest {
  private static final JsonNode TORCHVISION = GoldenPictures.json("autoaugment.json");

  @ParameterizedTest
  @EnumSource(AutoAugment.Policy.class)
  void pairsAreTorchvisions(AutoAugment.Policy policy) {
    List<Step> expected = new ArrayList<>();
    for (JsonNode pair : TORCHVISION.get("policies").get(policy.name().toLowerCase(Locale.ROOT))) {
      for (JsonNode step : pair) {
        // Where there is no magnitude it is null, and asInt gives 0.
        expected.add(
            new Step(op(step.get(0).textValue()), step.get(1).doubleValue(), step.get(2).asInt()));
      }
    }

    Stream<Step> steps =
        policy.pairs().stream().flatMap((Pair pair) -> Stream.of(pair.first(), pair.second()));

    assertThat(policy.pairs()).hasSize(25);
    assertThat(steps).containsExactlyElementsOf(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "auto-augment, USUAL, 10, 14",
    "rand-augment, USUAL, 31, 14",
    "trivial-augment, WIDE, 31, 14"
  })
  void magnitudesOfAllBinsAreTorchvisions(String policy, String space, int bins, int operations) {
    MagnitudeSpace ours = space.equals("WIDE") ? MagnitudeSpace.WIDE : MagnitudeSpace.USUAL;
    JsonNode theirs = TORCHVISION.get("spaces").get(policy);
    int height = TORCHVISION.get("height").intValue();
    int width = TORCHVISION.get("width").intValue();

    assertThat(theirs).hasSize(operations);
    theirs
        .fields()
        .forEachRemaining(
            field -> {
              AutoOp op = op(field.getKey());
              JsonNode magnitudes = field.getValue().get("magnitudes");
              assertThat(op.isSigned()).isEqualTo(field.getValue().get("signed").booleanValue());
              for (int bin = 0; bin < magnitudes.size(); bin++) {
                assertThat(op.magnitude(ours, bin, bins, height, width))
                    .as("%s, bin %s", op, bin)
                    .isCloseTo(magnitudes.get(bin).doubleValue(), within(2e-5));
              }
            });
  }

  @Test
  void randAugmentChoosesFromTorchvisionsOperations() {
    List<AutoOp> theirs = new ArrayList<>();
    TORCHVISION
        .get("spaces")
        .get("rand-augment")
        .fieldNames()
        .forEachRemaining(n -> theirs.add(op(n)));

    assertThat(theirs).hasSize(AutoOp.CHOICES).doesNotContain(AutoOp.INVERT);
  }

  /** The operation of torchvision's name, for example {@code ShearX}. */
  static AutoOp op(String name) {
    return AutoOp.valueOf(name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT));
  }
}
