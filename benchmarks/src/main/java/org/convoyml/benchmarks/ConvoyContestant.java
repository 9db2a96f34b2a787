package org.convoyml.benchmarks;

import java.io.IOException;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompileOptions.Mode;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.engine.GradientListener;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.Outputs;
import org.convoyml.nn.engine.StepResult;
import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.train.ParameterInitializer;
import org.convoyml.nn.train.ParameterUpdate;
import org.convoyml.nn.train.Sgd;
import org.convoyml.nn.zoo.Zoo;

/**
 * Whole training steps of Convoy: load parameters, forward, loss, backward, momentum update; or
 * inference.
 */
public final class ConvoyContestant {
  /**
   * So small that thousands of steps on one micro-batch do not learn it by heart: its gradients
   * would become subnormal numbers, which no real training sees.
   */
  private static final float LEARNING_RATE = 1e-9f;

  private ConvoyContestant() {}

  public static void main(String[] words) throws IOException {
    Contest contest = Contest.of(words);
    loadEngine(contest.threads());
    Contestant contestant = new Contestant();
    contestant.serve(step(contest));
  }

  /** Loads oneDNN, and sets the number of threads that it uses on the calling thread. */
  public static void loadEngine(int threads) {
    Engines.named("onednn")
        .compile(Zoo.named("lenet").published(), CompileOptions.inference(1, threads))
        .close();
  }

  static Contestant.Step step(Contest contest) {
    NetworkSpec spec = contest.spec();
    CompiledNetwork network = compile(contest);
    float[] parameters = ParameterInitializer.initialize(network.layout(), 1);
    MicroBatch batch = images(spec, contest.batch());
    if (!contest.training()) {
      Outputs outputs = new Outputs(spec, contest.batch());
      network.load(parameters);
      return () -> network.infer(batch, outputs);
    }
    float[] gradient = new float[parameters.length];
    ParameterUpdate update =
        new ParameterUpdate(network.layout(), new Sgd(0.9f), 0, parameters.length);
    return () -> {
      network.load(parameters);
      StepResult result = network.step(batch, gradient, GradientListener.NONE);
      update.apply(parameters, gradient, result.examples(), LEARNING_RATE);
    };
  }

  static CompiledNetwork compile(Contest contest) {
    Mode mode = contest.training() ? Mode.TRAINING : Mode.INFERENCE;
    return Engines.named("onednn")
        .compile(
            contest.spec(),
            new CompileOptions(contest.batch(), contest.threads(), mode, contest.precision()));
  }

  private static MicroBatch images(NetworkSpec spec, int size) {
    MicroBatch batch = new MicroBatch(spec.input(), size);
    KeyedRandom random = KeyedRandom.of(1);
    for (int n = 0; n < size; n++) {
      int offset = batch.add(random.nextInt(10));
      for (int i = 0; i < spec.input().elements(); i++) {
        batch.images()[offset + i] = (float) random.uniform(-1, 1);
      }
    }
    return batch;
  }
}
