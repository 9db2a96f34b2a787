package org.convoyml.aug.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.convoyml.aug.TestImages;
import org.convoyml.aug.op.CenterCrop;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagePipelineTest {
  private static final AugmentationPolicy POLICY =
      AugmentationPolicy.parse("rotate(10), translate(0.1)");

  private static final Preprocessing UNSCALED =
      new Preprocessing(1, 2, 2, List.of(0f), List.of(1f));

  @TempDir private Path directory;

  @Test
  void normalisesAndSeparatesChannels() throws IOException {
    byte[] pixels = {10, 20, 30, 40, 50, 60};
    byte[] png = Files.readAllBytes(TestImages.write(directory.resolve("x.png"), 1, 2, 3, pixels));
    float[] into = new float[8];
    try (ImagePipeline pipeline =
        new ImagePipeline(Preprocessing.imageNet(1, 2), AugmentationPolicy.NONE)) {
      pipeline.apply(1, "x.png", png, 1, 0, into, 1);
    }

    assertThat(into)
        .containsExactly(
            0,
            level(10, 0.485f, 0.229f),
            level(40, 0.485f, 0.229f),
            level(20, 0.456f, 0.224f),
            level(50, 0.456f, 0.224f),
            level(30, 0.406f, 0.225f),
            level(60, 0.406f, 0.225f),
            0);
  }

  /** Black and white of MNIST, as they are in every other framework. */
  @Test
  void blackAndWhiteDigits() {
    float[] into = new float[2];
    try (ImagePipeline pipeline =
        new ImagePipeline(Preprocessing.mnist(1, 2), AugmentationPolicy.NONE)) {
      pipeline.apply(1, "x", TestImages.pgm(1, 2, new byte[] {0, (byte) 255}), 1, 0, into, 0);
    }

    assertThat(into).containsExactly(-0.42421296f, 2.8214867f);
  }

  @Test
  void theSameSeedEpochAndImageGiveTheSameValues() {
    byte[] image = noise(28, 28);
    float[] first = new float[784];
    float[] again = new float[784];
    float[] later = new float[784];
    float[] other = new float[784];
    try (ImagePipeline pipeline = new ImagePipeline(Preprocessing.mnist(28, 28), POLICY);
        ImagePipeline elsewhere = new ImagePipeline(Preprocessing.mnist(28, 28), POLICY)) {
      pipeline.apply(7, "x", image, 1, 0, first, 0);
      pipeline.apply(7, "x", image, 1, 1, later, 0);
      pipeline.apply(8, "x", image, 1, 0, other, 0);
      elsewhere.apply(7, "y", image, 1, 0, again, 0);
    }

    assertThat(again).isEqualTo(first);
    assertThat(later).isNotEqualTo(first);
    assertThat(other).isNotEqualTo(first);
  }

  @Test
  void rangesOfZeroChangeNothing() {
    byte[] image = noise(28, 28);
    float[] plain = new float[784];
    float[] still = new float[784];
    AugmentationPolicy zero = AugmentationPolicy.parse("rotate(0), translate(0)");
    try (ImagePipeline none =
            new ImagePipeline(Preprocessing.mnist(28, 28), AugmentationPolicy.NONE);
        ImagePipeline nothing = new ImagePipeline(Preprocessing.mnist(28, 28), zero)) {
      none.apply(7, "x", image, 1, 0, plain, 0);
      nothing.apply(7, "x", image, 1, 0, still, 0);
    }

    assertThat(still).isEqualTo(plain);
  }

  /** 4×8, of which the middle 4×4 are read as 2×2: means of four pixels each. */
  @Test
  void anImageOfAnotherSizeIsScaledUntilItCoversTheNetworksAndCutInTheMiddle() {
    byte[] pixels = new byte[32];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (10 * (i / 8) + 4 * (i % 8));
    }
    float[] into = new float[4];
    try (ImagePipeline pipeline = new ImagePipeline(UNSCALED, AugmentationPolicy.NONE)) {
      pipeline.apply(1, "x", TestImages.pgm(4, 8, pixels), 1, 0, into, 0);
    }

    assertThat(into).containsExactly(scaled(15), scaled(23), scaled(35), scaled(43));
  }

  /** 8×16 becomes 4×8, of which the middle 2×2 are read. */
  @Test
  void evaluationResizesTheShorterSideAndCutsOutTheMiddle() {
    byte[] pixels = new byte[128];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (10 * (i / 16) + 4 * (i % 16));
    }
    float[] into = new float[4];
    try (ImagePipeline pipeline =
        new ImagePipeline(UNSCALED.withResize(4), AugmentationPolicy.NONE)) {
      pipeline.apply(1, "x", TestImages.pgm(8, 16, pixels), 1, 0, into, 0);
    }

    // Rows 2 to 5, columns 6 to 9, in squares of four.
    assertThat(into).containsExactly(scaled(51), scaled(59), scaled(71), scaled(79));
  }

  @Test
  void trainingDoesNotResizeWhatItsPolicyHasMadeTheRightSize() {
    byte[] pixels = new byte[128];
    pixels[3 * 16 + 7] = 40;
    float[] into = new float[4];
    try (ImagePipeline pipeline =
        new ImagePipeline(
            UNSCALED.withResize(4), new AugmentationPolicy(List.of(new CenterCrop(2))))) {
      pipeline.apply(1, "x", TestImages.pgm(8, 16, pixels), 1, 0, into, 0);
    }

    assertThat(into).containsExactly(scaled(40), 0, 0, 0);
  }

  /** Nothing may wait for the garbage collector: it does not see native memory. */
  @Test
  void nativeMemoryIsReleasedAtOnce() {
    byte[] image = noise(200, 200);
    float[] into = new float[40_000];
    long before = Pointer.totalCount();
    try (ImagePipeline pipeline = new ImagePipeline(Preprocessing.mnist(200, 200), POLICY)) {
      pipeline.apply(1, "x", image, 1, 0, into, 0);
      long running = Pointer.totalCount();
      for (int id = 0; id < 500; id++) {
        pipeline.apply(id, "x", image, 1, 0, into, 0);
      }
      assertThat(Pointer.totalCount()).isEqualTo(running);
    }
    assertThat(Pointer.totalCount()).isEqualTo(before);
  }

  private static float level(int value, float mean, float deviation) {
    return (float) ((value / 255.0 - mean) / deviation);
  }

  private static float scaled(int value) {
    return value / 255f;
  }

  private static byte[] noise(int height, int width) {
    byte[] pixels = new byte[height * width];
    new Random(3).nextBytes(pixels);
    return TestImages.pgm(height, width, pixels);
  }
}
