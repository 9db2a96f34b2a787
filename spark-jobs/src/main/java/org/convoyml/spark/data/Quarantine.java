package org.convoyml.spark.data;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import com.univocity.parsers.csv.CsvFormat;
import com.univocity.parsers.csv.CsvWriter;
import com.univocity.parsers.csv.CsvWriterSettings;
import java.io.StringWriter;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The corrupt images of a data set, on the driver: each once, however often it was met, in order of
 * ids. Grows no larger than {@link ImageLimits} allow.
 */
public final class Quarantine {
  /** Name of the file that lists them. */
  public static final String FILE = "quarantine.csv";

  private final SortedMap<Long, CorruptImage> images = new TreeMap<>();

  public void add(CorruptImage image) {
    images.putIfAbsent(image.id(), image);
  }

  public int size() {
    return images.size();
  }

  public boolean isEmpty() {
    return images.isEmpty();
  }

  /** In order of ids. */
  public Collection<CorruptImage> images() {
    return Collections.unmodifiableCollection(images.values());
  }

  /** How many were first met where. */
  public SortedMap<String, Long> executors() {
    return images.values().stream()
        .collect(groupingBy(CorruptImage::executor, TreeMap::new, counting()));
  }

  /** What is wrong with them. */
  public CorruptReasons reasons() {
    CorruptReasons reasons = new CorruptReasons();
    images.values().forEach(image -> reasons.add(image.id(), image.origin(), image.reason()));
    return reasons;
  }

  /** A table as RFC 4180 has it, with the columns id, origin and reason, in order of ids. */
  public String toCsv() {
    CsvWriterSettings settings = new CsvWriterSettings();
    CsvFormat format = settings.getFormat();
    format.setLineSeparator("\r\n");
    format.setQuoteEscape('"');
    settings.setQuotationTriggers('"', ',', '\r', '\n');
    settings.setNormalizeLineEndingsWithinQuotes(false);
    settings.setIgnoreLeadingWhitespaces(false);
    settings.setIgnoreTrailingWhitespaces(false);
    StringWriter text = new StringWriter();
    CsvWriter writer = new CsvWriter(text, settings);
    writer.writeHeaders("id", "origin", "reason");
    images.values().forEach(image -> writer.writeRow(image.id(), image.origin(), image.reason()));
    writer.close();
    return text.toString();
  }
}
