package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.zoo.Zoo;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ModelsCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void everyNetworkOfTheZooIsALine() {
    assertThat(run("models")).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines.get(0))
        .matches("model +input +classes +parameters +multiply-adds +memory/image");
    assertThat(lines.subList(1, Zoo.names().size() + 1))
        .extracting(line -> line.split(" ")[0])
        .isEqualTo(Zoo.names());
    assertThat(lines)
        .anySatisfy(
            line ->
                assertThat(line)
                    .matches("vgg16 +3×224×224 +1,000 +138,357,544 +15,470.3 M +[0-9.]+ MB"))
        .anySatisfy(
            line -> assertThat(line).matches("resnet20 +3×32×32 +10 +269,722 +40.6 M +[0-9.]+ MB"));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void onlyTheNamedOnesAreListedForOtherImagesAndClasses() {
    assertThat(run("models", "resnet18", "lenet", "--input", "3,64,64", "--classes", "200"))
        .isZero();
    assertThat(out.toString().lines().toList().subList(1, 4))
        .satisfiesExactly(
            line -> assertThat(line).matches("resnet18 +3×64×64 +200 +11,279,112 .*"),
            line -> assertThat(line).matches("lenet +3×64×64 +200 .*"),
            line -> assertThat(line).isEmpty());
  }

  @Test
  void memoryGrowsWithTheImage() {
    run("models", "resnet20");
    double small = memory();
    out.getBuffer().setLength(0);
    run("models", "resnet20", "--input", "3,64,64");
    assertThat(memory()).isBetween(3 * small, 5 * small);
  }

  private double memory() {
    String line = out.toString().lines().toList().get(1);
    return Double.parseDouble(line.replaceFirst(".* ([0-9.]+) MB$", "$1"));
  }

  @Test
  void networksThatTheImagesDoNotFitAreListedWithTheReason() {
    assertThat(run("models", "lenet", "inception_v3", "--input", "3,32,32")).isZero();
    assertThat(out.toString())
        .containsPattern("inception_v3 +- +- +- +- +-\n")
        .contains("\ninception_v3 cannot take images of 3×32×32, it needs at least 75×75: ");
  }

  @Test
  void oneNetworkThatTheImagesDoNotFitIsAnError() {
    assertThat(run("models", "vgg16", "--input", "3,16,16")).isEqualTo(1);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .startsWith("convoy: vgg16 cannot take images of 3×16×16, it needs at least 32×32: ")
        .hasLineCount(1);
  }

  @Test
  void withoutNativeMemoryThereIsADashAndTheReason() {
    ModelList list = new ModelList(Engines.named("reference"));
    list.add("vgg16", Zoo.named("vgg16").published());
    assertThat(list.render())
        .containsPattern("138,357,544 +15,470.3 M +-\n")
        .endsWith("Native memory is not known: only the reference engine runs here.\n");
  }

  @Test
  void theSummaryHasALineForEachLayerAndTheTotals() {
    assertThat(run("models", "vgg16", "--summary")).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines.get(0))
        .isEqualTo(
            "vgg16 for images of 3×224×224 and 1,000 classes, from"
                + " https://arxiv.org/abs/1409.1556");
    assertThat(lines.get(2)).matches("layer +kind +output +parameters +multiply-adds");
    assertThat(lines.get(3)).matches("features.0 +Conv2d 3×3 +64×224×224 +1,792 +86,704,128");
    assertThat(lines.get(7)).matches("features.4 +MaxPool2d 2×2, stride 2 +64×112×112 +0 +0");
    assertThat(lines.get(lines.size() - 1)).matches("total +138,357,544 +15,470,264,320");
    assertThat(lines).hasSize(Zoo.named("vgg16").published().layers().size() + 4);
  }

  @Test
  void theSummaryIsOfOneNetwork() {
    assertThat(run("models", "--summary")).isEqualTo(2);
    assertThat(err.toString()).startsWith("convoy: --summary needs the name of one model\n");
    assertThat(run("models", "vgg11", "vgg13", "--summary")).isEqualTo(2);
  }

  @Test
  void anUnknownNameIsALineWithTheChoices() {
    assertThat(run("models", "vgg17")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            "convoy: no model is named 'vgg17', there are: %s\nsee: convoy models --help\n"
                .formatted(String.join(", ", Zoo.names())));
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void shapesAndClassesThatMakeNoSenseAreUsageErrors() {
    for (String shape : List.of("3,224", "3,224,224,1", "3,a,224", "0,224,224", "3,224,")) {
      err.getBuffer().setLength(0);
      assertThat(run("models", "vgg16", "--input", shape)).isEqualTo(2);
      assertThat(err.toString()).contains("such as 3,224,224, got '" + shape + "'");
    }
    assertThat(run("models", "--classes", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--classes must be positive, got 0");
  }

  @Test
  void theHelpFitsTheScreen() {
    assertThat(run("models", "--help")).isZero();
    assertThat(out.toString()).startsWith("Usage: convoy models [NAME...]").contains("Examples:");
    assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(101));
    assertThat(out.toString()).doesNotContain("\n\n\n");
  }

  private int run(String... arguments) {
    CommandLine root = ConvoyCommand.commandLine();
    root.setOut(new PrintWriter(out, true));
    root.setErr(new PrintWriter(err, true));
    return root.execute(arguments);
  }
}
