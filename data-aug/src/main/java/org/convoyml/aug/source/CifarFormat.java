package org.convoyml.aug.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.convoyml.nn.ConvoyException;

/**
 * How a record of the CIFAR binary files is laid out: labels of a byte each, then 32×32 pixels, a
 * plane each of red, green and blue.
 *
 * @see <a href="https://www.cs.toronto.edu/~kriz/cifar.html">Krizhevsky, The CIFAR-10 and CIFAR-100
 *     datasets</a>
 */
enum CifarFormat {
  /** One label. */
  CIFAR_10(1, "batches.meta.txt"),

  /** A coarse label, which is left out, and a fine one. */
  CIFAR_100(2, "fine_label_names.txt");

  static final int SIDE = 32;
  private static final int PIXELS = 3 * SIDE * SIDE;

  private final int labels;
  private final String namesFile;

  CifarFormat(int labels, String namesFile) {
    this.labels = labels;
    this.namesFile = namesFile;
  }

  /** Which one a file has: the one whose names of classes lie beside it. */
  static CifarFormat of(HadoopFile data) {
    List<CifarFormat> found =
        Stream.of(values()).filter(format -> data.sibling(format.namesFile).exists()).toList();
    if (found.isEmpty()) {
      throw new ConvoyException(
          "%s: expected names of classes beside it in %s (CIFAR-10) or %s (CIFAR-100), found neither"
              .formatted(data.path(), CIFAR_10.namesFile, CIFAR_100.namesFile));
    }
    if (found.size() > 1) {
      throw new ConvoyException(
          "%s: expected either %s or %s beside it, found both: keep CIFAR-10 and CIFAR-100 apart"
              .formatted(data.path(), CIFAR_10.namesFile, CIFAR_100.namesFile));
    }
    return found.get(0);
  }

  int recordBytes() {
    return labels + PIXELS;
  }

  /** Where in a record its label is: the last before the pixels. */
  int labelOffset() {
    return labels - 1;
  }

  /** Where in a record its pixels begin. */
  int pixelOffset() {
    return labels;
  }

  /**
   * How many images are in a file.
   *
   * @throws ConvoyException if it has none, or part of one
   */
  int count(HadoopFile data) {
    long bytes = data.status().getLen();
    long count = bytes / recordBytes();
    if (count == 0 || bytes % recordBytes() != 0 || count > Integer.MAX_VALUE) {
      throw new ConvoyException(
          "%s: expected images of %d bytes each, found %d bytes: cut off, or no CIFAR file?"
              .formatted(data.path(), recordBytes(), bytes));
    }
    return (int) count;
  }

  /** Names of the classes in the order of the labels in files. */
  List<String> names(HadoopFile data) {
    HadoopFile file = data.sibling(namesFile);
    try (InputStream in = file.open()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .toList();
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }
}
