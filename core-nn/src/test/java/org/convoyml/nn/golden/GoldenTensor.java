package org.convoyml.nn.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * What a golden file holds of a tensor.
 *
 * @param norm Euclidean
 * @param entries at the places that {@link Counter#sampled} names
 */
public record GoldenTensor(String name, List<Integer> shape, double norm, List<Double> entries) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  public GoldenTensor {
    shape = List.copyOf(shape);
    entries = List.copyOf(entries);
  }

  /** The lines of a file below the folder {@code golden}. */
  public static List<String> lines(String file) {
    try (InputStream in = GoldenTensor.class.getResourceAsStream("/golden/" + file)) {
      Objects.requireNonNull(in, () -> "there is no golden file " + file);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A line of such a file as an object. */
  public static <T> T parse(String line, Class<T> type) {
    try {
      return JSON.readValue(line, type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Fails unless the tensor in {@code [from, to)} is the golden one. Norms may differ by {@code
   * tolerance} of the norm, entries by that share of themselves or of the tensor's root mean
   * square, whichever is more: where numbers cancel, an entry's own size says nothing of its
   * rounding.
   */
  public void assertMatches(float[] vector, int from, int to, double tolerance) {
    checkNorm(vector, from, to, tolerance);
    int[] places = places(to - from);
    double rootMeanSquare = norm / Math.sqrt(to - from);
    for (int j = 0; j < places.length; j++) {
      double expected = entries.get(j);
      double allowed = tolerance * Math.max(Math.abs(expected), rootMeanSquare);
      check("entry " + places[j], vector[from + places[j]], expected, allowed);
    }
  }

  /**
   * Fails unless the tensor in {@code [from, to)} is the golden one but for a few entries: norms
   * may differ by {@code tolerance} of the norm, and the root mean square of the entries'
   * differences may be that share of the tensor's.
   */
  public void assertNear(float[] vector, int from, int to, double tolerance) {
    checkNorm(vector, from, to, tolerance);
    int[] places = places(to - from);
    double squares = 0;
    for (int j = 0; j < places.length; j++) {
      double difference = vector[from + places[j]] - entries.get(j);
      squares += difference * difference;
    }
    double allowed = tolerance * norm / Math.sqrt(to - from);
    check("difference of entries", Math.sqrt(squares / places.length), 0, allowed);
  }

  private void checkNorm(float[] vector, int from, int to, double tolerance) {
    assertThat(to - from).as(name).isEqualTo(shape.stream().reduce(1, Math::multiplyExact));
    double squares = 0;
    for (int i = from; i < to; i++) {
      squares += (double) vector[i] * vector[i];
    }
    check("norm", Math.sqrt(squares), norm, tolerance * norm);
  }

  private int[] places(int size) {
    int[] places = Counter.sampled(size);
    assertThat(entries).as(name).hasSize(places.length);
    return places;
  }

  private void check(String what, double found, double expected, double allowed) {
    // Written so that NaN fails.
    assertThat(Math.abs(found - expected) <= allowed)
        .as("%s: %s is %s, PyTorch's %s", name, what, found, expected)
        .isTrue();
  }
}
