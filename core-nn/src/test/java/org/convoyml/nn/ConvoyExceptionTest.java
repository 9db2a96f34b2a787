package org.convoyml.nn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConvoyExceptionTest {
  @Test
  void theMessageIsOneLineWhateverNamesItQuotes() {
    assertThat(new ConvoyException("a\r\nb\u2028c\td")).hasMessage("a b c d");
    assertThat(new ConvoyException("a\nb", new IllegalStateException("c"))).hasMessage("a b");
  }
}
