package org.convoyml.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.Samples;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training that was interrupted anywhere goes on to the same bits. */
@Timeout(180)
class ResumeTest {
  private static final NetworkSpec NETWORK = Samples.residualNetwork();

  @TempDir private Path folder;
  private SparkSession session;
  private ImageDataset digits;

  @BeforeEach
  void open() {
    session = LocalSpark.session();
    digits = ImageSources.open(session, Samples.mnist(folder.resolve("digits"), 101).toString());
  }

  /** As if the driver had been killed: what it was about to do is not done. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Remembers warnings. */
  private static class Warnings implements TrainingListener {
    private final List<String> warnings = new ArrayList<>();

    @Override
    public void warned(String what) {
      warnings.add(what);
    }
  }

  /** Ends a training just before the checkpoint of an epoch is complete. */
  private static final class KilledInEpoch extends Warnings {
    private final int epoch;

    private KilledInEpoch(int epoch) {
      this.epoch = epoch;
    }

    @Override
    public void progressed(Progress progress) {
      if (progress.epoch() == epoch && progress.epochDone()) {
        throw new Killed();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "optimizer=sgd(momentum=0.9)",
        "optimizer=adamw|ema=0.9|clip-norm=1|schedule=plateau(0.5, 0)",
        "optimizer=sgd(momentum=0)",
        "sync=parameters|averaging-frequency=2|optimizer=adam",
        "checkpoint-every=2|augment=rotate(10)",
        "sync=parameters|averaging-frequency=2|checkpoint-every=2|precision=bf16",
        "sync=parameters|checkpoint-every=1|batch-size=8|ema=0.5|epochs=2",
        "validation-split=0.2|evaluate-every=1|patience=3|keep=best|monitor=loss|checkpoint-every=2",
      })
  void itGoesOnToTheSameBitsOnAnotherNumberOfWorkers(String settings) throws IOException {
    Map<String, String> all = settings(settings);
    byte[] undisturbed = weights(train("whole", with(all, "workers", "2"), false, null));
    Path output = interrupted("halves", with(all, "workers", "4"));
    assertThat(weights(train(output, with(all, "workers", "3"), true, null)))
        .isEqualTo(undisturbed);
    assertThat(output.resolveSibling("halves.checkpoints")).doesNotExist();
  }

  /** How often its state is saved is nothing that a result depends on. */
  @Test
  void shorterRoundsChangeNothing() throws IOException {
    byte[] epochs = weights(train("epochs", Map.of(), false, null));
    for (String steps : List.of("1", "3")) {
      assertThat(weights(train("rounds" + steps, Map.of("checkpoint-every", steps), false, null)))
          .isEqualTo(epochs);
    }
  }

  @Test
  void aDamagedCheckpointIsPassedOverWithAWarning() throws IOException {
    byte[] undisturbed = weights(train("whole", Map.of(), false, null));
    Path output = interrupted("damaged", Map.of());
    Path newest = output.resolveSibling("damaged.checkpoints/round-000002/weights.safetensors");
    byte[] content = Files.readAllBytes(newest);
    content[content.length - 1] ^= 4;
    Files.write(newest, content);
    Warnings listener = new Warnings();
    assertThat(weights(train(output, Map.of(), true, listener))).isEqualTo(undisturbed);
    assertThat(listener.warnings).hasSize(1);
    assertThat(listener.warnings.get(0))
        .matches(".*round-000002/weights\\.safetensors: expected CRC-32C \\d+, found \\d+");
  }

  @Test
  void aCheckpointIsAModel() {
    Path output = interrupted("model", Map.of("ema", "0.9"));
    Path checkpoint = output.resolveSibling("model.checkpoints/round-000002");
    assertThat(
            new org.convoyml.spark.eval.Evaluator(
                    session, "onednn", 64, org.convoyml.spark.data.ImageLimits.DEFAULT)
                .evaluate(checkpoint.toString(), digits, "digits")
                .confusion()
                .total())
        .isEqualTo(101);
  }

  @Test
  void withoutSayingSoNothingIsContinuedOrLost() throws IOException {
    Path output = interrupted("unsaid", Map.of());
    assertThatThrownBy(() -> train(output, Map.of(), false, null))
        .isInstanceOf(ConvoyException.class)
        .hasMessageEndingWith(
            "unsaid.checkpoints: a training that did not end has left its checkpoints: --resume"
                + " goes on from there, --overwrite begins again");
    assertThat(output.resolveSibling("unsaid.checkpoints/round-000002/manifest.json")).exists();
  }

  /** The weights that were best lie in an older checkpoint. */
  @Test
  void aBestCheckpointThatIsDamagedIsNoticedBeforeTrainingGoesOn() throws IOException {
    Map<String, String> settings =
        Map.of(
            "validation-split", "0.2",
            "evaluate-every", "1",
            "keep", "best",
            "keep-checkpoints", "1",
            "learning-rate", "1e-6",
            "monitor", "accuracy");
    Path output = interrupted("best", settings);
    Path best;
    try (Stream<Path> checkpoints = Files.list(output.resolveSibling("best.checkpoints"))) {
      best = checkpoints.sorted().findFirst().orElseThrow();
    }
    Path weights = best.resolve("weights.safetensors");
    byte[] content = Files.readAllBytes(weights);
    content[content.length / 2] ^= 8;
    Files.write(weights, content);
    assertThatThrownBy(() -> train(output, settings, true, null))
        .isInstanceOf(ConvoyException.class)
        .hasMessageContaining("expected CRC-32C");
  }

  /** Which is the best so far, while the one before had another best. */
  @Test
  void aDamagedBestIsPassedOverAndTheBestBeforeItIsStillThere() throws IOException {
    Map<String, String> settings =
        Map.of(
            "validation-split", "0.2",
            "evaluate-every", "1",
            "keep", "best",
            "keep-checkpoints", "2",
            "monitor", "loss",
            "epochs", "4");
    byte[] undisturbed = weights(train("best whole", settings, false, null));
    Path output = folder.resolve("better");
    assertThatThrownBy(() -> train(output, settings, false, new KilledInEpoch(4)))
        .isInstanceOf(Killed.class);
    Path newest = output.resolveSibling("better.checkpoints/round-000003/weights.safetensors");
    byte[] content = Files.readAllBytes(newest);
    content[content.length / 2] ^= 8;
    Files.write(newest, content);
    Warnings listener = new Warnings();
    assertThat(weights(train(output, settings, true, listener))).isEqualTo(undisturbed);
    assertThat(listener.warnings).hasSize(1);
    assertThat(listener.warnings.get(0)).contains("round-000003/weights.safetensors: expected CRC");
  }

  @Test
  void aModelWithinItsCheckpointsIsRefused() {
    Path output = folder.resolve("models/m");
    for (String checkpoints : List.of("models", "models/m", "models/m/states")) {
      assertThatThrownBy(
              () ->
                  train(
                      output,
                      Map.of("checkpoints", folder.resolve(checkpoints).toString()),
                      false,
                      null))
          .isInstanceOf(ConvoyException.class)
          .hasMessageContaining("expected checkpoints beside the model");
    }
  }

  @Test
  void anotherTrainingIsNotContinued() {
    Path output = interrupted("other", Map.of());
    assertThatThrownBy(() -> train(output, Map.of("seed", "7"), true, null))
        .isInstanceOf(ConvoyException.class)
        .hasMessageEndingWith("is of a training with seed 42, this one has 7");
  }

  @Test
  void whereNothingIsToBeContinuedItBegins() throws IOException {
    assertThat(weights(train("begun", Map.of(), true, null)))
        .isEqualTo(weights(train("whole", Map.of(), false, null)));
  }

  /** Interrupted when the last round was done, but the model could not be written. */
  @Test
  void aTrainingThatIsDoneOnlyWritesItsModel() throws IOException {
    Path output = folder.resolve("done");
    TrainingListener blocking =
        new Warnings() {
          @Override
          public void epochEnded(EpochReport report) {
            if (report.epoch() == 4) {
              try {
                Files.writeString(output, "in the way");
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            }
          }
        };
    assertThatThrownBy(() -> train(output, Map.of(), false, blocking))
        .isInstanceOf(ConvoyException.class)
        .hasMessageContaining("already exists");
    Files.delete(output);
    TrainingListener idle =
        new Warnings() {
          @Override
          public void progressed(Progress progress) {
            throw new AssertionError("there is nothing left to train");
          }
        };
    assertThat(weights(train(output, Map.of(), true, idle)))
        .isEqualTo(weights(train("whole", Map.of(), false, null)));
  }

  private Path interrupted(String name, Map<String, String> settings) {
    Path output = folder.resolve(name);
    int epoch = "2".equals(settings.get("epochs")) ? 2 : 3;
    assertThatThrownBy(() -> train(output, settings, false, new KilledInEpoch(epoch)))
        .isInstanceOf(Killed.class);
    assertThat(output).doesNotExist();
    return output;
  }

  private Path train(
      String name, Map<String, String> settings, boolean resume, TrainingListener listener) {
    return train(folder.resolve(name), settings, resume, listener);
  }

  private Path train(
      Path output, Map<String, String> settings, boolean resume, TrainingListener listener) {
    new LaneTrainer(session)
        .train(
            Trainings.job(
                NETWORK,
                digits,
                Trainings.config(
                    settings.containsKey("epochs") ? settings : with(settings, "epochs", "4")),
                output,
                resume),
            listener == null ? Trainings.SILENT : listener);
    return output;
  }

  private static byte[] weights(Path model) throws IOException {
    return Files.readAllBytes(model.resolve("weights.safetensors"));
  }

  private static Map<String, String> settings(String text) {
    Map<String, String> settings = new HashMap<>();
    for (String setting : text.split("\\|")) {
      settings.put(setting.split("=", 2)[0], setting.split("=", 2)[1]);
    }
    return settings;
  }

  private static Map<String, String> with(Map<String, String> settings, String name, String value) {
    Map<String, String> all = new HashMap<>(settings);
    all.put(name, value);
    return all;
  }
}
