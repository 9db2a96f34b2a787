package org.convoyml.nn.spec;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.convoyml.nn.ConvoyException;

/**
 * A network as JSON text, and back. Reading is strict: every field must be there, be known and have
 * the right type. Types are the fixed names that {@link LayerSpec} and {@link Loss} list, so no
 * text can make it load another class.
 */
public final class NetworkJson {
  private static final JsonMapper MAPPER = strictMapper();

  /** Advice to programmers at the end of some of Jackson's messages. */
  private static final String ADVICE = " \\(but might .*\\)";

  /** A class as Jackson's messages write it; the group is its simple name. */
  private static final String QUALIFIED_NAME = "`(?:\\w+\\.)*(\\w+)`";

  private NetworkJson() {}

  /** Indented text that ends with a newline; the same for equal networks on every platform. */
  public static String write(NetworkSpec network) {
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
    printer.indentArraysWith(DefaultPrettyPrinter.FixedSpaceIndenter.instance);
    try {
      return MAPPER.writer(printer).writeValueAsString(network) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the network " + network.name(), e);
    }
  }

  /**
   * Reads what {@link #write} wrote, or a person.
   *
   * @param origin where the text comes from, for messages
   * @throws ConvoyException if it is not JSON, not a network, or its shapes do not fit
   */
  public static NetworkSpec read(String json, String origin) {
    try {
      NetworkSpec network = MAPPER.readValue(json, NetworkSpec.class);
      if (network == null) {
        throw new ConvoyException(origin + ": expected a network, got null");
      }
      ParameterLayout.of(network); // refuses what could never be computed
      return network;
    } catch (JsonProcessingException e) {
      throw new ConvoyException(
          "%s: %s%s%s".formatted(origin, path(e), problem(e), position(e)), e);
    } catch (IllegalArgumentException e) {
      throw new ConvoyException(origin + ": " + e.getMessage(), e);
    }
  }

  private static JsonMapper strictMapper() {
    return JsonMapper.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .enable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
            DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
            DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .withCoercionConfig(
            LogicalType.Textual,
            text -> {
              text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
              text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
              text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
            })
        .build();
  }

  /** For example {@code layers[3].layer.kernel: }, or nothing at the root. */
  private static String path(JsonProcessingException e) {
    if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
      return "";
    }
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference reference : mapping.getPath()) {
      if (reference.getFieldName() == null) {
        path.append('[').append(reference.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
      }
    }
    return path.append(": ").toString();
  }

  /** One line in our words where Jackson's would speak of classes. */
  private static String problem(JsonProcessingException e) {
    if (e instanceof UnrecognizedPropertyException) {
      return "unknown field";
    }
    if (e instanceof InvalidTypeIdException invalid) {
      return invalid.getTypeId() == null
          ? "missing field 'type'"
          : "unknown type '" + invalid.getTypeId() + "'";
    }
    if (e instanceof ValueInstantiationException && e.getCause() != null) {
      // The constructors of our own records refuse null with a bare NullPointerException.
      String message = e.getCause().getMessage();
      return message == null ? "null is not a value here" : message;
    }
    if (e instanceof InvalidFormatException format) {
      return "expected %s, got %s".formatted(expected(format.getTargetType()), format.getValue());
    }
    return e.getOriginalMessage()
        .replaceAll(ADVICE, "")
        .replaceAll(QUALIFIED_NAME, "$1")
        .lines()
        .findFirst()
        .orElse("not valid JSON");
  }

  private static String expected(Class<?> type) {
    if (!type.isEnum()) {
      return type.getSimpleName();
    }
    return Stream.of(type.getEnumConstants())
        .map(constant -> MAPPER.convertValue(constant, String.class))
        .collect(Collectors.joining(", ", "one of ", ""));
  }

  private static String position(JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    return location == null
        ? ""
        : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
  }
}
