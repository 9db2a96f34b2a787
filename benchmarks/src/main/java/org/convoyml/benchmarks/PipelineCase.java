package org.convoyml.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.aug.policy.AugmentationPolicy;

/** What images go through, from their file's bytes to the batch. */
public enum PipelineCase {
  CIFAR("cifar", "cifar", 32, "pad-crop(4), flip"),
  PHOTO("photo-500", "jitter", 224, Policies.JITTER),
  PHOTO_HUE("photo-500", "hue", 224, Policies.HUE),
  LARGE("photo-2000", "jitter", 224, Policies.JITTER),
  LARGE_HUE("photo-2000", "hue", 224, Policies.HUE),
  LARGE_FINE("photo-2000-fine", "jitter", 224, Policies.JITTER);

  /** Constants of an enum cannot use those that stand behind them. */
  private static final class Policies {
    private static final String CROP = "random-resized-crop(224), flip, ";
    static final String JITTER = CROP + "color-jitter(0.2, 0.2, 0.2, 0)";
    static final String HUE = CROP + "color-jitter(0.2, 0.2, 0.2, 0.1)";
  }

  private final String pictures;
  private final String peer;
  private final int side;
  private final String policy;

  PipelineCase(String pictures, String peer, int side, String policy) {
    this.pictures = pictures;
    this.peer = peer;
    this.side = side;
    this.policy = policy;
  }

  /** The folder of its JPEG files, as {@code pictures.py} names it. */
  String pictures() {
    return pictures;
  }

  /** What the same is called in {@code torchvision_pipeline.py}. */
  String peer() {
    return peer;
  }

  String policyText() {
    return policy;
  }

  AugmentationPolicy policy() {
    return AugmentationPolicy.parse(policy);
  }

  Preprocessing preprocessing() {
    return Preprocessing.imageNet(side, side);
  }

  /** The bytes of its files, in the order of their names. */
  List<byte[]> files(Path folder) throws IOException {
    List<byte[]> files = new ArrayList<>();
    try (Stream<Path> paths = Files.list(folder.resolve(pictures))) {
      for (Path path : paths.sorted().toList()) {
        files.add(Files.readAllBytes(path));
      }
    }
    return files;
  }
}
