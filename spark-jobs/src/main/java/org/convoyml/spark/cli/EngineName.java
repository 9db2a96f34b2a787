package org.convoyml.spark.cli;

import java.util.ArrayList;
import java.util.List;
import org.convoyml.nn.engine.Engine;
import org.convoyml.nn.engine.Engines;
import org.convoyml.spark.train.TrainingConfig;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Takes the name of an engine that there is, or the word for the best one. */
final class EngineName implements ITypeConverter<String> {
  @Override
  public String convert(String text) {
    List<String> names = new ArrayList<>(Engines.all().stream().map(Engine::name).toList());
    names.add(TrainingConfig.BEST_ENGINE);
    if (!names.contains(text)) {
      throw new TypeConversionException(
          "no engine is named '%s', there are: %s".formatted(text, String.join(", ", names)));
    }
    return text;
  }
}
