package org.convoyml.spark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.convoyml.spark.train.Progress;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
  private static final Terminal LOG = new Terminal(false, 80);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, UTF_8);
  private long nanos = 5_000_000_000L;

  @Test
  void aLogGetsOneLineForEachEpoch() {
    ProgressDisplay display = display(LOG);
    display.update(progress(1, 0));
    after(Duration.ofSeconds(4));
    display.update(progress(1, 50));
    after(Duration.ofSeconds(4));
    display.update(progress(1, 100));
    assertThat(lines())
        .containsExactly("epoch  1/10  loss 0.1234  accuracy  97.50%  5,812 images/s  0:08");
  }

  @Test
  void aLogGetsALineEveryTenSecondsOfALongEpoch() {
    ProgressDisplay display = display(LOG);
    for (int step = 0; step < 100; step++) {
      display.update(progress(1, step));
      after(Duration.ofSeconds(1));
    }
    assertThat(lines()).hasSize(9);
    assertThat(lines().get(0))
        .isEqualTo(
            "epoch  1/10  step 10/100  loss 0.1234  accuracy  97.50%  5,812 images/s  ETA 16:30");
  }

  @Test
  void anEpochIsReportedOnce() {
    ProgressDisplay display = display(LOG);
    display.update(progress(1, 100));
    display.update(progress(1, 100));
    display.update(progress(1, 40));
    assertThat(lines()).hasSize(1);
  }

  @Test
  void aTerminalGetsABarThatNeverReachesTheLastColumn() {
    for (int columns = 1; columns <= 200; columns++) {
      bytes.reset();
      ProgressDisplay display = display(new Terminal(true, columns));
      display.update(progress(3, 0));
      after(Duration.ofSeconds(2));
      display.update(progress(3, 20));
      assertThat(text().lines()).as("%d columns", columns).isNotEmpty();
      for (String drawn : text().split("\r", -1)) {
        assertThat(drawn.length())
            .as("%d columns: '%s'", columns, drawn)
            .isLessThan(Math.max(2, columns));
      }
    }
  }

  @Test
  void theBarShowsTheShareOfTheEpochAndTheTimeLeftInAll() {
    ProgressDisplay display = display(new Terminal(true, 100));
    display.update(progress(3, 0));
    after(Duration.ofSeconds(2));
    display.update(progress(3, 20));
    String last = text().substring(text().lastIndexOf('\r') + 1);
    // 20 steps took 2 s; 80 of this epoch and 700 of the seven that follow are left.
    assertThat(last)
        .startsWith("epoch  3/10  [####....")
        .contains("]  20/100  ETA 1:18  loss 0.123");
  }

  @Test
  void everythingFitsEightyColumns() {
    ProgressDisplay display = display(new Terminal(true, 80));
    display.update(new Progress(1, 15, 0, 79, 0.2, 0.9, 4000));
    after(Duration.ofSeconds(2));
    display.update(new Progress(1, 15, 20, 79, 0.1234, 0.9523, 4942));
    String last = text().substring(text().lastIndexOf('\r') + 1);
    assertThat(last.strip())
        .startsWith("epoch  1/15  [")
        .endsWith("]  20/79  ETA 1:57  loss 0.123  accuracy 95.2%  4,942 images/s");
  }

  @Test
  void aFinishedEpochReplacesTheBar() {
    ProgressDisplay display = display(new Terminal(true, 80));
    display.update(progress(1, 10));
    after(Duration.ofSeconds(1));
    display.update(progress(1, 100));
    String[] drawn = text().split("\r", -1);
    assertThat(drawn[2]).isBlank().hasSameSizeAs(drawn[1]);
    assertThat(drawn[3]).startsWith("epoch  1/10  loss").endsWith("\n");
  }

  @Test
  void theBarIsNotRedrawnMoreOftenThanOneCanSee() {
    ProgressDisplay display = display(new Terminal(true, 80));
    for (int step = 0; step < 50; step++) {
      display.update(progress(1, step));
      after(Duration.ofMillis(10));
    }
    assertThat(text().chars().filter(c -> c == '\r')).hasSize(5);
  }

  @Test
  void closingRemovesAnUnfinishedBar() {
    try (ProgressDisplay display = display(new Terminal(true, 80))) {
      display.update(progress(1, 10));
    }
    assertThat(text()).endsWith(" \r");
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    display(LOG).update(new Progress(1, 1, 5, 5, 0.5, Double.NaN, Double.NaN));
    assertThat(lines()).containsExactly("epoch 1/1  loss 0.5000  0:00");
  }

  @Test
  void theSpeedOfAnEarlierRunDoesNotCount() {
    ProgressDisplay display = display(LOG);
    display.update(progress(9, 0));
    after(Duration.ofSeconds(10));
    display.update(progress(9, 50));
    assertThat(lines().get(0)).endsWith("ETA 0:30");
  }

  @Test
  void impossibleProgressIsRefused() {
    assertThatThrownBy(() -> progress(11, 1)).hasMessage("epoch 11 of 10");
    assertThatThrownBy(() -> progress(1, 101)).hasMessage("step 101 of 100");
  }

  private ProgressDisplay display(Terminal terminal) {
    return new ProgressDisplay(out, terminal, () -> nanos);
  }

  private void after(Duration time) {
    nanos += time.toNanos();
  }

  private static Progress progress(int epoch, int step) {
    return new Progress(epoch, 10, step, 100, 0.1234, 0.975, 5812);
  }

  private String text() {
    return bytes.toString(UTF_8);
  }

  private List<String> lines() {
    return text().lines().toList();
  }
}
