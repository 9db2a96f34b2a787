package org.convoyml.spark.cli;

import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.Shape;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * What {@code --mean} and {@code --std} say, or the usual statistics. Values that no network could
 * take are refused before anything runs; whether there is one for each channel is known only with
 * the network. Both are a wrong command line.
 *
 * @param command whose options they are
 * @param mean null for the default: MNIST's for grey images, ImageNet's for colour
 * @param deviation null for the default
 */
record Normalisation(CommandLine command, List<Float> mean, List<Float> deviation) {
  Normalisation {
    check(command, "--mean", mean, "finite", Float::isFinite);
    check(command, "--std", deviation, "positive", v -> Float.isFinite(v) && v > 0);
  }

  private static void check(
      CommandLine command, String option, List<Float> values, String what, Predicate<Float> holds) {
    if (values != null && !values.stream().allMatch(holds)) {
      throw new ParameterException(
          command, "%s must be %s, got %s".formatted(option, what, joined(values)));
    }
  }

  /** The same where pixels scaled to [0, 1] are the default. */
  Normalisation orUnchanged(Shape input) {
    return new Normalisation(
        command,
        mean == null ? Collections.nCopies(input.channels(), 0f) : mean,
        deviation == null ? Collections.nCopies(input.channels(), 1f) : deviation);
  }

  /**
   * Preprocessing for a network.
   *
   * @param input its input
   * @param origin of the network, for messages
   */
  Preprocessing preprocessing(Shape input, String origin) {
    if (!input.isSpatial() || (input.channels() != 1 && input.channels() != 3)) {
      throw new ConvoyException(
          "%s: expected an input of 1 or 3 channels, C×H×W, got %s".formatted(origin, input));
    }
    checkCount("--mean", mean, input);
    checkCount("--std", deviation, input);
    Preprocessing usual =
        input.channels() == 1
            ? Preprocessing.mnist(input.height(), input.width())
            : Preprocessing.imageNet(input.height(), input.width());
    return new Preprocessing(
        input.channels(),
        input.height(),
        input.width(),
        mean == null ? usual.mean() : mean,
        deviation == null ? usual.deviation() : deviation);
  }

  private void checkCount(String option, List<Float> values, Shape input) {
    if (values != null && values.size() != input.channels()) {
      throw new ParameterException(
          command,
          "%s: expected %d values, one for each channel of images of %s, got %s"
              .formatted(option, input.channels(), input, joined(values)));
    }
  }

  private static String joined(List<Float> values) {
    return String.join(",", values.stream().map(String::valueOf).toList());
  }
}
