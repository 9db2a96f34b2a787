package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextWidthTest {
  private static final String CAT_IN_CHINESE = "\u8c93";
  private static final String E_ACUTE_COMBINED = "e\u0301";
  private static final String CAT_EMOJI = "\ud83d\udc31";
  private static final String HALF_WIDTH_KATAKANA = "\uff76";

  @Test
  void charactersTakeZeroOneOrTwoColumns() {
    assertThat(TextWidth.of("cat")).isEqualTo(3);
    assertThat(TextWidth.of(CAT_IN_CHINESE)).isEqualTo(2);
    assertThat(TextWidth.of(E_ACUTE_COMBINED)).isEqualTo(1);
    assertThat(TextWidth.of(CAT_EMOJI)).isEqualTo(2);
    assertThat(TextWidth.of(HALF_WIDTH_KATAKANA)).isEqualTo(1);
  }

  @Test
  void paddingCountsColumns() {
    assertThat(TextWidth.left(CAT_IN_CHINESE, 4)).isEqualTo(CAT_IN_CHINESE + "  ");
    assertThat(TextWidth.right(CAT_IN_CHINESE, 4)).isEqualTo("  " + CAT_IN_CHINESE);
    assertThat(TextWidth.right("cat", 2)).isEqualTo("cat");
  }

  @Test
  void cuttingNeverSplitsACharacter() {
    assertThat(TextWidth.atMost("cat", 3)).isEqualTo("cat");
    assertThat(TextWidth.atMost("catfish", 5)).isEqualTo("cat..");
    assertThat(TextWidth.atMost(CAT_EMOJI.repeat(4), 5)).isEqualTo(CAT_EMOJI + "..");
  }
}
