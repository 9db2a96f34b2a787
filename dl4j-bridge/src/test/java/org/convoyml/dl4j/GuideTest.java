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
import java.util.List;
import org.convoyml.spark.cli.ConvoyProcess;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The migration guide names every setting of dl4j-spark's two ways to train. */
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
}
