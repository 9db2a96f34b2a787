package org.convoyml.aug.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Pointer;
import org.convoyml.aug.TestImages;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.nn.Malloc;
import org.convoyml.nn.random.KeyedRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a pipeline does not do any more once it has seen a few images: allocate. */
class SteadyStateTest {
  private static final int IMAGES = 400;
  private static final int ATTEMPTS = 40;

  /**
   * OpenCV's {@code imdecode} returns one more handle of its result, closed at once: a Java object
   * and its entry in JavaCPP's list.
   */
  private static final int HANDLE = 256;

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "32 | 32 | none",
        "32 | 32 | pad-crop(4), flip",
        "32 | 32 | pad-crop(4, reflect), flip, rotate(10), color-jitter(0.2, 0.2, 0.2, 0.1)",
        "150 | 200 | random-resized-crop(32), flip, color-jitter(0.2, 0.2, 0.2, 0.1)",
        "150 | 200 | resize(40), crop(32), scale(0.8, 1.2), shear(10), perspective(0.3, p=0.5)",
        "150 | 200 | none",
        "32 | 32 | elastic(20, 3)",
      })
  void imagesLeaveNoGarbage(int height, int width, String policy) throws IOException {
    byte[] first = jpeg(height, width, 1);
    byte[] second = jpeg(height, width, 2);
    float[] into = new float[3 * 32 * 32];
    // Classes of OpenCV keep some pointers from their first use on.
    try (ImagePipeline earlier =
        new ImagePipeline(Preprocessing.imageNet(32, 32), AugmentationPolicy.parse(policy))) {
      earlier.apply(0, "x.jpg", first, 1, 0, into, 0);
    }
    long before = Pointer.totalCount();
    try (ImagePipeline pipeline =
        new ImagePipeline(Preprocessing.imageNet(32, 32), AugmentationPolicy.parse(policy))) {
      Runnable work =
          () -> {
            for (int id = 0; id < IMAGES; id++) {
              pipeline.apply(id, "x.jpg", id % 2 == 0 ? first : second, 1, 0, into, 0);
            }
          };
      // Until the JVM has compiled what runs here.
      for (int i = 0; i < 5; i++) {
        work.run();
      }
      long objects = Pointer.totalCount();
      long least = Long.MAX_VALUE;
      long leastNative = Long.MAX_VALUE;
      // The least of many: a JIT compiler may still replace a method, which costs the thread some
      // bytes, and its own memory is native, as is that of other threads. A leak is in all of them.
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        long nativeBefore = Malloc.bytesInUse();
        long heapBefore = allocatedBytes();
        work.run();
        least = Math.min(least, allocatedBytes() - heapBefore);
        leastNative = Math.min(leastNative, Malloc.bytesInUse() - nativeBefore);
      }
      assertThat(least / IMAGES).as("bytes on the heap for each image").isLessThan(HANDLE);
      assertThat(leastNative).as("native bytes in all").isLessThan(IMAGES * 16);
      assertThat(Pointer.totalCount()).isEqualTo(objects);
    }
    assertThat(Pointer.totalCount()).isEqualTo(before);
  }

  private byte[] jpeg(int height, int width, long key) throws IOException {
    byte[] pixels = new byte[height * width * 3];
    KeyedRandom random = KeyedRandom.of(key);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (100 + random.nextInt(60));
    }
    Path file = directory.resolve(key + ".jpg");
    return Files.readAllBytes(TestImages.write(file, height, width, 3, pixels));
  }

  private static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
