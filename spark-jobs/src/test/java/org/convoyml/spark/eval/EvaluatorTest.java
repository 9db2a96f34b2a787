package org.convoyml.spark.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.convoyml.aug.image.ImagePipeline;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.Outputs;
import org.convoyml.nn.io.Safetensors;
import org.convoyml.nn.metrics.ConfusionMatrix;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.Samples;
import org.convoyml.spark.data.ImageLimits;
import org.convoyml.spark.data.Quarantine;
import org.convoyml.spark.model.ModelDirectory;
import org.convoyml.spark.train.Trainings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EvaluatorTest {
  private static final int IMAGES = 203;

  @TempDir private static Path folder;
  private static Path data;
  private static Path model;

  private SparkSession session;
  private ImageDataset digits;

  @BeforeAll
  static void train() {
    data = Samples.mnist(folder.resolve("digits"), IMAGES);
    model = folder.resolve("model");
    Trainings.train(
        LocalSpark.session(),
        Trainings.LENET,
        data,
        Trainings.config(Map.of("workers", "2", "epochs", "3", "batch-size", "16")),
        model);
  }

  @BeforeEach
  void open() {
    session = LocalSpark.session();
    digits = ImageSources.open(session, data.toString());
  }

  @Test
  void weightsThatAreNoNumbersAreNamedInsteadOfEvaluated() throws IOException {
    Path broken = modelWith("conv1.bias", 3, Float.NaN);
    assertThatThrownBy(() -> evaluator("onednn").evaluate(broken + "", digits, ""))
        .isInstanceOf(ConvoyException.class)
        .hasMessage(
            broken
                + "/weights.safetensors: tensor conv1.bias: expected finite numbers, got NaN at 3"
                + " of 20");
  }

  @Test
  void outputsThatAreNoNumbersAreNoPredictions() throws IOException {
    Path broken = modelWith("dense2.weight", 0, 3e38f);
    assertThatThrownBy(() -> evaluator("onednn").evaluate(broken + "", digits, ""))
        .isInstanceOf(ConvoyException.class)
        .hasMessageMatching(
            broken
                + ": the network gives \\S+: weights that are too large, or a variance below zero");
  }

  /** A copy of the model with another value in a tensor, from an element on. */
  private static Path modelWith(String tensor, int element, float value) throws IOException {
    Path copy = Files.createDirectory(folder.resolve("broken" + value));
    for (String file : List.of("network.json", "preprocessing.json", "classes.json")) {
      Files.copy(model.resolve(file), copy.resolve(file));
    }
    ParameterLayout layout = ParameterLayout.of(Trainings.LENET);
    float[] vector = ModelDirectory.readWeights(new Configuration(), model.toString(), layout);
    ParameterSlice slice = layout.slice(tensor);
    Arrays.fill(vector, slice.offset() + element, slice.end(), value);
    try (OutputStream out = Files.newOutputStream(copy.resolve("weights.safetensors"))) {
      Safetensors.write(out, layout, vector, Map.of());
    }
    return copy;
  }

  @Test
  void theResultDoesNotDependOnTheNumberOfTasks() {
    Evaluation expected = evaluate(digits, "onednn");
    for (int tasks : new int[] {1, 2, 5}) {
      session.sparkContext().conf().set("spark.default.parallelism", String.valueOf(tasks));
      try {
        ImageDataset partitioned =
            new ImageDataset(digits.rows().repartition(tasks), digits.classes());
        Evaluation evaluation = evaluate(partitioned, "onednn");
        assertThat(EvaluationJson.write(evaluation)).isEqualTo(EvaluationJson.write(expected));
        assertThat(evaluation.meanLoss()).isEqualTo(expected.meanLoss());
      } finally {
        session.sparkContext().conf().remove("spark.default.parallelism");
      }
    }
  }

  @Test
  void itIsWhatAPlainLoopOverTheImagesGives() {
    Evaluation evaluation = evaluate(digits, "reference");
    ConfusionMatrix expected = new ConfusionMatrix(10);
    double loss = plainLoop(expected);
    for (int actual = 0; actual < 10; actual++) {
      for (int predicted = 0; predicted < 10; predicted++) {
        assertThat(evaluation.confusion().count(actual, predicted))
            .isEqualTo(expected.count(actual, predicted));
      }
    }
    assertThat(evaluation.confusion().total()).isEqualTo(IMAGES);
    assertThat(evaluation.confusion().accuracy()).isGreaterThan(0.5);
    assertThat(evaluation.meanLoss()).isCloseTo(loss / IMAGES, within(1e-9));
  }

  /** One image at a time, without Spark; returns the sum of the losses. */
  private double plainLoop(ConfusionMatrix confusion) {
    Configuration configuration = new Configuration();
    ModelDirectory.Description description =
        ModelDirectory.readDescription(configuration, model.toString());
    double loss = 0;
    try (CompiledNetwork compiled =
            Engines.named("reference")
                .compile(description.network(), CompileOptions.inference(1, 1));
        ImagePipeline pipeline =
            new ImagePipeline(description.preprocessing(), AugmentationPolicy.NONE)) {
      compiled.load(ModelDirectory.readWeights(configuration, model.toString(), compiled.layout()));
      MicroBatch batch = new MicroBatch(description.network().input(), 1);
      Outputs outputs = new Outputs(description.network(), 1);
      for (Row row : digits.rows().collectAsList()) {
        batch.clear();
        int offset = batch.add(row.getInt(2));
        pipeline.apply(
            row.getLong(0), row.getString(1), row.getAs(3), 0, 0, batch.images(), offset);
        compiled.infer(batch, outputs);
        float[] logits = outputs.get("class");
        int best = 0;
        double sum = 0;
        for (int k = 0; k < logits.length; k++) {
          best = logits[k] > logits[best] ? k : best;
          sum += Math.exp(logits[k]);
        }
        confusion.add(row.getInt(2), best);
        loss += Math.log(sum) - logits[row.getInt(2)];
      }
    }
    return loss;
  }

  @Test
  void classesAreMatchedByNameNotByLabel() {
    ImageDataset fives = new ImageDataset(digits.rows().where("label = 5"), digits.classes());
    ImageDataset renamed =
        new ImageDataset(
            digits.rows().where("label = 5").selectExpr("id", "origin", "1 as label", "content"),
            List.of("7", "5"));
    assertThat(EvaluationJson.write(evaluate(renamed, "onednn")))
        .isEqualTo(EvaluationJson.write(evaluate(fives, "onednn")));
  }

  @Test
  void aClassThatTheModelDoesNotKnowIsRefused() {
    ImageDataset animals = new ImageDataset(digits.rows(), List.of("0", "cat", "1", "dog"));
    assertThatThrownBy(() -> evaluate(animals, "onednn"))
        .isInstanceOf(ConvoyException.class)
        .hasMessage(
            "digits: has images of class cat, dog, expected only the model's 10 classes: 0, 1, 2,"
                + " 3, 4, 5, 6, 7, 8, 9");
  }

  @Test
  void imagesOfAnotherSizeAreFittedToTheNetwork() {
    Path large = Samples.idx(folder.resolve("large"), 32, new byte[] {0, 1}, new byte[2 * 1024]);
    Path fitting = Samples.idx(folder.resolve("fit"), 28, new byte[] {0, 1}, new byte[2 * 784]);
    assertThat(EvaluationJson.write(evaluate(ImageSources.open(session, large + ""), "onednn")))
        .isEqualTo(
            EvaluationJson.write(evaluate(ImageSources.open(session, fitting + ""), "onednn")));
    assertThat(session.sparkContext().getPersistentRDDs().isEmpty()).isTrue();
  }

  @Test
  void theReportHasAllFigures() throws Exception {
    ConfusionMatrix confusion = new ConfusionMatrix(2);
    confusion.add(0, 0);
    confusion.add(0, 1);
    confusion.add(1, 1);
    confusion.add(1, 1);
    JsonNode report =
        new JsonMapper()
            .readTree(
                EvaluationJson.write(
                    new Evaluation(
                        List.of("cat", "dog"), confusion, 0.25, false, new Quarantine())));
    assertThat(report.get("images").asLong()).isEqualTo(4);
    assertThat(report.get("accuracy").asDouble()).isEqualTo(0.75);
    assertThat(report.get("meanLoss").asDouble()).isEqualTo(0.25);
    assertThat(report.at("/classes/0/name").asText()).isEqualTo("cat");
    assertThat(report.at("/classes/0/metrics/precision").asDouble()).isEqualTo(1);
    assertThat(report.at("/classes/0/metrics/recall").asDouble()).isEqualTo(0.5);
    assertThat(report.at("/classes/0/metrics/specificity").asDouble()).isEqualTo(1);
    assertThat(report.at("/classes/1/metrics/support").asLong()).isEqualTo(2);
    assertThat(report.at("/macroAverage/recall").asDouble()).isEqualTo(0.75);
    assertThat(report.get("confusionMatrix").toString()).isEqualTo("[[1,1],[0,2]]");
  }

  private Evaluation evaluate(ImageDataset dataset, String engine) {
    return evaluator(engine).evaluate(model.toString(), dataset, "digits");
  }

  private Evaluator evaluator(String engine) {
    return new Evaluator(session, engine, 16, ImageLimits.DEFAULT);
  }
}
