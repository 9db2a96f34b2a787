package org.convoyml.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ProgressAccumulatorTest {
  private final ProgressAccumulator driver = new ProgressAccumulator();

  @Test
  void itIsZeroUntilThereIsProgress() {
    assertThat(driver.isZero()).isTrue();
    driver.add(progress(1, 3));
    assertThat(driver.isZero()).isFalse();
    driver.reset();
    assertThat(driver.isZero()).isTrue();
  }

  @Test
  void theFurthestProgressCountsInWhateverOrderItArrives() {
    driver.merge(with(progress(1, 5)));
    driver.merge(with(progress(1, 4)));
    assertThat(driver.value()).isEqualTo(progress(1, 5));
    driver.merge(with(progress(2, 1)));
    driver.merge(with(progress(1, 9)));
    driver.merge(new ProgressAccumulator());
    assertThat(driver.value()).isEqualTo(progress(2, 1));
  }

  @Test
  void aCopyStaysWhatItWas() {
    driver.add(progress(1, 1));
    var copy = driver.copy();
    driver.add(progress(1, 2));
    assertThat(copy.value()).isEqualTo(progress(1, 1));
  }

  @Test
  void progressCountsFromOneToTheEnd() {
    assertThat(progress(2, 3).stepsDone()).isEqualTo(13);
    assertThat(progress(2, 3).stepsInAll()).isEqualTo(30);
    assertThat(progress(2, 3).epochDone()).isFalse();
    assertThat(progress(2, 10).epochDone()).isTrue();
    assertThatIllegalArgumentException().isThrownBy(() -> progress(4, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> progress(0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> progress(1, 11));
  }

  private static ProgressAccumulator with(Progress progress) {
    ProgressAccumulator accumulator = new ProgressAccumulator();
    accumulator.add(progress);
    return accumulator;
  }

  private static Progress progress(int epoch, int step) {
    return new Progress(epoch, 3, step, 10, 0.5, 0.9, 1000);
  }
}
