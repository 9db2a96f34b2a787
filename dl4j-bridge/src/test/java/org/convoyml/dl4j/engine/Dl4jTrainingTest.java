package org.convoyml.dl4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.dl4j.Dl4jSpark;
import org.convoyml.spark.Samples;
import org.convoyml.spark.train.EpochReport;
import org.convoyml.spark.train.LaneTrainer;
import org.convoyml.spark.train.Progress;
import org.convoyml.spark.train.TrainingJob;
import org.convoyml.spark.train.TrainingListener;
import org.convoyml.spark.train.Trainings;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Convoy's trainer on Deeplearning4j's engine keeps what it promises on any other. */
@Timeout(120)
class Dl4jTrainingTest {
  @TempDir private Path folder;

  /** As if the driver had been killed. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Ends a training just before the checkpoint of its second epoch is complete. */
  private static final TrainingListener KILLER =
      new TrainingListener() {
        @Override
        public void progressed(Progress progress) {
          if (progress.epoch() == 2 && progress.epochDone()) {
            throw new Killed();
          }
        }
      };

  @ParameterizedTest
  @ValueSource(strings = {"gradients", "parameters"})
  void itGoesOnToTheSameBitsOnAnotherNumberOfWorkers(String sync) throws IOException {
    byte[] undisturbed = train("whole", sync, 2, Trainings.SILENT, false);
    assertThatThrownBy(() -> train("halves", sync, 2, KILLER, false)).isInstanceOf(Killed.class);
    assertThat(folder.resolve("halves")).doesNotExist();
    List<Integer> epochs = new ArrayList<>();
    TrainingListener resumed =
        new TrainingListener() {
          @Override
          public void epochEnded(EpochReport report) {
            epochs.add(report.epoch());
          }
        };
    assertThat(train("halves", sync, 1, resumed, true)).isEqualTo(undisturbed);
    assertThat(epochs).containsExactly(2, 3);
  }

  private byte[] train(
      String name, String sync, int workers, TrainingListener listener, boolean resume)
      throws IOException {
    Map<String, String> settings =
        new HashMap<>(
            Map.of("engine", Dl4jEngine.NAME, "sync", sync, "workers", String.valueOf(workers)));
    if (sync.equals("parameters")) {
      settings.put("averaging-frequency", "2");
    }
    settings.putAll(Map.of("optimizer", "adam", "learning-rate", "0.001", "epochs", "3"));
    settings.putAll(Map.of("lanes", "4", "batch-size", "16", "augment", "rotate(10)"));
    ImageDataset digits =
        ImageSources.open(
            Dl4jSpark.session(), Samples.mnist(folder.resolve("digits"), 101).toString());
    TrainingJob job =
        Trainings.job(
            Trainings.LENET, digits, Trainings.config(settings), folder.resolve(name), resume);
    new LaneTrainer(Dl4jSpark.session()).train(job, listener);
    return Files.readAllBytes(folder.resolve(name).resolve("weights.safetensors"));
  }
}
