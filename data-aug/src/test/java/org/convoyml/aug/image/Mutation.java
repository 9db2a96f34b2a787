package org.convoyml.aug.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.convoyml.nn.random.KeyedRandom;

/** Damages image files, as a function of a random source. */
final class Mutation {
  private static final byte[] EXTREMES = {0, 1, 2, 127, (byte) 128, (byte) 254, (byte) 255};
  private static final int PNG_SIGNATURE = 8;
  private static final int PNG_CHUNK = 12;

  private final KeyedRandom random;
  private final List<byte[]> donors;

  /**
   * @param donors files from which pieces are taken
   */
  Mutation(KeyedRandom random, List<byte[]> donors) {
    this.random = random;
    this.donors = donors;
  }

  byte[] of(byte[] file) {
    byte[] content = file.clone();
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times && content.length > 0; i++) {
      content = once(content);
    }
    // Past the checks that come first, more often than not.
    if (random.nextBoolean(0.7)) {
      if (isJpeg(file)) {
        content = withEndMarker(content);
      } else if (isPng(content)) {
        content = withChecksums(content);
      }
    }
    return content;
  }

  private byte[] once(byte[] content) {
    return switch (random.nextInt(8)) {
      case 0 -> flipBits(content);
      case 1 -> Arrays.copyOf(content, random.nextInt(content.length));
      case 2 -> insert(content, piece(donors.get(random.nextInt(donors.size()))));
      case 3 -> insert(content, piece(content));
      case 4 -> withoutPiece(content);
      case 5 -> overwrite(content);
      case 6 -> lieAboutLength(content);
      default -> lieAboutSize(content);
    };
  }

  private byte[] flipBits(byte[] content) {
    int bits = 1 + random.nextInt(8);
    for (int i = 0; i < bits; i++) {
      content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return content;
  }

  private byte[] overwrite(byte[] content) {
    int from = random.nextInt(content.length);
    int to = Math.min(content.length, from + 1 + random.nextInt(4));
    Arrays.fill(content, from, to, EXTREMES[random.nextInt(EXTREMES.length)]);
    return content;
  }

  private byte[] piece(byte[] content) {
    int from = random.nextInt(content.length);
    return Arrays.copyOfRange(content, from, from + random.nextInt(content.length - from));
  }

  private byte[] insert(byte[] content, byte[] piece) {
    int at = random.nextInt(content.length);
    return ByteBuffer.allocate(content.length + piece.length)
        .put(content, 0, at)
        .put(piece)
        .put(content, at, content.length - at)
        .array();
  }

  private byte[] withoutPiece(byte[] content) {
    int from = random.nextInt(content.length);
    int to = from + random.nextInt(content.length - from);
    return ByteBuffer.allocate(content.length - (to - from))
        .put(content, 0, from)
        .put(content, to, content.length - to)
        .array();
  }

  /** Of a JPEG's segment or a PNG's chunk; of other files some number. */
  private byte[] lieAboutLength(byte[] content) {
    int start = random.nextInt(content.length);
    for (int i = start; i < content.length - 4; i++) {
      boolean marker = content[i] == (byte) 0xFF && (content[i + 1] & 0xFF) >= 0xC0;
      if (isJpeg(content) && marker) {
        return number(content, i + 2, 2);
      }
      boolean chunk = content[i] == 'I' || content[i] == 't' || content[i] == 'P';
      if (isPng(content) && chunk && i >= 4) {
        return number(content, i - 4, 4);
      }
    }
    return number(content, start, 4);
  }

  private byte[] lieAboutSize(byte[] content) {
    if (isPng(content)) {
      return number(content, 16 + 4 * random.nextInt(2), 4);
    }
    for (int i = 2; isJpeg(content) && i < content.length - 9; i++) {
      boolean frame = content[i] == (byte) 0xFF && (content[i + 1] & 0xF0) == 0xC0;
      if (frame && content[i + 1] != (byte) 0xC4) {
        return number(content, i + 5 + 2 * random.nextInt(2), 2);
      }
    }
    return number(content, Math.min(content.length - 1, 12 + 2 * random.nextInt(12)), 2);
  }

  /** Puts a number there: small, somewhat larger than allowed, or any. */
  private byte[] number(byte[] content, int at, int bytes) {
    long value =
        switch (random.nextInt(3)) {
          case 0 -> random.nextInt(64);
          case 1 -> random.nextInt(3000);
          default -> random.nextLong();
        };
    for (int i = 0; i < bytes && at + i < content.length; i++) {
      content[at + i] = (byte) (value >>> 8 * (bytes - 1 - i));
    }
    return content;
  }

  private static byte[] withEndMarker(byte[] content) {
    byte[] ended = Arrays.copyOf(content, content.length + 2);
    ended[content.length] = (byte) 0xFF;
    ended[content.length + 1] = (byte) 0xD9;
    return ended;
  }

  /** Makes the checksums right as far as chunks follow one another, and ends it there. */
  private static byte[] withChecksums(byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    CRC32 checksum = new CRC32();
    int chunk = PNG_SIGNATURE;
    while (chunk <= content.length - PNG_CHUNK) {
      int length = bytes.getInt(chunk);
      if (length < 0 || length > content.length - PNG_CHUNK - chunk) {
        break;
      }
      checksum.reset();
      checksum.update(content, chunk + 4, 4 + length);
      bytes.putInt(chunk + 8 + length, (int) checksum.getValue());
      chunk += PNG_CHUNK + length;
    }
    byte[] ended = Arrays.copyOf(content, chunk + PNG_CHUNK);
    ByteBuffer.wrap(ended, chunk, PNG_CHUNK)
        .putInt(0)
        .put("IEND".getBytes(StandardCharsets.US_ASCII))
        .putInt(0xAE426082);
    return ended;
  }

  private static boolean isJpeg(byte[] content) {
    return content.length > 4 && content[0] == (byte) 0xFF && content[1] == (byte) 0xD8;
  }

  private static boolean isPng(byte[] content) {
    return content.length > 40 && content[1] == 'P' && content[2] == 'N' && content[3] == 'G';
  }
}
