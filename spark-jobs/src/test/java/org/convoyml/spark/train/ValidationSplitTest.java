package org.convoyml.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.aug.source.StratifiedSplit;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidationSplitTest {
  @TempDir private Path folder;

  @Test
  void theRestIsTrainedOnAndRecorded() throws IOException {
    ImageDataset digits =
        ImageSources.open(
            LocalSpark.session(), Samples.mnist(folder.resolve("digits"), 200).toString());
    StratifiedSplit split = StratifiedSplit.of(digits, 0.2, 42, "digits");
    Path whole = folder.resolve("whole");
    Path rest = folder.resolve("rest");

    TrainingSummary summary = train(digits, Map.of("validation-split", "0.2"), whole);
    train(split.training(), Map.of(), rest);

    assertThat(summary.lastEpoch().examples() + summary.heldOut().orElseThrow().rows().count())
        .isEqualTo(200);
    assertThat(summary.heldOut().get().rows().orderBy("id").collectAsList())
        .extracting(row -> ((Row) row).getLong(0))
        .hasSizeBetween(35, 45)
        .isEqualTo(
            split.validation().rows().orderBy("id").collectAsList().stream()
                .map(row -> row.getLong(0))
                .toList());
    // The same weights as if the rest were all there is.
    assertThat(whole.resolve("weights.safetensors"))
        .hasSameBinaryContentAs(rest.resolve("weights.safetensors"));
    JsonNode provenance =
        new JsonMapper().readTree(Files.readString(whole.resolve("provenance.json")));
    assertThat(provenance.get("configuration").get("validation-split").asText()).isEqualTo("0.2");
    assertThat(provenance.get("images").asLong()).isEqualTo(summary.lastEpoch().examples());
  }

  @Test
  void nothingIsHeldOutUnlessAsked() {
    ImageDataset digits =
        ImageSources.open(
            LocalSpark.session(), Samples.mnist(folder.resolve("digits"), 20).toString());

    assertThat(train(digits, Map.of(), folder.resolve("model")).heldOut()).isEmpty();
  }

  private static TrainingSummary train(
      ImageDataset dataset, Map<String, String> settings, Path output) {
    return Trainings.train(
        LocalSpark.session(),
        Samples.residualNetwork(),
        dataset,
        Trainings.config(settings),
        output);
  }
}
