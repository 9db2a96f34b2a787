package org.convoyml.benchmarks.peers;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.io.IOException;
import org.convoyml.benchmarks.Contest;
import org.convoyml.benchmarks.Contestant;

/**
 * DJL on its PyTorch engine: whole training steps in f32. The engine comes from Maven, so that
 * nothing is downloaded; DJL has no channels-last images.
 */
public final class DjlContestant {
  private DjlContestant() {}

  public static void main(String[] words) throws IOException {
    Contest contest = Contest.of(words);
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(contest.threads()));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    Engine.getEngine("PyTorch");
    Contestant contestant = new Contestant();
    contestant.serve(training(contest));
    System.exit(0); // libtorch's threads would go on
  }

  private static Contestant.Step training(Contest contest) {
    Block network = new DjlNetwork(contest.spec());
    Model model = Model.newInstance(contest.network(), "PyTorch");
    model.setBlock(network);
    Trainer trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(
                    Optimizer.sgd()
                        .setLearningRateTracker(Tracker.fixed(1e-9f))
                        .optMomentum(0.9f)
                        .build()));
    org.convoyml.nn.spec.Shape shape = contest.spec().input();
    Shape input = new Shape(contest.batch(), shape.channels(), shape.height(), shape.width());
    trainer.initialize(input);
    NDArray images = trainer.getManager().randomUniform(-1, 1, input);
    NDArray labels = trainer.getManager().zeros(new Shape(contest.batch()), DataType.INT64);
    return () -> step(trainer, images, labels);
  }

  private static void step(Trainer trainer, NDArray images, NDArray labels) {
    try (NDManager scope = trainer.getManager().newSubManager()) {
      try (GradientCollector collector = trainer.newGradientCollector()) {
        // What is computed from an array belongs to its manager, and goes with it.
        NDArray view = images.reshape(images.getShape());
        view.attach(scope);
        NDList predicted = trainer.forward(new NDList(view));
        NDArray loss = trainer.getLoss().evaluate(new NDList(labels), predicted);
        loss.attach(scope);
        collector.backward(loss);
        loss.getFloat();
      }
      trainer.step();
    }
  }
}
