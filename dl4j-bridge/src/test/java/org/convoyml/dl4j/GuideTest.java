package org.convoyml.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.zoo.Zoo;
import org.convoyml.spark.cli.ConvoyProcess;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** What the migration guide says of settings, and its program. */
class GuideTest {
  static final Path GUIDE = ConvoyProcess.repository().resolve("docs/guide/from-dl4j.md");

  @ParameterizedTest
  @CsvSource({
    "org.deeplearning4j.spark.impl.paramavg, ParameterAveragingTrainingMaster",
    "org.deeplearning4j.spark.parameterserver.training, SharedTrainingMaster"
  })
  void everySettingHasARow(String owner, String name) throws IOException {
    JavaClasses classes = new ClassFileImporter().importPackages(owner);
    JavaClass builder = classes.get(owner + "." + name + "$Builder");
    List<String> settings =
        builder.getMethods().stream()
            .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(method -> method.getRawReturnType().equals(builder))
            .map(JavaMember::getName)
            .distinct()
            .toList();
    assertThat(settings).hasSizeGreaterThan(10);
    String text = Files.readString(GUIDE);
    int begin = text.indexOf("## Settings of `" + name + "`");
    int end = text.indexOf("\n## ", begin);
    List<String> cells =
        text.substring(begin, end)
            .lines()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.substring(0, line.indexOf('|', 1)))
            .toList();
    for (String setting : settings) {
      assertThat(cells).anyMatch(cell -> cell.contains("`" + setting + "`"), setting);
    }
  }

  /** What the guide shows is compiled, runs, and has the network that it says is in the zoo. */
  @Test
  void theProgramToMigrateRunsAndItsNetworkIsInTheZoo() throws IOException {
    String guide = Files.readString(GUIDE);
    int begin = guide.indexOf("```java\n") + "```java\n".length();
    String program = guide.substring(begin, guide.indexOf("```", begin));
    Path source =
        ConvoyProcess.repository()
            .resolve("dl4j-bridge/src/test/java/org/convoyml/dl4j/MigratedProgram.java");
    assertThat(withoutSpaces(Files.readString(source))).contains(withoutSpaces(program));
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(Dl4jSpark.session().sparkContext());
    List<DataSet> digits = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      INDArray label = Nd4j.zeros(1, 10);
      label.putScalar(i % 10, 1);
      digits.add(new DataSet(Nd4j.rand(1, 1, 28, 28), label));
    }
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            MigratedProgram.run(spark, spark.parallelize(digits, 2), spark.parallelize(digits, 2)));
    network.init();
    assertThat(network.numParams())
        .isEqualTo(
            ParameterLayout.of(Zoo.build("lenet", Shape.of(1, 28, 28), 10)).parameterCount());
  }

  private static String withoutSpaces(String text) {
    return text.replaceAll("\\s", "");
  }
}
