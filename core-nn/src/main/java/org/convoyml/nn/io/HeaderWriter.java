package org.convoyml.nn.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;

/** Writes the JSON header of a safetensors file. */
final class HeaderWriter {
  private static final int ALIGNMENT = 8;

  private HeaderWriter() {}

  /**
   * The header in UTF-8: metadata by key, tensors by offset, padded with spaces so that the data
   * begin at a multiple of eight bytes.
   */
  static byte[] write(ParameterLayout layout, Map<String, String> metadata) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart("__metadata__");
        for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      for (ParameterSlice slice : layout.slices()) {
        write(json, slice);
      }
      json.writeEndObject();
    }
    while (bytes.size() % ALIGNMENT != 0) {
      bytes.write(' ');
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, ParameterSlice slice) throws IOException {
    json.writeObjectFieldStart(slice.name());
    json.writeStringField("dtype", TensorEntry.DataType.F32.name());
    json.writeArrayFieldStart("shape");
    for (int dimension : slice.spec().shape()) {
      json.writeNumber(dimension);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("data_offsets");
    json.writeNumber((long) Float.BYTES * slice.offset());
    json.writeNumber((long) Float.BYTES * slice.end());
    json.writeEndArray();
    json.writeEndObject();
  }
}
