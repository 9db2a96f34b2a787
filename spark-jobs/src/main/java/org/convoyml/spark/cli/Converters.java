package org.convoyml.spark.cli;

import java.util.function.Function;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.train.LearningRateSchedule;
import org.convoyml.nn.train.Optimizer;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Values that have a small language of their own. A wrong one is a wrong command line. */
final class Converters {
  private Converters() {}

  private static <T> T parsed(String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (ConvoyException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  /** An augmentation policy. */
  static final class OfPolicy implements ITypeConverter<AugmentationPolicy> {
    @Override
    public AugmentationPolicy convert(String text) {
      return parsed(text, AugmentationPolicy::parse);
    }
  }

  /** A learning-rate schedule. */
  static final class OfSchedule implements ITypeConverter<LearningRateSchedule> {
    @Override
    public LearningRateSchedule convert(String text) {
      return parsed(text, LearningRateSchedule::parse);
    }
  }

  /** An optimizer. */
  static final class OfOptimizer implements ITypeConverter<Optimizer> {
    @Override
    public Optimizer convert(String text) {
      return parsed(text, Optimizer::parse);
    }
  }
}
