package org.convoyml.aug.op;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import org.convoyml.nn.random.KeyedRandom;

/**
 * What {@code scripts/oracle/augmentation.py} wrote down of torchvision's pictures, and the picture
 * that both sides begin with.
 */
final class GoldenPictures {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int SAMPLES = 64;

  private GoldenPictures() {}

  /**
   * One result.
   *
   * @param shape (H, W, C)
   * @param crc checksum of all its bytes
   * @param entries some of its bytes, from 0 to 255
   */
  record Golden(String operation, double parameter, List<Integer> shape, long crc, int[] entries) {
    int height() {
      return shape.get(0);
    }

    int width() {
      return shape.get(1);
    }

    int channels() {
      return shape.get(2);
    }

    /** True if all bytes are those of the golden picture. */
    boolean isEqual(byte[] pixels) {
      CRC32 checksum = new CRC32();
      checksum.update(pixels);
      return checksum.getValue() == crc;
    }

    /** The greatest difference of a level, among those written down. */
    int greatestDifference(byte[] pixels) {
      int[] places = sampled(pixels.length);
      int greatest = 0;
      for (int i = 0; i < places.length; i++) {
        greatest = Math.max(greatest, Math.abs((pixels[places[i]] & 0xFF) - entries[i]));
      }
      return greatest;
    }

    @Override
    public String toString() {
      return "%s(%s) of %s".formatted(operation, Range.format(parameter), shape);
    }
  }

  /** The lines of a golden file. */
  static List<Golden> read(String file) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8))) {
      return reader.lines().map(GoldenPictures::parse).toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode json(String file) {
    try (InputStream stream = open(file)) {
      return JSON.readTree(stream);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The picture that operations are applied to, (H, W, C). */
  static byte[] picture(int height, int width, int channels) {
    byte[] pixels = new byte[height * width * channels];
    long noise = key("picture");
    for (int i = 0; i < pixels.length; i++) {
      int c = i % channels;
      int x = i / channels % width;
      int y = i / channels / width;
      int wave = Math.abs((x * (5 + 2 * c) + y * (3 + 4 * (2 - c))) % 256 - 128);
      pixels[i] = (byte) (20 + 10 * c + wave + (fraction(noise + i) >> 18));
    }
    return pixels;
  }

  private static InputStream open(String file) {
    return GoldenPictures.class.getResourceAsStream("/golden/" + file);
  }

  private static Golden parse(String line) {
    try {
      JsonNode node = JSON.readTree(line);
      return new Golden(
          node.get("operation").textValue(),
          node.get("parameter").doubleValue(),
          List.of(JSON.treeToValue(node.get("shape"), Integer[].class)),
          node.get("crc").longValue(),
          JSON.treeToValue(node.get("entries"), int[].class));
    } catch (IOException e) {
      throw new IllegalStateException(line, e);
    }
  }

  private static int[] sampled(int size) {
    int[] places = new int[Math.min(size, SAMPLES)];
    for (int j = 0; j < places.length; j++) {
      long low = (long) j * size / places.length;
      long high = (j + 1L) * size / places.length;
      places[j] = (int) (low + ((high - low) * fraction(j) >> 24));
    }
    return places;
  }

  private static long key(String text) {
    long key = 0;
    for (int i = 0; i < text.length(); i++) {
      key = KeyedRandom.mix(key + text.charAt(i));
    }
    return key;
  }

  /** An integer in [0, 2^24). */
  private static long fraction(long counter) {
    return KeyedRandom.mix(counter) >>> 40;
  }
}
