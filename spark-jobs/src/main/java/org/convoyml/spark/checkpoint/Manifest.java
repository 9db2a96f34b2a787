package org.convoyml.spark.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;
import org.convoyml.nn.ConvoyException;

/**
 * Says what is in a checkpoint. It is written when all of that is in its place.
 *
 * @param format of checkpoints, {@link #FORMAT}
 * @param crc32c of the manifest's own text with 0 in this place
 * @param identity of the training
 * @param parts the files, in order of their names
 * @param state where the training stands, a record of texts, numbers and lists
 */
public record Manifest<S>(
    int format, long crc32c, TrainingIdentity identity, List<StatePart> parts, S state) {
  static final int FORMAT = 1;
  static final String FILE = "manifest.json";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  public Manifest(TrainingIdentity identity, List<StatePart> parts, S state) {
    this(FORMAT, 0, identity, parts, state);
  }

  String toJson() {
    return text(withChecksum(checksum()));
  }

  private Manifest<S> withChecksum(long sum) {
    return new Manifest<>(format, sum, identity, parts, state);
  }

  private long checksum() {
    CRC32C sum = new CRC32C();
    sum.update(text(withChecksum(0)).getBytes(StandardCharsets.UTF_8));
    return sum.getValue();
  }

  private static String text(Manifest<?> manifest) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(manifest) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("records of texts and numbers are always JSON", e);
    }
  }

  /**
   * What {@link #toJson} was given.
   *
   * @param origin names the text
   * @throws ConvoyException if it is something else
   */
  static <S> Manifest<S> fromJson(String text, Class<S> state, String origin) {
    try {
      Manifest<S> manifest =
          JSON.readValue(
              text, JSON.getTypeFactory().constructParametricType(Manifest.class, state));
      if (manifest == null || manifest.format != FORMAT) {
        throw new ConvoyException(
            "%s: expected format %d, found %s"
                .formatted(origin, FORMAT, manifest == null ? "nothing" : manifest.format));
      }
      if (manifest.crc32c != manifest.checksum()) {
        throw new ConvoyException(
            "%s: expected CRC-32C %d, found %d"
                .formatted(origin, manifest.crc32c, manifest.checksum()));
      }
      return manifest;
    } catch (JsonProcessingException e) {
      throw new ConvoyException(
          "%s: expected the manifest of a checkpoint: %s".formatted(origin, e.getOriginalMessage()),
          e);
    }
  }
}
