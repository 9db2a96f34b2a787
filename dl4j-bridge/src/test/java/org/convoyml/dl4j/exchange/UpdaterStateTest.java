package org.convoyml.dl4j.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.train.Adam;
import org.convoyml.nn.train.ParameterUpdate;
import org.convoyml.nn.train.RmsProp;
import org.convoyml.nn.train.Sgd;
import org.convoyml.spark.model.ModelExchange.Content;
import org.convoyml.spark.model.OptimizerState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** State of updaters becomes state of optimizers, in the right places and with the right sign. */
@Timeout(120)
class UpdaterStateTest {
  private static final Shape IMAGE = Shape.of(2, 6, 6);
  private static final float RATE = 0.05f;

  @TempDir private Path folder;

  private static Stream<IUpdater> updaters() {
    return Stream.of(
        new Nesterovs(RATE, 0.9),
        new org.nd4j.linalg.learning.config.Adam(RATE),
        new org.nd4j.linalg.learning.config.RmsProp(RATE, 0.9, 1e-6));
  }

  /** The next step from the imported state is that of Deeplearning4j. */
  @ParameterizedTest
  @MethodSource("updaters")
  void theNextStepIsTheSame(IUpdater updater) {
    MultiLayerNetwork network = trained(updater);
    Content before = Zips.read(Zips.write(network, folder, true), IMAGE);
    OptimizerState state = before.optimizer().orElseThrow();
    assertThat(state.steps()).isEqualTo(2);
    assertThat(state.learningRate()).isEqualTo(RATE);

    DataSet batch = batch();
    network.setInput(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.computeGradientAndScore();
    Content gradient = withParameters(network, network.getGradientsViewArray().dup());
    network.fit(batch);
    Content after = Zips.read(Zips.write(network, folder, false), IMAGE);

    ParameterLayout layout = ParameterLayout.of(before.network());
    float[] expected = after.vector();
    ParameterUpdate update = new ParameterUpdate(layout, state.optimizer(), 0, layout.size());
    for (int i = 0; i < state.vectors().size(); i++) {
      System.arraycopy(state.vectors().get(i), 0, update.state()[i], 0, layout.size());
    }
    update.startAfter(state.steps());
    update.apply(before.vector(), gradient.vector(), Zips.EXAMPLES, state.learningRate());
    layout.slices().stream()
        .filter(slice -> slice.spec().kind().isTrainable())
        .forEach(
            slice -> {
              for (int i = slice.offset(); i < slice.end(); i++) {
                assertThat(before.vector()[i])
                    .as(slice.name())
                    // Adam's ε stands elsewhere; a wrong state would be a step of 0.05.
                    .isCloseTo(expected[i], within(2e-4f));
              }
            });
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void anExportHasTheSameStateAgain(IUpdater updater) throws IOException {
    MultiLayerNetwork network = trained(updater);
    Content content = Zips.read(Zips.write(network, folder, true), IMAGE);
    Path zip = folder.resolve("again.zip");
    assertThat(new ZipExchange().write(zip, content)).isEmpty();
    ComputationGraph graph = ModelSerializer.restoreComputationGraph(zip.toFile());
    assertThat(graph.getIterationCount()).isEqualTo(2);
    OptimizerState state = content.optimizer().orElseThrow();
    OptimizerState back = Zips.read(zip, IMAGE).optimizer().orElseThrow();
    assertThat(back.optimizer()).isEqualTo(state.optimizer());
    assertThat(back.steps()).isEqualTo(state.steps());
    for (int i = 0; i < state.vectors().size(); i++) {
      assertThat(back.vectors().get(i)).containsExactly(state.vectors().get(i), within(1e-6f));
    }
    graph.fit(batch());
    network.fit(batch());
    assertThat(Zips.outputOf(graph, Zips.images(IMAGE), IMAGE))
        .containsExactly(Zips.outputOf(network, Zips.images(IMAGE), IMAGE), within(1e-4f));
  }

  @Test
  void plainDescentHasNoState() {
    Path zip = Zips.write(trained(new org.nd4j.linalg.learning.config.Sgd(RATE)), folder, true);
    assertThat(Zips.read(zip, IMAGE).optimizer()).isEmpty();
    assertThat(Zips.read(zip, IMAGE).warnings()).isEmpty();
  }

  /** What separates stretches of state is what Deeplearning4j's own blocks say. */
  @Test
  void stretchesAreBlocksOfDeeplearning4j() {
    MultiLayerNetwork network = trained(new org.nd4j.linalg.learning.config.Adam(RATE));
    long blocks =
        ((BaseMultiLayerUpdater<?>) network.getUpdater())
            .getUpdaterBlocks().stream()
                .filter(block -> block.getUpdaterView() != null)
                .mapToLong(UpdaterBlock::getUpdaterViewOffsetStart)
                .distinct()
                .count();
    assertThat(blocks).isEqualTo(2);
  }

  @Test
  void frozenLayersHaveNoState() {
    MultiLayerNetwork network =
        Zips.sequence(
            new NeuralNetConfiguration.Builder()
                .updater(new org.nd4j.linalg.learning.config.Adam(RATE))
                .list()
                .layer(new DenseLayer.Builder().nIn(72).nOut(5).build())
                .layer(new FrozenLayer(new DenseLayer.Builder().nIn(5).nOut(4).build()))
                .layer(
                    new OutputLayer.Builder().nIn(4).nOut(3).activation(Activation.SOFTMAX).build())
                .build());
    Content content = Zips.read(Zips.write(network, folder, true), IMAGE);
    assertThat(content.warnings()).isEmpty();
    assertThat(content.optimizer()).isPresent();
    assertThat(network.getUpdater().getStateViewArray().length()).isEqualTo(2 * (365 + 15));
  }

  @Test
  void whatDoesNotMapIsLeftOutWithAWarning() {
    IUpdater scheduled = new Nesterovs(new StepSchedule(ScheduleType.EPOCH, RATE, 0.1, 10), 0.9);
    Content content = Zips.read(Zips.write(trained(scheduled), folder, true), IMAGE);
    assertThat(content.optimizer()).isEmpty();
    assertThat(content.warnings())
        .singleElement()
        .asString()
        .contains("updaterState.bin: left out, expected one updater for all layers");
  }

  @Test
  void optimizersThatDeeplearning4jLacksAreLeftOutWithAWarning() {
    NetworkSpec network =
        Zips.read(Zips.write(trained(new Nesterovs(RATE, 0.9)), folder, true), IMAGE).network();
    Content content = ZipExportTest.content(network);
    int size = content.vector().length;
    List.of(
            new OptimizerState(new Sgd(0.9f), RATE, 1, List.of(new float[size])),
            new OptimizerState(
                new Adam(0.9f, 0.99f, 1e-8f, true),
                RATE,
                1,
                List.of(new float[size], new float[size])),
            new OptimizerState(
                new RmsProp(0.9f, 1e-8f, 0.5f), RATE, 1, List.of(new float[size], new float[size])))
        .forEach(
            state ->
                assertThat(
                        new ZipExchange()
                            .write(
                                folder.resolve("lacks.zip"),
                                new Content(
                                    network, content.vector(), Optional.of(state), List.of())))
                    .containsExactly(
                        "the state of %s is left out, Deeplearning4j has no such updater"
                            .formatted(state.optimizer())));
  }

  /** Two steps of a network whose batch norm divides its weights into two stretches. */
  private static MultiLayerNetwork trained(IUpdater updater) {
    MultiLayerNetwork network =
        Zips.sequence(
            new NeuralNetConfiguration.Builder()
                .updater(updater)
                .activation(Activation.TANH)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(3).hasBias(false).build())
                .layer(new BatchNormalization.Builder().useLogStd(false).build())
                .layer(new SeparableConvolution2D.Builder(2, 2).nOut(4).depthMultiplier(2).build())
                .layer(new DenseLayer.Builder().nOut(5).build())
                .layer(new FrozenLayerWithBackprop(new DenseLayer.Builder().nOut(4).build()))
                .layer(new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(6, 6, 2))
                .build());
    network.fit(batch());
    network.fit(batch());
    return network;
  }

  private static DataSet batch() {
    INDArray images =
        Nd4j.create(Zips.images(IMAGE), new long[] {Zips.EXAMPLES, IMAGE.channels(), 6, 6}, 'c');
    return new DataSet(images, Nd4j.eye(Zips.EXAMPLES));
  }

  /** The same network with other numbers in the place of its weights. */
  private Content withParameters(MultiLayerNetwork network, INDArray numbers) {
    MultiLayerNetwork copy = network.clone();
    copy.setParams(numbers);
    return Zips.read(Zips.write(copy, folder, false), IMAGE);
  }
}
