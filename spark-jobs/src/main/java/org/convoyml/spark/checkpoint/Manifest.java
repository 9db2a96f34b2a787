package org.convoyml.spark.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.convoyml.nn.ConvoyException;

/**
 * Says what is in a checkpoint. It is written when all of that is in its place.
 *
 * @param format of checkpoints, {@link #FORMAT}
 * @param identity of the training
 * @param parts the files, in order of their names
 * @param state where the training stands, a record of texts, numbers and lists
 */
public record Manifest<S>(int format, TrainingIdentity identity, List<StatePart> parts, S state) {
  public static final int FORMAT = 1;
  static final String FILE = "manifest.json";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  String toJson() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
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
      return manifest;
    } catch (JsonProcessingException e) {
      throw new ConvoyException(
          "%s: expected the manifest of a checkpoint: %s".formatted(origin, e.getOriginalMessage()),
          e);
    }
  }
}
