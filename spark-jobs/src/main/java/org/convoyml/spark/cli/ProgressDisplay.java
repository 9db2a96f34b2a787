package org.convoyml.spark.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.convoyml.spark.train.Progress;

/**
 * Shows training progress: one line for each epoch that is done, and in between on a terminal a bar
 * that is redrawn in place, in a log a line every ten seconds.
 *
 * <p>Updates may come from several threads, late, or twice; an epoch is reported once.
 */
public final class ProgressDisplay implements AutoCloseable {
  private static final Duration LOG_INTERVAL = Duration.ofSeconds(10);
  private static final Duration REDRAW_INTERVAL = Duration.ofMillis(100);
  private static final int MAX_BAR = 40;
  private static final int MIN_BAR = 3;

  private final PrintStream out;
  private final Terminal terminal;
  private final LongSupplier nanoTime;

  private long firstStep = -1;
  private long firstNanos;
  private long epochNanos;
  private long shownNanos;
  private int startedEpoch;
  private int finishedEpoch;
  private int drawnWidth;

  public ProgressDisplay(PrintStream out, Terminal terminal) {
    this(out, terminal, System::nanoTime);
  }

  ProgressDisplay(PrintStream out, Terminal terminal, LongSupplier nanoTime) {
    this.out = out;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  public synchronized void update(Progress progress) {
    if (progress.epoch() <= finishedEpoch) {
      return;
    }
    long now = nanoTime.getAsLong();
    start(progress, now);
    if (progress.epochDone()) {
      finishedEpoch = progress.epoch();
      line(epochLine(progress, now));
      shownNanos = now;
    } else if (now - shownNanos >= interval().toNanos()) {
      show(progress, now);
      shownNanos = now;
    }
  }

  /** Prints a line of its own, above the bar if there is one. */
  public synchronized void line(String text) {
    erase();
    out.println(text);
    out.flush();
  }

  /** Removes an unfinished bar, so that what follows begins on an empty line. */
  @Override
  public synchronized void close() {
    erase();
    out.flush();
  }

  private void start(Progress progress, long now) {
    if (firstStep < 0) {
      // What was done before, by a run that this one resumes, says nothing about our speed.
      firstStep = progress.stepsDone();
      firstNanos = now;
      shownNanos = terminal.interactive() ? now - REDRAW_INTERVAL.toNanos() : now;
    }
    if (progress.epoch() != startedEpoch) {
      startedEpoch = progress.epoch();
      epochNanos = now;
    }
  }

  private Duration interval() {
    return terminal.interactive() ? REDRAW_INTERVAL : LOG_INTERVAL;
  }

  private void show(Progress progress, long now) {
    if (terminal.interactive()) {
      redraw(barLine(progress, now));
    } else {
      line(stepLine(progress, now));
    }
  }

  private void redraw(String text) {
    String padding = " ".repeat(Math.max(0, drawnWidth - text.length()));
    out.print("\r" + text + padding);
    out.flush();
    drawnWidth = text.length();
  }

  private void erase() {
    if (drawnWidth > 0) {
      out.print("\r" + " ".repeat(drawnWidth) + "\r");
      drawnWidth = 0;
    }
  }

  private String epochLine(Progress progress, long now) {
    List<String> fields = fields(progress);
    fields.add(0, epoch(progress));
    fields.add(duration(now - epochNanos));
    return String.join("  ", fields);
  }

  private String stepLine(Progress progress, long now) {
    List<String> fields = fields(progress);
    fields.add(0, epoch(progress));
    fields.add(1, "step %d/%d".formatted(progress.step(), progress.steps()));
    eta(progress, now, fields);
    return String.join("  ", fields);
  }

  /**
   * All that a line in a log has, shorter, so that it fits 80 columns; what still does not fit is
   * left out from the end, then the bar.
   */
  private String barLine(Progress progress, long now) {
    // A character in the last column would make some terminals begin a new line.
    int width = terminal.columns() - 1;
    String head = epoch(progress);
    List<String> fields = new ArrayList<>();
    fields.add("%d/%d".formatted(progress.step(), progress.steps()));
    eta(progress, now, fields);
    fields.addAll(fields(progress, "loss %.3f", "accuracy %.1f%%"));
    while (true) {
      String tail = String.join("  ", fields);
      int bar = Math.min(MAX_BAR, width - head.length() - tail.length() - 6);
      if (bar >= MIN_BAR) {
        return "%s  [%s]  %s".formatted(head, bar(progress, bar), tail);
      }
      if (fields.isEmpty()) {
        return head.substring(0, Math.max(0, Math.min(width, head.length())));
      }
      fields.remove(fields.size() - 1);
    }
  }

  private static String bar(Progress progress, int width) {
    int done = (int) ((long) width * progress.step() / progress.steps());
    return "#".repeat(done) + ".".repeat(width - done);
  }

  private static String epoch(Progress progress) {
    int digits = Integer.toString(progress.epochs()).length();
    return "epoch %s/%d"
        .formatted(
            " ".repeat(digits - Integer.toString(progress.epoch()).length()) + progress.epoch(),
            progress.epochs());
  }

  private static List<String> fields(Progress progress) {
    return fields(progress, "loss %.4f", "accuracy %6.2f%%");
  }

  private static List<String> fields(Progress progress, String loss, String accuracy) {
    List<String> fields = new ArrayList<>();
    if (!Double.isNaN(progress.loss())) {
      fields.add(String.format(Locale.ROOT, loss, progress.loss()));
    }
    if (!Double.isNaN(progress.accuracy())) {
      fields.add(String.format(Locale.ROOT, accuracy, 100 * progress.accuracy()));
    }
    if (!Double.isNaN(progress.imagesPerSecond())) {
      fields.add(String.format(Locale.ROOT, "%,.0f images/s", progress.imagesPerSecond()));
    }
    return fields;
  }

  private void eta(Progress progress, long now, List<String> fields) {
    long done = progress.stepsDone() - firstStep;
    if (done > 0) {
      double nanosPerStep = (double) (now - firstNanos) / done;
      long left = progress.stepsInAll() - progress.stepsDone();
      fields.add("ETA " + duration(Math.round(nanosPerStep * left)));
    }
  }

  /** {@code 0:07}, {@code 12:30}, {@code 3:05:00}. */
  private static String duration(long nanos) {
    long seconds = Math.round(nanos / 1e9);
    long hours = seconds / 3600;
    long minutes = seconds / 60 % 60;
    return hours > 0
        ? "%d:%02d:%02d".formatted(hours, minutes, seconds % 60)
        : "%d:%02d".formatted(minutes, seconds % 60);
  }
}
