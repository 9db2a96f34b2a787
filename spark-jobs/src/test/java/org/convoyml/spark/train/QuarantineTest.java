package org.convoyml.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.FaultyImages;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.Samples;
import org.convoyml.spark.data.ImageLimits;
import org.convoyml.spark.data.Quarantine;
import org.convoyml.spark.eval.Evaluation;
import org.convoyml.spark.eval.EvaluationJson;
import org.convoyml.spark.eval.Evaluator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Corrupt images are left out, listed and counted, whoever meets them, up to a limit. */
@Timeout(120)
class QuarantineTest {
  private static final int SOUND = 60;

  @TempDir private Path folder;

  @Test
  void trainingLeavesCorruptImagesOutOnAnyNumberOfWorkers() throws IOException {
    Path data = faulty();
    FaultyImages.write(data.resolve("5/undecodable.png"), FaultyImages.undecodable());
    Map<String, String> settings = Map.of("max-corrupt", "0.2", "batch-size", "8");
    Path one = train(data, 1, settings);
    for (int workers : new int[] {2, 5}) {
      Path other = train(data, workers, settings);
      for (String file : List.of("weights.safetensors", "quarantine.csv", "provenance.json")) {
        assertThat(other.resolve(file)).hasSameBinaryContentAs(one.resolve(file));
      }
    }

    List<String> lines = Files.readAllLines(one.resolve("quarantine.csv"));
    assertThat(lines.get(0)).isEqualTo("id,origin,reason");
    assertThat(lines).hasSize(1 + 6);
    assertThat(ids(lines)).isSorted();
    String kinds = "\"expected a JPEG, PNG, BMP, WebP or binary PNM image, found ";
    assertListed(lines, "cut-off.png", "\"expected a whole PNG image, found one that is cut off\"");
    assertListed(lines, "empty.jpg", kinds + "an empty file\"");
    assertListed(lines, "page.jpg", kinds + "HTML\"");
    assertListed(lines, "moving.png", kinds + "a GIF image\"");
    assertListed(lines, "giant.png", "\"expected at most 50000000 pixels, found 30000×30000\"");
    assertListed(
        lines, "undecodable.png", "\"expected a PNG image, found one that cannot be decoded\"");
    var provenance = new JsonMapper().readTree(one.resolve("provenance.json").toFile());
    assertThat(provenance.get("images").asInt()).isEqualTo(SOUND + 6);
    assertThat(provenance.get("quarantined").asInt()).isEqualTo(6);
  }

  @Test
  void theSummaryCountsEachImageOnceAndSaysWhere() {
    TrainingSummary summary =
        Trainings.train(
            LocalSpark.session(),
            Samples.residualNetwork(),
            faulty(),
            config(2, Map.of("max-corrupt", "0.2", "epochs", "3")),
            folder.resolve("model"));
    assertThat(summary.images()).isEqualTo(3 * SOUND);
    assertThat(summary.lastEpoch().examples()).isEqualTo(SOUND);
    assertThat(summary.quarantine().size()).isEqualTo(5);
    assertThat(summary.quarantine().executors()).isEqualTo(Map.of("driver", 5L));
  }

  @Test
  void withoutCorruptImagesThereIsNoList() throws IOException {
    Path model = train(FaultyImages.digits(folder.resolve("sound"), SOUND), 2, Map.of());
    assertThat(model.resolve("quarantine.csv")).doesNotExist();
    assertThat(model.resolve("provenance.json")).content().contains("\"quarantined\" : 0");
  }

  @Test
  void aboveTheLimitNothingIsTrainedAndTheWorstAreNamed() {
    Path data = faulty();
    FaultyImages.write(
        data.resolve("9/another.gif.jpg"), "GIF87a".getBytes(StandardCharsets.US_ASCII));
    Path output = folder.resolve("model");
    assertThatThrownBy(
            () ->
                Trainings.train(
                    LocalSpark.session(),
                    Samples.residualNetwork(),
                    data,
                    config(2, Map.of("max-corrupt", "0.09")),
                    output))
        .isInstanceOf(ConvoyException.class)
        .hasMessageStartingWith(
            "digits: 6 of 66 images are corrupt (9.09%), more than --max-corrupt 0.09 allows: 2 ×"
                + " expected a JPEG, PNG, BMP, WebP or binary PNM image, found a GIF image (")
        .hasMessageContaining("; 1 × ")
        .hasMessageEndingWith("; 2 for other reasons");
    assertThat(output).doesNotExist();
    assertThat(LocalSpark.session().sparkContext().getPersistentRDDs().isEmpty()).isTrue();
  }

  /** Found while training only; then the workers stop in the same step, however many they are. */
  @Test
  void whatOnlyDecodingShowsStopsTrainingToo() {
    Path data = FaultyImages.digits(folder.resolve("digits"), SOUND);
    for (int i = 0; i < 30; i++) {
      FaultyImages.write(
          data.resolve("5/undecodable-%d.png".formatted(i)), FaultyImages.undecodable());
    }
    String first = messageOf(data, 1);
    assertThat(first)
        .containsPattern(
            "digits: (6|7|8|9|10) of 90 images are corrupt \\([0-9.]+%\\), more than"
                + " --max-corrupt 0.06 allows: \\d+ × expected a PNG image, found one that cannot"
                + " be decoded \\(.*undecodable-\\d+.png\\)");
    assertThat(messageOf(data, 4)).isEqualTo(first);
  }

  private String messageOf(Path data, int workers) {
    Throwable[] thrown = new Throwable[1];
    assertThatThrownBy(() -> train(data, workers, Map.of("max-corrupt", "0.06", "batch-size", "8")))
        .isInstanceOf(ConvoyException.class)
        .satisfies(e -> thrown[0] = e);
    return thrown[0].getMessage();
  }

  @Test
  void evaluationLeavesThemOutToo() throws IOException {
    Path data = faulty();
    FaultyImages.write(data.resolve("5/undecodable.png"), FaultyImages.undecodable());
    Path model = train(data, 2, Map.of("max-corrupt", "0.2"));
    // Batches of one: some have nothing left.
    Evaluation faulty = evaluate(model, data, 1);
    Evaluation sound = evaluate(model, FaultyImages.digits(folder.resolve("sound"), SOUND), 1);
    assertThat(faulty.confusion().total()).isEqualTo(SOUND);
    assertThat(faulty.meanLoss()).isEqualTo(sound.meanLoss());
    assertThat(faulty.quarantine().toCsv())
        .isEqualTo(Files.readString(model.resolve(Quarantine.FILE)));
    var json = new JsonMapper().readTree(EvaluationJson.write(faulty));
    assertThat(json.get("quarantined").asInt()).isEqualTo(6);
    assertThat(json.get("images").asInt()).isEqualTo(SOUND);
    assertThatThrownBy(
            () ->
                new Evaluator(LocalSpark.session(), "onednn", 16, ImageLimits.DEFAULT)
                    .evaluate(model.toString(), open(data), "digits"))
        .hasMessageStartingWith("digits: 5 of 66 images are corrupt (7.58%), more than");
  }

  private static Evaluation evaluate(Path model, Path data, int batchSize) {
    ImageLimits limits = new ImageLimits(ImageLimits.DEFAULT.maxPixels(), 0.2);
    return new Evaluator(LocalSpark.session(), "onednn", batchSize, limits)
        .evaluate(model.toString(), open(data), "digits");
  }

  private static ImageDataset open(Path data) {
    return ImageSources.open(LocalSpark.session(), data.toString());
  }

  private Path faulty() {
    Path data = FaultyImages.digits(folder.resolve("faulty"), SOUND);
    FaultyImages.addFaults(data);
    return data;
  }

  private static List<Long> ids(List<String> lines) {
    return lines.stream()
        .skip(1)
        .map(line -> Long.parseLong(line.substring(0, line.indexOf(','))))
        .toList();
  }

  private static void assertListed(List<String> lines, String file, String reason) {
    assertThat(lines)
        .filteredOn(line -> line.contains("/" + file + ","))
        .singleElement()
        .asString()
        .endsWith("/" + file + "," + reason);
  }

  private Path train(Path data, int workers, Map<String, String> settings) throws IOException {
    Path output = Files.createTempDirectory(folder, "run").resolve("model");
    Trainings.train(
        LocalSpark.session(), Samples.residualNetwork(), data, config(workers, settings), output);
    return output;
  }

  private static TrainingConfig config(int workers, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("workers", String.valueOf(workers));
    return Trainings.config(all);
  }
}
