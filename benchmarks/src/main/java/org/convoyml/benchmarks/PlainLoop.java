package org.convoyml.benchmarks;

import java.util.Locale;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompileOptions.Precision;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.engine.GradientListener;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.train.ParameterInitializer;
import org.convoyml.nn.train.ParameterUpdate;
import org.convoyml.nn.train.Sgd;
import org.convoyml.nn.zoo.Zoo;

/**
 * Training as a plain loop on core-nn, without Spark: what a worker is measured by. Images are in
 * memory and decoded; a step has eight micro-batches whose gradients are summed, as with lanes.
 *
 * <p>Arguments: network, images an epoch, epochs, images in a step, threads. Prints images/s of the
 * last epoch.
 */
public final class PlainLoop {
  private static final int LANES = 8;

  private PlainLoop() {}

  public static void main(String[] arguments) {
    NetworkSpec network = Zoo.named(arguments[0]).published();
    int images = Integer.parseInt(arguments[1]);
    int epochs = Integer.parseInt(arguments[2]);
    int batchSize = Integer.parseInt(arguments[3]);
    int threads = Integer.parseInt(arguments[4]);
    try (CompiledNetwork compiled =
        Engines.named("onednn")
            .compile(
                network,
                CompileOptions.training(batchSize / LANES, threads).withPrecision(Precision.F32))) {
      double rate = 0;
      Loop loop = new Loop(compiled, images(network, batchSize / LANES));
      for (int epoch = 0; epoch < epochs; epoch++) {
        rate = loop.epoch(images / batchSize, batchSize);
      }
      System.out.printf(Locale.ROOT, "%.0f%n", rate);
    }
  }

  private static MicroBatch images(NetworkSpec network, int size) {
    MicroBatch batch = new MicroBatch(network.input(), size);
    KeyedRandom random = KeyedRandom.of(1);
    for (int n = 0; n < size; n++) {
      int offset = batch.add(random.nextInt(network.classes()));
      for (int i = 0; i < network.input().elements(); i++) {
        batch.images()[offset + i] = (float) random.uniform(-1, 1);
      }
    }
    return batch;
  }

  private static final class Loop {
    /** So small that thousands of steps do not learn the images by heart. */
    private static final float LEARNING_RATE = 1e-9f;

    private final CompiledNetwork compiled;
    private final MicroBatch batch;
    private final float[] parameters;
    private final float[] gradient;
    private final float[] sum;
    private final ParameterUpdate update;

    private Loop(CompiledNetwork compiled, MicroBatch batch) {
      this.compiled = compiled;
      this.batch = batch;
      this.parameters = ParameterInitializer.initialize(compiled.layout(), 1);
      this.gradient = new float[parameters.length];
      this.sum = new float[parameters.length];
      this.update = new ParameterUpdate(compiled.layout(), new Sgd(0.9f), 0, parameters.length);
    }

    /** Returns images/s. */
    private double epoch(int steps, int batchSize) {
      long start = System.nanoTime();
      for (int step = 0; step < steps; step++) {
        compiled.load(parameters);
        compiled.step(batch, sum, GradientListener.NONE);
        for (int lane = 1; lane < LANES; lane++) {
          compiled.step(batch, gradient, GradientListener.NONE);
          for (int i = 0; i < sum.length; i++) {
            sum[i] += gradient[i];
          }
        }
        update.apply(parameters, sum, batchSize, LEARNING_RATE);
      }
      return steps * (double) batchSize / ((System.nanoTime() - start) / 1e9);
    }
  }
}
