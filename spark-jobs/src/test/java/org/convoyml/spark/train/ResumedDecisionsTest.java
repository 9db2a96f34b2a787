package org.convoyml.spark.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.Samples;
import org.convoyml.spark.train.ModelSelection.Score;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is decided by the epochs before is decided alike after an interruption. */
@Timeout(180)
class ResumedDecisionsTest {
  @TempDir private Path folder;
  private ImageDataset digits;

  @BeforeEach
  void open() {
    digits =
        ImageSources.open(
            LocalSpark.session(), Samples.mnist(folder.resolve("digits"), 150).toString());
  }

  /** As if the driver had been killed. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Remembers losses, and ends a training just before the checkpoint of an epoch is complete. */
  private static final class Watching implements TrainingListener {
    private final int killedIn;
    private final List<Double> losses = new ArrayList<>();

    private Watching(int killedIn) {
      this.killedIn = killedIn;
    }

    @Override
    public void progressed(Progress progress) {
      if (progress.epochDone() && losses.size() < progress.epoch()) {
        if (progress.epoch() == killedIn) {
          throw new Killed();
        }
        losses.add(progress.loss());
      }
    }
  }

  /** One evaluation without a better figure came before it, one after it. */
  @Test
  void patienceThatHasBegunToEndGoesOnToEnd() throws IOException {
    Map<String, String> settings =
        Map.of(
            "epochs", "30",
            "learning-rate", "0.1",
            "schedule", "constant",
            "validation-split", "0.2",
            "evaluate-every", "1",
            "patience", "2",
            "keep", "best",
            "monitor", "loss",
            "keep-checkpoints", "1");
    TrainingSummary whole = train("whole", settings, false, Trainings.SILENT);
    List<Score> scores = whole.selection().scores();
    int last = scores.size();
    assertThat(whole.stoppedEarly()).isTrue();
    assertThat(scores.stream().min(Comparator.comparingDouble(Score::loss)).orElseThrow().epoch())
        .isEqualTo(last - 2);

    JsonNode selection = interrupted("halves", settings, last).get("selection");
    assertThat(selection.get("waited").asInt()).isEqualTo(1);
    TrainingSummary resumed = train("halves", settings, true, Trainings.SILENT);
    assertThat(resumed.stoppedEarly()).isTrue();
    assertThat(resumed.selection()).isEqualTo(whole.selection());
    assertThat(weights("halves")).isEqualTo(weights("whole"));
  }

  @Test
  void aRateThatAPlateauHasLoweredStaysLow() throws IOException {
    Map<String, String> settings =
        Map.of("epochs", "8", "learning-rate", "0.1", "schedule", "plateau(0.5, 0)");
    Watching watching = new Watching(0);
    train("whole", settings, false, watching);
    int rising = firstRise(watching.losses);
    assertThat(rising).as("losses %s", watching.losses).isBetween(2, 7);

    JsonNode plateau = interrupted("halves", settings, rising + 1).get("plateau");
    assertThat(plateau.get("factor").asDouble()).isEqualTo(0.5);
    train("halves", settings, true, Trainings.SILENT);
    assertThat(weights("halves")).isEqualTo(weights("whole"));
  }

  /** Figures of other images cannot be compared with those from before. */
  @Test
  void otherImagesToEvaluateOnAreAnotherTraining() throws IOException {
    Map<String, String> settings =
        Map.of("epochs", "3", "validation-split", "0.2", "evaluate-every", "1");
    interrupted("halves", settings, 2);
    ImageDataset heldOut =
        Trainings.job(
                Trainings.LENET, digits, Trainings.config(settings), folder.resolve("none"), false)
            .split()
            .orElseThrow()
            .validation();
    Object[] ids =
        heldOut.rows().select("id").collectAsList().stream().map(row -> row.get(0)).toArray();
    byte[] content = digits.rows().select("content").head().getAs(0);
    digits =
        new ImageDataset(
            digits
                .rows()
                .withColumn(
                    "content", when(col("id").isin(ids), lit(content)).otherwise(col("content"))),
            digits.classes());
    assertThatThrownBy(() -> train("halves", settings, true, Trainings.SILENT))
        .isInstanceOf(ConvoyException.class)
        .hasMessageContaining("is of a training with a data set of fingerprint ");
  }

  /** The first epoch, from 1, whose loss is above the one before; 0 if there is none. */
  private static int firstRise(List<Double> losses) {
    for (int i = 1; i < losses.size(); i++) {
      if (losses.get(i) > losses.get(i - 1)) {
        return i + 1;
      }
    }
    return 0;
  }

  /** What the checkpoint of the epoch before says of the training's state. */
  private JsonNode interrupted(String name, Map<String, String> settings, int epoch)
      throws IOException {
    assertThatThrownBy(() -> train(name, settings, false, new Watching(epoch)))
        .isInstanceOf(Killed.class);
    Path checkpoint =
        folder.resolve("%s.checkpoints/round-%06d/manifest.json".formatted(name, epoch - 1));
    return new JsonMapper().readTree(checkpoint.toFile()).get("state");
  }

  private TrainingSummary train(
      String name, Map<String, String> settings, boolean resume, TrainingListener listener) {
    return new LaneTrainer(LocalSpark.session())
        .train(
            Trainings.job(
                Trainings.LENET, digits, Trainings.config(settings), folder.resolve(name), resume),
            listener);
  }

  private byte[] weights(String name) throws IOException {
    return Files.readAllBytes(folder.resolve(name).resolve("weights.safetensors"));
  }
}
