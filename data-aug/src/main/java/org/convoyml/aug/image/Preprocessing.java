package org.convoyml.aug.image;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.Shape;

/**
 * What a model expects of its input; kept beside it as {@code preprocessing.json}. A pixel value
 * {@code v} of 0 to 255 in channel {@code c} becomes {@code (v / 255 − mean[c]) / deviation[c]}.
 *
 * <p>Serializable, so that Spark can send it to its tasks.
 *
 * @param channels 1 (grey) or 3 (red, green, blue in this order)
 * @param height rows of an image, positive
 * @param width columns of an image, positive
 * @param mean for each channel, of pixels scaled to [0, 1]; finite
 * @param deviation for each channel, of pixels scaled to [0, 1]; positive
 * @param resize what the shorter side of an image is made in evaluation, in pixels, before the
 *     middle of it is cut out; at least {@code height} and {@code width}. 0 to scale only images of
 *     another size, until they just cover it; files written before there was this property mean 0
 */
public record Preprocessing(
    int channels, int height, int width, List<Float> mean, List<Float> deviation, int resize)
    implements Serializable {
  private static final String RESIZE = "resize";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
          .build();

  public Preprocessing {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("channels must be 1 or 3, got " + channels);
    }
    if (height <= 0 || width <= 0) {
      throw new IllegalArgumentException(
          "height and width must be positive, got " + height + "×" + width);
    }
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (mean.size() != channels || deviation.size() != channels) {
      throw new IllegalArgumentException(
          "expected %d means and deviations, one for each channel, got %s and %s"
              .formatted(channels, mean, deviation));
    }
    if (!mean.stream().allMatch(Float::isFinite)) {
      throw new IllegalArgumentException("means must be finite, got " + mean);
    }
    if (!deviation.stream().allMatch(value -> Float.isFinite(value) && value > 0)) {
      throw new IllegalArgumentException("deviations must be positive, got " + deviation);
    }
    if (resize != 0 && resize < Math.max(height, width)) {
      throw new IllegalArgumentException(
          "resize must be 0 or at least %d, the larger of height and width, got %d"
              .formatted(Math.max(height, width), resize));
    }
  }

  /** Without resizing. */
  public Preprocessing(
      int channels, int height, int width, List<Float> mean, List<Float> deviation) {
    this(channels, height, width, mean, deviation, 0);
  }

  /** The same with the shorter side resized so in evaluation. */
  public Preprocessing withResize(int pixels) {
    return new Preprocessing(channels, height, width, mean, deviation, pixels);
  }

  /** Grey images with the statistics of the MNIST training images. */
  public static Preprocessing mnist(int height, int width) {
    return new Preprocessing(1, height, width, List.of(0.1307f), List.of(0.3081f));
  }

  /** Colour images with the statistics of ImageNet, which most published weights expect. */
  public static Preprocessing imageNet(int height, int width) {
    return new Preprocessing(
        3, height, width, List.of(0.485f, 0.456f, 0.406f), List.of(0.229f, 0.224f, 0.225f));
  }

  /** The shape of one example, {@code (channels, height, width)}. */
  public Shape shape() {
    return Shape.of(channels, height, width);
  }

  /** Indented JSON that {@link #fromJson} reads back to an equal value. */
  public String toJson() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of numbers is always JSON", e);
    }
  }

  /**
   * Reads what {@link #toJson} writes, strictly: every property but {@code resize} must be there,
   * and no other.
   *
   * @param json the text
   * @param origin where it comes from, for messages
   * @throws ConvoyException if it is not JSON, or a property is missing, unknown or out of range
   */
  public static Preprocessing fromJson(String json, String origin) {
    try {
      JsonNode tree = JSON.readTree(json);
      if (tree.isMissingNode() || tree.isNull()) {
        throw new ConvoyException(
            origin + ": expected preprocessing, found " + (tree.isNull() ? "null" : "nothing"));
      }
      if (tree instanceof ObjectNode properties && !properties.has(RESIZE)) {
        properties.put(RESIZE, 0);
      }
      return JSON.treeToValue(tree, Preprocessing.class);
    } catch (JsonMappingException e) {
      throw new ConvoyException(origin + ": " + problem(e), e);
    } catch (JsonProcessingException e) {
      throw new ConvoyException(
          "%s: not JSON, line %d, column %d: %s"
              .formatted(
                  origin,
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr(),
                  e.getOriginalMessage()),
          e);
    }
  }

  private static String problem(JsonMappingException e) {
    if (e.getCause() instanceof IllegalArgumentException check) {
      return check.getMessage();
    }
    String property =
        e.getPath().stream()
            .map(JsonMappingException.Reference::getFieldName)
            .filter(Objects::nonNull)
            .collect(joining("."));
    return (property.isEmpty() ? "" : property + ": ")
        + e.getOriginalMessage().lines().findFirst().orElse("");
  }
}
