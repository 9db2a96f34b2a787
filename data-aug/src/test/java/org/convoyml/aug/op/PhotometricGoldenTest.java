package org.convoyml.aug.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.bytedeco.opencv.opencv_core.Mat;
import org.convoyml.aug.op.GoldenPictures.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares with pictures of torchvision 0.14.1 on Pillow 9.4.0. */
class PhotometricGoldenTest {
  static List<Golden> photometric() {
    return GoldenPictures.read("photometric.jsonl");
  }

  static List<Golden> automaticGeometry() {
    return GoldenPictures.read("automatic-geometry.jsonl");
  }

  @ParameterizedTest
  @MethodSource("photometric")
  void isTorchvisionsPicture(Golden golden) {
    byte[] pixels =
        golden.operation().startsWith("flat ")
            ? flat(golden)
            : GoldenPictures.picture(golden.height(), golden.width(), golden.channels());

    byte[] result = apply(golden, pixels, canvas -> apply(golden, canvas));

    switch (golden.operation()) {
      // The same to the bit here; another version of libjpeg may round otherwise.
      case "jpeg" -> assertThat(golden.greatestDifference(result)).isLessThanOrEqualTo(2);
      // torchvision computes in float32, OpenCV in 8-bit fixed point.
      case "blur" -> assertThat(golden.greatestDifference(result)).isLessThanOrEqualTo(1);
      default -> assertThat(golden.isEqual(result)).as("all bytes are the same").isTrue();
    }
  }

  /** Within what the rounding of places to 1/32 of a pixel makes of neighbours that differ. */
  @ParameterizedTest
  @MethodSource("automaticGeometry")
  void geometryOfAutomaticPoliciesIsTorchvisions(Golden golden) {
    byte[] pixels = GoldenPictures.picture(golden.height(), golden.width(), golden.channels());
    AutoOp op = AutoAugmentTableTest.op(golden.operation());

    byte[] result = apply(golden, pixels, canvas -> op.apply(canvas, golden.parameter()));

    if (golden.operation().startsWith("Translate")) {
      assertThat(golden.isEqual(result)).as("whole pixels are copied").isTrue();
    } else {
      assertThat(golden.greatestDifference(result)).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void everyOperationIsCompared() {
    assertThat(photometric().stream().map(Golden::operation).collect(Collectors.toSet()))
        .contains("brightness", "contrast", "saturation", "hue", "sharpness", "posterize")
        .contains("solarize", "grayscale", "invert", "autocontrast", "equalize", "jpeg", "blur");
  }

  private static void apply(Golden golden, ImageCanvas canvas) {
    double parameter = golden.parameter();
    CanvasColours colours = canvas.colours();
    switch (golden.operation()) {
      case "identity" -> {}
      case "brightness" -> colours.brightness(parameter);
      case "contrast" -> colours.contrast(parameter);
      case "saturation" -> colours.saturation(parameter);
      case "hue" -> colours.hue(parameter);
      case "sharpness" -> colours.sharpness(parameter);
      case "posterize" -> colours.posterize((int) parameter);
      case "solarize" -> colours.solarize(parameter);
      case "grayscale" -> colours.grayscale();
      case "invert" -> colours.invert();
      case "autocontrast", "flat autocontrast" -> colours.autocontrast();
      case "equalize", "flat equalize" -> colours.equalize();
      case "jpeg" -> canvas.jpeg((int) parameter);
      case "blur" -> canvas.blur(parameter);
      default -> throw new IllegalArgumentException(golden.operation());
    }
  }

  private static byte[] flat(Golden golden) {
    byte[] pixels = new byte[golden.height() * golden.width() * golden.channels()];
    Arrays.fill(pixels, (byte) 77);
    return pixels;
  }

  private static byte[] apply(Golden golden, byte[] pixels, Consumer<ImageCanvas> operation) {
    try (Mat image = new Mat(golden.height(), golden.width(), CV_8UC(golden.channels()));
        ImageCanvas canvas = new ImageCanvas()) {
      image.data().put(pixels);
      canvas.open(new MatSource(image));
      operation.accept(canvas);
      byte[] result = new byte[pixels.length];
      canvas.read(result);
      return result;
    }
  }
}
