package org.convoyml.nn.io;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a safetensors file says it holds. The tensors tile its data: sorted by offset, the first
 * begins at 0, each begins where the one before it ends, and the last ends with the file.
 *
 * @param metadata free text by key
 * @param tensors by ascending offset
 */
public record SafetensorsHeader(Map<String, String> metadata, List<TensorEntry> tensors) {
  public SafetensorsHeader {
    metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    tensors = List.copyOf(tensors);
  }
}
