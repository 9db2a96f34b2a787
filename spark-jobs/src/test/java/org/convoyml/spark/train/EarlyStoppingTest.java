package org.convoyml.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.Samples;
import org.convoyml.spark.data.ImageLimits;
import org.convoyml.spark.eval.Evaluation;
import org.convoyml.spark.eval.Evaluator;
import org.convoyml.spark.train.ModelSelection.Score;
import org.convoyml.spark.train.Validation.Keep;
import org.convoyml.spark.train.Validation.Monitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EarlyStoppingTest {
  private static final Validation PATIENT = new Validation(0.2, 1, 2, Monitor.LOSS, Keep.BEST);

  @TempDir private Path folder;

  @Test
  void patienceEndsAfterSoManyEvaluationsWithoutABetterFigure() {
    ModelSelection selection = ModelSelection.START;
    double[] losses = {0.9, 0.5, 0.5, 0.4, 0.6, 0.4};
    boolean[] ended = {false, false, false, false, false, true};
    int[] best = {1, 2, 2, 4, 4, 4};
    for (int i = 0; i < losses.length; i++) {
      selection = selection.after(new Score(i + 1, i + 1, 0.5, losses[i]), Monitor.LOSS);
      assertThat(selection.hasLostPatience(PATIENT)).as("evaluation %d", i).isEqualTo(ended[i]);
      assertThat(selection.best()).as("evaluation %d", i).isEqualTo(best[i]);
    }
    assertThat(selection.chosen(PATIENT, 6)).isEqualTo(4);
    assertThat(selection.chosen(Validation.atTheEnd(0.2), 6)).isEqualTo(6);
  }

  @Test
  void ofAccuraciesTheHighestIsTheBest() {
    ModelSelection selection =
        ModelSelection.START
            .after(new Score(1, 3, 0.5, 1), Monitor.ACCURACY)
            .after(new Score(2, 6, 0.7, 2), Monitor.ACCURACY)
            .after(new Score(3, 9, 0.7, 0.5), Monitor.ACCURACY);
    assertThat(selection.best()).isEqualTo(6);
    assertThat(selection.waited()).isEqualTo(1);
  }

  /** At so high a rate the loss on images that are held out soon rises again. */
  @Test
  void trainingStopsAndTheModelIsTheBestOne() {
    List<Score> scores = new ArrayList<>();
    TrainingSummary summary =
        train(Map.of("patience", "2", "keep", "best", "monitor", "loss"), scores);
    assertThat(summary.stoppedEarly()).isTrue();
    assertThat(scores.size()).isBetween(3, 29).isEqualTo(summary.selection().scores().size());
    Score best = scores.stream().min(Comparator.comparingDouble(Score::loss)).orElseThrow();
    assertThat(best.epoch()).isEqualTo(scores.size() - 2);
    assertThat(summary.chosenScore()).contains(best);
    Evaluation again = evaluate(summary);
    assertThat(again.meanLoss()).isEqualTo(best.loss());
    assertThat(again.confusion().accuracy()).isEqualTo(best.accuracy());
  }

  @Test
  void withoutPatienceItIsOnlyEvaluatedSoOften() {
    List<Score> scores = new ArrayList<>();
    TrainingSummary summary = train(Map.of("evaluate-every", "2", "epochs", "5"), scores);
    assertThat(scores).extracting(Score::epoch).containsExactly(2, 4, 5);
    assertThat(summary.stoppedEarly()).isFalse();
    assertThat(evaluate(summary).meanLoss()).isEqualTo(scores.get(2).loss());
  }

  private TrainingSummary train(Map<String, String> settings, List<Score> scores) {
    Map<String, String> all = new HashMap<>();
    all.put("epochs", "30");
    all.put("validation-split", "0.2");
    all.put("evaluate-every", "1");
    all.put("learning-rate", "0.1");
    all.put("schedule", "constant");
    all.put("keep-checkpoints", "1");
    all.put("workers", "2");
    all.putAll(settings);
    ImageDataset digits =
        ImageSources.open(
            LocalSpark.session(), Samples.mnist(folder.resolve("digits"), 150).toString());
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void epochEnded(EpochReport report) {
            Optional<Score> score = report.score();
            score.ifPresent(scores::add);
          }

          @Override
          public void warned(String what) {
            throw new AssertionError(what);
          }
        };
    return new LaneTrainer(LocalSpark.session())
        .train(
            Trainings.job(
                Trainings.LENET, digits, Trainings.config(all), folder.resolve("model"), false),
            listener);
  }

  private Evaluation evaluate(TrainingSummary summary) {
    return new Evaluator(LocalSpark.session(), "onednn", Evaluator.BATCH_SIZE, ImageLimits.DEFAULT)
        .evaluate(folder.resolve("model").toString(), summary.heldOut().orElseThrow(), "held out");
  }
}
