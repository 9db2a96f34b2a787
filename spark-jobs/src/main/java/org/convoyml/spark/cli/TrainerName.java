package org.convoyml.spark.cli;

import org.convoyml.spark.train.Trainers;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Takes the name of a trainer that there is. */
final class TrainerName implements ITypeConverter<String> {
  @Override
  public String convert(String text) {
    if (!Trainers.names().contains(text)) {
      throw new TypeConversionException(
          "no trainer is named '%s', there are: %s"
              .formatted(text, String.join(", ", Trainers.names())));
    }
    return text;
  }
}
