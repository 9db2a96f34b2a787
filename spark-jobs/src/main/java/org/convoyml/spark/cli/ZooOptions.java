package org.convoyml.spark.cli;

import java.util.Iterator;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.zoo.Zoo;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How networks of the zoo and their inputs are written on the command line. */
final class ZooOptions {
  private ZooOptions() {}

  /** A network's name. */
  static final class NameConverter implements ITypeConverter<Zoo.Entry> {
    @Override
    public Zoo.Entry convert(String text) {
      try {
        return Zoo.named(text);
      } catch (ConvoyException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** An input shape, {@code C,H,W}. */
  static final class ShapeConverter implements ITypeConverter<Shape> {
    @Override
    public Shape convert(String text) {
      String[] parts = text.split(",", -1);
      try {
        if (parts.length == 3) {
          return Shape.of(
              Integer.parseInt(parts[0].strip()),
              Integer.parseInt(parts[1].strip()),
              Integer.parseInt(parts[2].strip()));
        }
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            "expected channels,height,width such as 3,224,224, got '%s': %s"
                .formatted(text, e.getMessage()));
      }
      throw new TypeConversionException(
          "expected channels,height,width such as 3,224,224, got '" + text + "'");
    }
  }

  /** For the help. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Zoo.names().iterator();
    }
  }
}
