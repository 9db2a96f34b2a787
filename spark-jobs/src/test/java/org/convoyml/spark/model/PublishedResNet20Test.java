package org.convoyml.spark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.convoyml.aug.image.ImagePipeline;
import org.convoyml.aug.image.Preprocessing;
import org.convoyml.aug.policy.AugmentationPolicy;
import org.convoyml.aug.source.ImageDataset;
import org.convoyml.aug.source.ImageSources;
import org.convoyml.nn.engine.CompileOptions;
import org.convoyml.nn.engine.CompiledNetwork;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.engine.MicroBatch;
import org.convoyml.nn.engine.Outputs;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.zoo.Zoo;
import org.convoyml.spark.LocalSpark;
import org.convoyml.spark.cli.ConvoyProcess;
import org.convoyml.spark.data.ImageLimits;
import org.convoyml.spark.eval.Evaluation;
import org.convoyml.spark.eval.Evaluator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Weights that PyTorch trained, on real images, against what PyTorch says of them. */
@Timeout(300)
class PublishedResNet20Test {
  private static final NetworkSpec NETWORK = Zoo.named("resnet20").published();

  @TempDir private Path folder;
  private Path weights;
  private Path images;
  private String model;

  @BeforeEach
  void convert() {
    Path data = ConvoyProcess.repository().resolve("../shared/data");
    weights = data.resolve("resnet20-cifar10.safetensors");
    images = data.resolve("cifar10/test.tar");
    assumeTrue(Files.exists(weights) && Files.exists(images), "no published weights in " + data);
    model = folder.resolve("model").toString();
    new ModelConverter(new Configuration())
        .convert(
            weights.toString(),
            new ModelDirectory.Description(
                NETWORK, Preprocessing.imageNet(32, 32), Evaluator.numberedClasses(10)),
            model,
            false);
  }

  @Test
  void theFirstImageHasPyTorchsLogits() {
    ImageDataset dataset = ImageSources.open(LocalSpark.session(), images.toString());
    Row first =
        dataset
            .rows()
            .where("origin like '%airplane/0000.jpg'")
            .select("origin", "content", "id")
            .head();
    MicroBatch batch = new MicroBatch(NETWORK.input(), 1);
    try (ImagePipeline pipeline =
            new ImagePipeline(Preprocessing.imageNet(32, 32), AugmentationPolicy.NONE);
        CompiledNetwork network = Engines.best().compile(NETWORK, CompileOptions.inference(1, 1))) {
      int offset = batch.add(0);
      pipeline.apply(
          first.getLong(2),
          first.getString(0),
          first.<byte[]>getAs(1),
          0,
          0,
          batch.images(),
          offset);
      network.load(
          ModelDirectory.readWeights(new Configuration(), model, ParameterLayout.of(NETWORK)));
      Outputs outputs = new Outputs(NETWORK, 1);
      network.infer(batch, outputs);
      // Written with four digits; decoders of JPEG may differ by one in a pixel.
      assertThat(outputs.get("class"))
          .containsExactly(
              new float[] {
                7.8901f, -1.0877f, 2.6342f, -1.0125f, -2.8370f, -6.9533f, -3.3481f, -6.4984f,
                6.9738f, 4.2098f
              },
              within(0.02f));
    }
  }

  @Test
  void itIsRightAsOftenAsInPyTorch() {
    ImageDataset dataset = ImageSources.open(LocalSpark.session(), images.toString());
    Evaluation evaluation =
        new Evaluator(LocalSpark.session(), Engines.best().name(), 64, ImageLimits.DEFAULT)
            .evaluate(model, dataset, "cifar10");
    assertThat(evaluation.confusion().total()).isEqualTo(10_000);
    assertThat(evaluation.confusion().accuracy()).isCloseTo(0.8103, within(0.002));
    assertThat(evaluation.classesByOrder()).isTrue();
    assertThat(evaluation.classes())
        .isEqualTo(
            List.of(
                "airplane",
                "automobile",
                "bird",
                "cat",
                "deer",
                "dog",
                "frog",
                "horse",
                "ship",
                "truck"));
  }
}
