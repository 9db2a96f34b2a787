package org.convoyml.dl4j.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.convoyml.dl4j.graph.UnsupportedLayerException;
import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.Add;
import org.convoyml.nn.spec.AveragePool2d;
import org.convoyml.nn.spec.BatchNorm;
import org.convoyml.nn.spec.Concat;
import org.convoyml.nn.spec.Conv2d;
import org.convoyml.nn.spec.Dense;
import org.convoyml.nn.spec.Dropout;
import org.convoyml.nn.spec.Flatten;
import org.convoyml.nn.spec.Gelu;
import org.convoyml.nn.spec.GlobalAveragePool;
import org.convoyml.nn.spec.LocalResponseNorm;
import org.convoyml.nn.spec.MaxPool2d;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.PadShortcut;
import org.convoyml.nn.spec.Padding;
import org.convoyml.nn.spec.ParameterKind;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.ParameterSlice;
import org.convoyml.nn.spec.Relu;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.spec.Size;
import org.convoyml.nn.spec.SoftmaxCrossEntropy;
import org.convoyml.spark.model.ModelExchange.Content;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Convoy writes computes the same in Deeplearning4j, and comes back as it was. */
@Timeout(120)
class ZipExportTest {
  private static final Shape IMAGE = Shape.of(3, 9, 10);

  @TempDir private Path folder;

  @Test
  void allThatBothHave() throws IOException {
    Content content =
        content(
            NetworkSpec.builder("all", IMAGE)
                .add("conv", Conv2d.of(4, 3).withPadding(new Padding(0, 1, 2, 1)))
                .add("norm", BatchNorm.standard())
                .add("relu", new Relu())
                .add("depthwise", Conv2d.of(8, 3).withGroups(4).withPadding(Padding.SAME))
                .add("lrn", new LocalResponseNorm(3, 0.5f, 0.75f, 2))
                .add("pool", MaxPool2d.of(2))
                .add("left", Conv2d.of(3, 1).withoutBias(), "pool")
                .add("right", Conv2d.of(3, 3).withPadding(1), "pool")
                .add("sum", new Add(), "left", "right")
                .add("both", new Concat(), "sum", "pool")
                .add(
                    "average",
                    new AveragePool2d(Size.square(3), Size.ONE, Padding.all(1), false, true))
                .add("dropout", new Dropout(0.25f))
                .add("flatten", new Flatten())
                .add("dense", Dense.of(5))
                .classify("class")
                .build());
    assertReturns(content);
  }

  @Test
  void shortcutsWithoutWeights() throws IOException {
    Content content =
        content(
            NetworkSpec.builder("cifar", IMAGE)
                .add("conv", Conv2d.of(4, 3).withStride(2).withPadding(1))
                .add("short", new PadShortcut(9, Size.square(2)), NetworkSpec.INPUT)
                .add("more", Conv2d.of(9, 1), "conv")
                .add("sum", new Add(), "short", "more")
                .add("wide", new PadShortcut(12, Size.ONE))
                .add("pool", new GlobalAveragePool())
                .add("dense", Dense.of(3))
                .classify("class")
                .build());
    assertReturns(content);
  }

  @Test
  void whatALossLeavesOutIsSaid() {
    NetworkSpec network =
        NetworkSpec.builder("smooth", IMAGE)
            .add("pool", new GlobalAveragePool())
            .add("dense", Dense.of(3))
            .output("class", new SoftmaxCrossEntropy(0.1f, List.of(1f, 2f, 3f)), 1)
            .build();
    Path zip = folder.resolve("smooth.zip");
    assertThat(new ZipExchange().write(zip, content(network)))
        .containsExactly(
            "output class: label smoothing of 0.1 is left out, Deeplearning4j wants smooth labels");
    assertThat(Zips.read(zip, IMAGE).network().primaryOutput().loss())
        .isEqualTo(new SoftmaxCrossEntropy(0, List.of(1f, 2f, 3f)));
  }

  @Test
  void whatDeeplearning4jLacksIsOneLine() {
    Path zip = folder.resolve("gelu.zip");
    NetworkSpec network =
        NetworkSpec.builder("gelu", IMAGE)
            .add("act", new Gelu())
            .add("pool", new GlobalAveragePool())
            .classify("class")
            .build();
    assertThatThrownBy(() -> new ZipExchange().write(zip, content(network)))
        .isInstanceOf(UnsupportedLayerException.class)
        .hasMessage("act: Deeplearning4j has no exact GELU, only approximations");
    assertThat(Files.exists(zip)).isFalse();
  }

  /** In both libraries, and once more in this one. */
  private void assertReturns(Content content) throws IOException {
    Path zip = folder.resolve(content.network().name() + ".zip");
    assertThat(new ZipExchange().write(zip, content)).isEmpty();
    ComputationGraph graph = ModelSerializer.restoreComputationGraph(zip.toFile());
    Zips.assertSame(graph, content);
    Content back = Zips.read(zip, content.network().input());
    Zips.assertSame(graph, back);
    assertThat(back.network().outputs()).isEqualTo(content.network().outputs());
    assertThat(back.vector()).isEqualTo(content.vector());
    assertThat(back.network().layers()).hasSameSizeAs(content.network().layers());
    assertThat(back.warnings()).isEmpty();
    // Borders are numbers by now; written again, nothing changes any more.
    Path again = folder.resolve("again.zip");
    new ZipExchange().write(again, back);
    assertThat(Zips.read(again, content.network().input()).network().layers())
        .isEqualTo(back.network().layers());
  }

  static Content content(NetworkSpec network) {
    ParameterLayout layout = ParameterLayout.of(network);
    KeyedRandom random = KeyedRandom.of(3, 4);
    float[] vector = new float[layout.size()];
    for (ParameterSlice slice : layout.slices()) {
      boolean positive = slice.spec().kind() == ParameterKind.RUNNING_VARIANCE;
      for (int i = slice.offset(); i < slice.end(); i++) {
        vector[i] = (float) random.uniform(positive ? 0.5 : -0.5, positive ? 1.5 : 0.5);
      }
    }
    return new Content(network, vector, Optional.empty(), List.of());
  }
}
