package org.convoyml.aug.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ImageIdsTest {
  /** Checked with {@code printf airplane/0000.jpg | sha256sum}. */
  @Test
  void isTheBeginningOfTheHashOfThePath() {
    assertThat(Long.toHexString(ImageIds.of("airplane/0000.jpg"))).isEqualTo("bddfe5ae568c0f76");
    assertThat(Long.toHexString(ImageIds.of("train-images-idx3-ubyte/00000042")))
        .isEqualTo("797459f46b6ba3a2");
  }

  @Test
  void pathsAreUtf8() {
    assertThat(ImageIds.of("é/1.png")).isNotEqualTo(ImageIds.of("?/1.png"));
  }
}
