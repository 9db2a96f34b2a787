package org.convoyml.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.Samples;
import org.convoyml.spark.preflight.Slots;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LaneTrainerTest {
  @TempDir private Path folder;

  @Test
  void itLearns() {
    Path data = Samples.mnist(folder.resolve("digits"), 500);
    Recorder recorder = new Recorder();
    TrainingConfig config =
        Trainings.config(Map.of("epochs", "6", "workers", "2", "batch-size", "16"));
    TrainingSummary summary =
        new LaneTrainer(LocalSpark.session())
            .train(
                new TrainingJob(
                    Trainings.LENET,
                    Preprocessing.mnist(28, 28),
                    ImageSources.open(LocalSpark.session(), data.toString()),
                    "digits",
                    config,
                    folder.resolve("model").toString(),
                    false,
                    false),
                recorder);

    // The last bits of a kernel's sums move this by two points: 500 images, micro-batches of two.
    assertThat(summary.lastEpoch().accuracy()).isGreaterThan(0.9);
    assertThat(summary.lastEpoch().examples()).isEqualTo(500);
    assertThat(summary.images()).isEqualTo(3000);
    assertThat(summary.imagesPerSecond()).isPositive();

    assertThat(recorder.plans).hasSize(1);
    TrainingPlan plan = recorder.plans.get(0);
    assertThat(plan.network()).isEqualTo("lenet");
    assertThat(plan.layout().parameterCount()).isEqualTo(431_080);
    assertThat(plan.workers()).isEqualTo(2);
    assertThat(plan.lanes().steps()).isEqualTo(32);
    assertThat(plan.nativeBytesPerWorker()).isPositive();

    List<Progress> ends = recorder.progress.stream().filter(Progress::epochDone).toList();
    assertThat(ends).extracting(Progress::epoch).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(ends.get(5).loss()).isLessThan(ends.get(0).loss() / 5);
    assertThat(recorder.epochs).extracting(EpochReport::epoch).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(recorder.epochs)
        .allSatisfy(
            report -> {
              assertThat(report.images()).isEqualTo(500);
              assertThat(report.ledger().trained()).isEqualTo(500);
              assertThat(report.ledger().missing(500)).isZero();
            });
    assertThat(folder.resolve("model.checkpoints")).doesNotExist();
    assertThat(recorder.progress)
        .filteredOn(progress -> progress.step() == 0)
        .extracting(Progress::epoch)
        .containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void itTakesAllSlotsButNoMoreThanLanesUnlessTold() {
    Path data = Samples.mnist(folder.resolve("digits"), 20);
    assertThat(Slots.workers(LocalSpark.session().sparkContext(), 0, 64))
        .isEqualTo(LocalSpark.SLOTS);
    assertThat(Slots.workers(LocalSpark.session().sparkContext(), 0, 4)).isEqualTo(4);
    assertThat(Slots.workers(LocalSpark.session().sparkContext(), 3, 4)).isEqualTo(3);
    Trainings.train(
        LocalSpark.session(),
        Samples.residualNetwork(),
        data,
        Trainings.config(Map.of("workers", "0", "lanes", "2", "epochs", "1")),
        folder.resolve("model"));
    assertThat(folder.resolve("model/network.json")).exists();
  }

  @Test
  void itRefusesToWorkUnderDynamicAllocation() {
    var spark = LocalSpark.session().sparkContext();
    spark.conf().set("spark.dynamicAllocation.enabled", "true");
    try {
      assertThatThrownBy(() -> Slots.workers(spark, 1, 8))
          .hasMessageContaining("spark.dynamicAllocation.enabled=false");
    } finally {
      spark.conf().remove("spark.dynamicAllocation.enabled");
    }
  }

  /** Remembers what it is told. */
  private static final class Recorder implements TrainingListener {
    private final List<TrainingPlan> plans = new ArrayList<>();
    private final List<EpochReport> epochs = new ArrayList<>();
    private final List<Progress> progress = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void planned(TrainingPlan plan) {
      plans.add(plan);
    }

    @Override
    public void progressed(Progress newProgress) {
      progress.add(newProgress);
    }

    @Override
    public void epochEnded(EpochReport report) {
      epochs.add(report);
    }

    @Override
    public void warned(String what) {
      throw new AssertionError(what);
    }
  }
}
