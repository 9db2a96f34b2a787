package org.convoyml.spark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.convoyml.nn.ConvoyException;
import org.junit.jupiter.api.Test;

class QuarantineFileTest {
  @Test
  void eachImageIsListedOnceInOrderOfIdsAsRfc4180HasIt() {
    Quarantine quarantine = new Quarantine();
    quarantine.add(new CorruptImage(5, "a, b.png", "cut off", "1"));
    quarantine.add(new CorruptImage(-7, "say \"hi\".jpg", "two\nlines", "2"));
    quarantine.add(new CorruptImage(5, "a, b.png", "cut off", "2"));
    quarantine.add(new CorruptImage(6, " c.png ", "", "2"));
    assertThat(quarantine.toCsv())
        .isEqualTo(
            """
            id,origin,reason\r
            -7,"say ""hi"".jpg","two
            lines"\r
            5,"a, b.png",cut off\r
            6, c.png ,\r
            """);
    assertThat(quarantine.size()).isEqualTo(3);
    assertThat(quarantine.executors()).hasToString("{1=1, 2=2}");
  }

  @Test
  void theMostFrequentReasonsAreNamedWithTheImageOfTheSmallestId() {
    CorruptReasons reasons = new CorruptReasons();
    reasons.add(9, "nine", "HTML");
    reasons.add(3, "three", "HTML");
    reasons.add(4, "four", "cut off");
    reasons.add(1, "one", "a GIF image");
    assertThat(reasons.worst())
        .isEqualTo("2 × HTML (three); 1 × a GIF image (one); 1 × cut off (four)");
    reasons.add(0, "zero", "zeros");
    assertThat(reasons.worst()).endsWith("(four); 1 for other reasons");
    assertThat(reasons.images()).isEqualTo(5);
  }

  @Test
  void howManyReasonsAreToldApartIsBounded() {
    CorruptReasons reasons = new CorruptReasons();
    for (int i = 0; i < 10_000; i++) {
      reasons.add(i, "image", "size " + i);
    }
    assertThat(reasons.images()).isEqualTo(10_000);
    assertThat(reasons.toArray()).hasSize(1001);
  }

  @Test
  void theLimitItselfIsAllowed() {
    CorruptReasons reasons = new CorruptReasons();
    reasons.add(1, "a", "cut off");
    reasons.check(new ImageLimits(1, 0.01), 100, "photos");
    assertThatThrownBy(() -> reasons.check(new ImageLimits(1, 0.01), 99, "photos"))
        .isInstanceOf(ConvoyException.class)
        .hasMessage(
            "photos: 1 of 99 images are corrupt (1.01%), more than --max-corrupt 0.01 allows: 1 ×"
                + " cut off (a)");
    new CorruptReasons().check(new ImageLimits(1, 0), 1, "photos");
  }
}
