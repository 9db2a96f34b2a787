package org.convoyml.aug.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.convoyml.nn.ConvoyException;

/**
 * Names of classes as Hugging Face's {@code datasets} writes them: features in JSON, in the footer
 * of a Parquet file.
 *
 * @see <a href="https://huggingface.co/docs/datasets/package_reference/main_classes">ClassLabel</a>
 */
final class HuggingFaceNames {
  private static final String KEY = "huggingface";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private HuggingFaceNames() {}

  /**
   * The names of a column's labels, in the order of the labels.
   *
   * @param file a Parquet file
   */
  static Optional<List<String>> of(Path file, Configuration configuration, String column) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, configuration))) {
      String features =
          reader.getFooter().getFileMetaData().getKeyValueMetaData().getOrDefault(KEY, "{}");
      JsonNode names =
          JSON.readTree(features).path("info").path("features").path(column).path("names");
      List<String> found = new ArrayList<>();
      names.forEach(name -> found.add(name.asText()));
      return found.isEmpty() ? Optional.empty() : Optional.of(found);
    } catch (JsonProcessingException e) {
      throw new ConvoyException(
          "%s: expected JSON under '%s' in its footer: %s"
              .formatted(file, KEY, e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new ConvoyException(file + ": " + HadoopFile.reason(e), e);
    }
  }
}
