package org.convoyml.aug.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.bytedeco.opencv.opencv_core.Mat;
import org.convoyml.aug.op.GoldenPictures.Golden;
import org.convoyml.nn.random.KeyedRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares with what {@code scripts/oracle/geometry.py} made by torchvision 0.14.1. */
class GeometryGoldenTest {
  private static final int HEIGHT = 40;
  private static final int WIDTH = 48;

  /** These only move whole pixels. */
  private static final Set<String> COPIES =
      Set.of("flip", "vertical-flip", "crop", "center-crop", "pad");

  /**
   * OpenCV rounds places to 1/32 of a pixel, and neighbours in the picture differ by up to 80: the
   * levels written down are off by at most this.
   */
  private static final int TOLERANCE = 3;

  static List<Golden> geometry() {
    return GoldenPictures.read("geometry.jsonl");
  }

  @ParameterizedTest
  @MethodSource("geometry")
  void isTorchvisionsPicture(Golden golden) {
    String[] words = golden.operation().split(" ");
    try (Mat image = new Mat(HEIGHT, WIDTH, CV_8UC3);
        ImageCanvas canvas = new ImageCanvas()) {
      image.data().put(GoldenPictures.picture(HEIGHT, WIDTH, 3));
      canvas.open(new MatSource(image));
      apply(words, canvas);

      assertThat(List.of(canvas.height(), canvas.width(), 3)).isEqualTo(golden.shape());
      byte[] result = new byte[golden.height() * golden.width() * 3];
      canvas.read(result);
      if (COPIES.contains(words[0])) {
        assertThat(golden.isEqual(result)).as("all bytes are the same").isTrue();
      } else {
        assertThat(golden.greatestDifference(result)).isLessThanOrEqualTo(TOLERANCE);
      }
    }
  }

  private static void apply(String[] words, ImageCanvas canvas) {
    if (words[0].equals("pad")) {
      canvas.pad(Integer.parseInt(words[1]), Border.valueOf(words[2]));
      return;
    }
    double[] p = Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray();
    switch (words[0]) {
      case "rotate" -> Rotate.by(canvas, p[0]);
      case "translate" -> canvas.affine(1, 0, p[0], 0, 1, p[1]);
      case "scale" -> new Scale(p[0], p[0]).apply(canvas, KeyedRandom.of(1));
      case "shear" -> Shear.by(canvas, p[0]);
      case "flip" -> canvas.flipHorizontally();
      case "vertical-flip" -> canvas.flipVertically();
      case "crop" -> canvas.crop((int) p[0], (int) p[1], (int) p[2], (int) p[3]);
      case "center-crop" -> canvas.centreCrop((int) p[0], (int) p[0]);
      case "resized-crop" ->
          canvas.resizedCrop(
              (int) p[0], (int) p[1], (int) p[2], (int) p[3], (int) p[4], (int) p[5]);
      case "perspective" -> canvas.perspective(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]);
      case "elastic" -> new Elastic(p[0], p[1]).apply(canvas, KeyedRandom.of((long) p[2]));
      default -> throw new IllegalArgumentException(words[0]);
    }
  }
}
