package org.convoyml.aug.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.convoyml.nn.random.KeyedRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Real image files, damaged in every way that comes to mind: nothing but pixels or a {@link
 * CorruptImageException} comes out. {@code -Dconvoy.fuzz=200000} tries more of them.
 */
@Timeout(3600)
class DecoderFuzzTest {
  private static final int MUTATIONS = Integer.getInteger("convoy.fuzz", 10_000);
  private static final long MAX_PIXELS = 1_000_000;

  /** Decoding a million pixels takes 30 ms at most, 100 passes over them a little longer. */
  private static final long MOST_NANOS = 5_000_000_000L;

  private static final long MOST_BYTES = 500_000_000;

  @Test
  void mutationsOfRealFilesAreDecodedOrRefused() throws Exception {
    List<String> names = FormatsGoldenTest.files().toList();
    List<byte[]> files = names.stream().map(FormatsGoldenTest::read).toList();
    int decoded = 0;
    int refused = 0;
    long before = Pointer.physicalBytes();
    try (NativeStandardError silenced = NativeStandardError.silenced();
        ImageDecoder colour = new ImageDecoder(3, MAX_PIXELS);
        ImageDecoder grey = new ImageDecoder(1, MAX_PIXELS)) {
      for (int i = 0; i < MUTATIONS; i++) {
        KeyedRandom random = KeyedRandom.of(0x66757A7AL, i);
        int file = random.nextInt(files.size());
        byte[] content = new Mutation(random, files).of(files.get(file));
        ImageDecoder decoder = i % 4 == 0 ? grey : colour;
        long start = System.nanoTime();
        try {
          long pixels = checksum(decoder.decode("x", content, 1 << i % 4));
          // What is missing from a file must not be taken from whatever lies in memory.
          assertThat(checksum(decoder.decode("x", content, 1 << i % 4))).isEqualTo(pixels);
          decoded++;
        } catch (CorruptImageException e) {
          assertThat(e.reason()).startsWith("expected ").doesNotContain("\n");
          refused++;
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError("mutation %d of %s".formatted(i, names.get(file)), e);
        }
        assertThat(System.nanoTime() - start)
            .as("mutation %d of %s", i, names.get(file))
            .isLessThan(MOST_NANOS);
      }
    }
    // Both happen often, or this would test little.
    assertThat(decoded).isGreaterThan(MUTATIONS / 20);
    assertThat(refused).isGreaterThan(MUTATIONS / 20);
    assertThat(Pointer.physicalBytes() - before).isLessThan(MOST_BYTES);
  }

  /** Of the pixels; overwrites them. */
  private static long checksum(Mat image) {
    CRC32 checksum = new CRC32();
    byte[] pixels = new byte[(int) (image.total() * image.elemSize())];
    image.data().get(pixels);
    checksum.update(pixels);
    Arrays.fill(pixels, (byte) 0x5A);
    image.data().put(pixels);
    return checksum.getValue();
  }
}
