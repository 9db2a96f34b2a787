package org.convoyml.spark.preflight;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.List;
import org.convoyml.aug.image.ImagePipeline;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engine;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.engine.GradientListener;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.train.ParameterInitializer;

/** Makes native libraries work for a moment: that one was loaded says little. */
final class NativeTrial {
  private static final int SIDE = 8;
  private static final int CLASSES = 3;
  private static final int IMAGES = 2;

  private NativeTrial() {}

  /** Decodes and trains; returns the engine's library, version and instruction set. */
  static String run(String engineName) {
    Engine engine = Engines.named(engineName);
    NetworkSpec network =
        NetworkSpec.builder("trial", Shape.of(1, SIDE, SIDE))
            .add("conv", Conv2d.of(4, 3))
            .add("relu", new Relu())
            .add("flatten", new Flatten())
            .add("dense", Dense.of(CLASSES))
            .classify("class")
            .build();
    MicroBatch batch = batch();
    ParameterLayout layout = ParameterLayout.of(network);
    try (CompiledNetwork compiled = engine.compile(network, CompileOptions.training(IMAGES, 1))) {
      compiled.load(ParameterInitializer.initialize(layout, 1));
      float[] gradient = new float[layout.size()];
      double loss = compiled.step(batch, gradient, GradientListener.NONE).lossSum();
      // Three classes that are not told apart yet cost ln 3 an image, more or less.
      if (!(loss > 0 && loss < 100)) {
        throw new IllegalStateException("a training step gave the loss " + loss);
      }
    }
    return engine.version();
  }

  /** Grey images, one dark and one light, by way of their encoded bytes. */
  private static MicroBatch batch() {
    MicroBatch batch = new MicroBatch(Shape.of(1, SIDE, SIDE), IMAGES);
    Preprocessing preprocessing = new Preprocessing(1, SIDE, SIDE, List.of(0.5f), List.of(0.5f), 0);
    try (ImagePipeline pipeline = new ImagePipeline(preprocessing, AugmentationPolicy.NONE)) {
      for (int image = 0; image < IMAGES; image++) {
        byte level = (byte) (60 + 120 * image);
        int offset = batch.add(image);
        pipeline.apply(image, "trial image", pgm(level), 1, 0, batch.images(), offset);
        float expected = ((level & 0xFF) / 255f - 0.5f) / 0.5f;
        float found = batch.images()[offset];
        if (Math.abs(found - expected) > 1e-5) {
          throw new IllegalStateException(
              "expected a decoded pixel to be %s, found %s".formatted(expected, found));
        }
      }
    }
    return batch;
  }

  private static byte[] pgm(byte level) {
    byte[] header = "P5\n%d %d\n255\n".formatted(SIDE, SIDE).getBytes(US_ASCII);
    byte[] file = Arrays.copyOf(header, header.length + SIDE * SIDE);
    Arrays.fill(file, header.length, file.length, level);
    return file;
  }
}
