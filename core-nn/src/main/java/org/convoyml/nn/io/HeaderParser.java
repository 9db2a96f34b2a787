package org.convoyml.nn.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.convoyml.nn.ConvoyException;

/** Reads the JSON header of a safetensors file and believes nothing in it. */
final class HeaderParser {
  private static final String METADATA = "__metadata__";
  private static final Set<String> FIELDS = Set.of("dtype", "shape", "data_offsets");
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String origin;

  HeaderParser(String origin) {
    this.origin = origin;
  }

  /**
   * Parses and checks a header.
   *
   * @param dataLength how many bytes follow the header in the file
   * @throws ConvoyException if it is malformed, or its tensors do not tile the data exactly
   */
  SafetensorsHeader parse(byte[] json, long dataLength) {
    Map<String, String> metadata = new TreeMap<>();
    List<TensorEntry> tensors = new ArrayList<>();
    JsonNode root = readTree(json);
    if (!root.isObject()) {
      throw new ConvoyException(origin + ": the header is not a JSON object");
    }
    root.fields()
        .forEachRemaining(
            field -> {
              if (field.getKey().equals(METADATA)) {
                readMetadata(field.getValue(), metadata);
              } else {
                tensors.add(readTensor(field.getKey(), field.getValue()));
              }
            });
    // An empty tensor shares its offset with the next one and comes before it.
    tensors.sort(Comparator.comparingLong(TensorEntry::begin).thenComparing(TensorEntry::end));
    checkTiling(tensors, dataLength);
    return new SafetensorsHeader(metadata, tensors);
  }

  private JsonNode readTree(byte[] json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      String problem = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new ConvoyException(
          "%s: the header is not valid JSON: %s (column %d)"
              .formatted(
                  origin, problem, e.getLocation() == null ? 0 : e.getLocation().getColumnNr()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(origin, e); // cannot be: the bytes are in memory
    }
  }

  private void readMetadata(JsonNode node, Map<String, String> metadata) {
    if (!node.isObject()) {
      throw bad(METADATA, "expected an object");
    }
    node.fields()
        .forEachRemaining(
            field -> {
              if (!field.getValue().isTextual()) {
                throw bad(METADATA, "the value of '" + field.getKey() + "' is not text");
              }
              metadata.put(field.getKey(), field.getValue().textValue());
            });
  }

  private TensorEntry readTensor(String name, JsonNode node) {
    if (!node.isObject()) {
      throw bad(name, "expected an object");
    }
    node.fieldNames()
        .forEachRemaining(
            field -> {
              if (!FIELDS.contains(field)) {
                throw bad(name, "unknown field '" + field + "'");
              }
            });
    TensorEntry.DataType type = readType(name, node.path("dtype"));
    List<Long> shape = readNumbers(name, "shape", node.path("shape"));
    List<Long> offsets = readNumbers(name, "data_offsets", node.path("data_offsets"));
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw bad(name, "data_offsets must be [begin, end], got " + offsets);
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    checkLength(name, type, shape, end - begin);
    return new TensorEntry(name, type, shape, begin, end);
  }

  private TensorEntry.DataType readType(String name, JsonNode node) {
    for (TensorEntry.DataType type : TensorEntry.DataType.values()) {
      if (node.isTextual() && type.name().equals(node.textValue())) {
        return type;
      }
    }
    throw bad(name, "unknown dtype " + (node.isMissingNode() ? "(none)" : node));
  }

  private List<Long> readNumbers(String name, String field, JsonNode node) {
    if (!node.isArray()) {
      throw bad(name, field + " must be a list");
    }
    List<Long> numbers = new ArrayList<>();
    for (JsonNode number : node) {
      if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
        throw bad(name, field + " must hold whole numbers from 0 to 2^63-1, got " + number);
      }
      numbers.add(number.longValue());
    }
    return numbers;
  }

  private void checkLength(String name, TensorEntry.DataType type, List<Long> shape, long length) {
    long expected = type.bytes();
    try {
      for (long dimension : shape) {
        expected = Math.multiplyExact(expected, dimension);
      }
    } catch (ArithmeticException e) {
      throw new ConvoyException(message(name, "shape " + shape + " is beyond 2^63-1 bytes"), e);
    }
    if (expected != length) {
      throw bad(
          name,
          "%s %s takes %d bytes, but data_offsets span %d"
              .formatted(type, shape, expected, length));
    }
  }

  private void checkTiling(List<TensorEntry> tensors, long dataLength) {
    long position = 0;
    for (TensorEntry tensor : tensors) {
      if (tensor.begin() != position) {
        throw bad(
            tensor.name(),
            "%s: its data begin at %d, those before it end at %d"
                .formatted(
                    tensor.begin() < position ? "overlap" : "gap", tensor.begin(), position));
      }
      position = tensor.end();
      if (position > dataLength) {
        throw bad(
            tensor.name(),
            "its data end at %d, but the file has only %d bytes of data"
                .formatted(position, dataLength));
      }
    }
    if (position != dataLength) {
      throw new ConvoyException(
          "%s: the tensors take %d bytes, but the file has %d bytes of data"
              .formatted(origin, position, dataLength));
    }
  }

  private ConvoyException bad(String name, String problem) {
    return new ConvoyException(message(name, problem));
  }

  private String message(String name, String problem) {
    return Safetensors.message(origin, name, problem);
  }
}
