package org.convoyml.spark.cli;

import java.util.List;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.nn.engine.CompileOptions.Precision;
import org.convoyml.nn.train.LearningRate;
import org.convoyml.nn.train.LearningRateSchedule;
import org.convoyml.nn.train.Optimizer;
import org.convoyml.nn.train.Sgd;
import org.convoyml.spark.train.Trainers;
import org.convoyml.spark.train.TrainingConfig;
import picocli.CommandLine.Option;

/** Options about what is learned from an image, on which the result depends. */
final class LearningOptions {
  @Option(
      names = "--augment",
      paramLabel = "POLICY",
      converter = Converters.OfPolicy.class,
      completionCandidates = PolicyList.Words.class,
      description =
          "How images are varied each time they are seen, in this order, for example"
              + " \"pad-crop(4), flip\". Default: none. There are ${COMPLETION-CANDIDATES};"
              + " convoy augment --list has their arguments, convoy augment --preview shows what"
              + " they do.")
  AugmentationPolicy augment = TrainingConfig.DEFAULT.augmentation();

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "How often every image is seen. Default: ${DEFAULT-VALUE}.")
  int epochs = TrainingConfig.DEFAULT.epochs();

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "The highest learning rate. Default: ${DEFAULT-VALUE}.")
  double learningRate = TrainingConfig.DEFAULT.learningRate().highest();

  @Option(
      names = "--schedule",
      paramLabel = "RULE",
      converter = Converters.OfSchedule.class,
      description =
          "How the learning rate changes: constant, cosine, one-cycle, \"step(30, 0.1)\","
              + " \"exponential(0.95)\", \"polynomial(2)\" or \"plateau(0.1, 10)\". Default:"
              + " ${DEFAULT-VALUE}.")
  LearningRateSchedule schedule = TrainingConfig.DEFAULT.learningRate().schedule();

  @Option(
      names = "--warmup",
      paramLabel = "EPOCHS",
      description =
          "Epochs in which the learning rate first rises, whole or not. Default:"
              + " ${DEFAULT-VALUE}.")
  double warmup = TrainingConfig.DEFAULT.learningRate().warmupEpochs();

  @Option(
      names = "--optimizer",
      paramLabel = "RULE",
      converter = Converters.OfOptimizer.class,
      description =
          "sgd, rmsprop, adam, adamw or lars, with values such as \"sgd(momentum=0.9,"
              + " nesterov)\". Default: sgd with momentum 0.9.")
  Optimizer optimizer;

  @Option(
      names = "--momentum",
      paramLabel = "M",
      description = "The same as --optimizer \"sgd(momentum=M)\".")
  Float momentum;

  @Option(
      names = "--weight-decay",
      paramLabel = "D",
      description = "Of weights, not of biases and batch norms. Default: ${DEFAULT-VALUE}.")
  double weightDecay = TrainingConfig.DEFAULT.weightDecay();

  @Option(
      names = "--label-smoothing",
      paramLabel = "S",
      description = "Share of every target that goes to all classes alike. Default: none.")
  Float labelSmoothing;

  @Option(
      names = "--clip-norm",
      paramLabel = "N",
      description = "Scale the gradient down to this norm. Default: leave it as it is.")
  double clipNorm = TrainingConfig.DEFAULT.clipNorm();

  @Option(
      names = "--ema",
      paramLabel = "D",
      description =
          "Decay of a moving average of the weights, which the model then takes; 0.999, say."
              + " Default: none.")
  double averageDecay = TrainingConfig.DEFAULT.averageDecay();

  @Option(
      names = "--precision",
      paramLabel = "P",
      description =
          "f32, or bf16: faster on processors that have it, with f32 sums and weights kept in"
              + " f32. Default: f32.")
  Precision precision = TrainingConfig.DEFAULT.precision();

  @Option(
      names = "--mean",
      paramLabel = "M",
      split = ",",
      description =
          "Mean of each channel, of pixels scaled to [0, 1]. Default: MNIST's for grey images,"
              + " ImageNet's for colour.")
  List<Float> mean;

  @Option(
      names = "--std",
      paramLabel = "D",
      split = ",",
      description = "Standard deviation of each channel, likewise.")
  List<Float> deviation;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of all random choices. Default: ${DEFAULT-VALUE}.")
  long seed = TrainingConfig.DEFAULT.seed();

  @Option(
      names = "--engine",
      converter = EngineName.class,
      paramLabel = "NAME",
      description =
          "What computes the network: onednn, reference, dl4j, or auto for the fastest that runs"
              + " here. Default: ${DEFAULT-VALUE}.")
  String engine = TrainingConfig.DEFAULT.engine();

  @Option(
      names = "--trainer",
      converter = TrainerName.class,
      paramLabel = "NAME",
      description =
          "What runs the training: convoy, or dl4j-spark, Deeplearning4j's own averaging of"
              + " parameters, to compare with. Default: ${DEFAULT-VALUE}.")
  String trainer = Trainers.CONVOY;

  LearningRate learningRate() {
    return new LearningRate(learningRate, warmup, schedule);
  }

  /**
   * The optimizer.
   *
   * @throws IllegalArgumentException if it is given twice
   */
  Optimizer optimizer() {
    if (momentum == null) {
      return optimizer == null ? TrainingConfig.DEFAULT.optimizer() : optimizer;
    }
    if (optimizer != null) {
      throw new IllegalArgumentException(
          "--momentum goes without --optimizer: give it as sgd(momentum=M)");
    }
    return new Sgd(momentum);
  }

  /**
   * The label smoothing; null if it is not given.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  Float labelSmoothing() {
    if (labelSmoothing != null && !(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new IllegalArgumentException(
          "--label-smoothing must be in [0, 1), got " + labelSmoothing);
    }
    return labelSmoothing;
  }
}
