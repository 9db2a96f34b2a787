package org.convoyml.nn.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.engine.GradientListener;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.StepResult;
import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.train.ParameterInitializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of network in the zoo learns from the start. */
class ZooStepTest {
  private static final int CLASSES = 10;
  private static final int BATCH = 4;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "inception_v3",
        "lenet",
        "lenet5",
        "mobilenet_v1",
        "mobilenet_v2",
        "resnet9",
        "resnet18",
        "resnet20",
        "resnet50",
        "resnet110",
        "squeezenet1_1",
        "vgg11",
        "xception"
      })
  void theFirstStepHasAGuessersLossAndReachesTheFirstLayer(String name) {
    Zoo.Entry entry = Zoo.named(name);
    int side = name.equals("inception_v3") ? 96 : Math.min(64, entry.input().height());
    NetworkSpec network = entry.build(Shape.of(entry.input().channels(), side, side), CLASSES);
    try (CompiledNetwork compiled =
        Engines.best().compile(network, CompileOptions.training(BATCH, 1))) {
      compiled.load(ParameterInitializer.initialize(compiled.layout(), 5));
      float[] gradient = new float[compiled.layout().size()];
      StepResult result = compiled.step(images(network.input()), gradient, GradientListener.NONE);
      // ln 10 is the loss of an equal guess.
      assertThat(result.lossSum() / BATCH).isCloseTo(Math.log(CLASSES), within(0.7));
      ParameterSlice first = compiled.layout().slices().get(0);
      assertThat(norm(gradient, first)).as(first.name()).isBetween(1e-6, 1e6);
    }
  }

  private static double norm(float[] gradient, ParameterSlice slice) {
    float[] values = Arrays.copyOfRange(gradient, slice.offset(), slice.end());
    double squares = 0;
    for (float value : values) {
      squares += value * (double) value;
    }
    return Math.sqrt(squares);
  }

  private static MicroBatch images(Shape shape) {
    MicroBatch batch = new MicroBatch(shape, BATCH);
    KeyedRandom random = KeyedRandom.of(11);
    for (int n = 0; n < BATCH; n++) {
      int from = batch.add(n);
      for (int i = 0; i < shape.elements(); i++) {
        batch.images()[from + i] = (float) random.nextGaussian();
      }
    }
    return batch;
  }
}
