package org.convoyml.dl4j;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The directions that the package-info files promise. */
class ArchitectureTest {
  private static final String DL4J = "org.convoyml.dl4j";
  private static final JavaClasses CLASSES = scan(DL4J);
  private static final JavaClasses BELOW =
      scan("org.convoyml.nn", "org.convoyml.aug", "org.convoyml.spark");

  private static JavaClasses scan(String... packages) {
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages(packages);
  }

  @Test
  void allClassesAreScanned() {
    assertThat(CLASSES.size()).isBetween(10, 100);
    assertThat(BELOW.size()).isGreaterThan(200);
  }

  @Test
  void packagesDependInOneDirection() {
    mayUse("graph", "org.convoyml.nn..");
    mayUse("engine", "org.convoyml.nn..", DL4J + ".graph");
    mayUse("exchange", "org.convoyml.nn..", "org.convoyml.spark.model..", DL4J + ".graph");
    mayUse(
        "train",
        "org.convoyml.nn..",
        "org.convoyml.aug..",
        "org.convoyml.spark..",
        DL4J + ".graph",
        DL4J + ".engine");
  }

  @Test
  void nothingBelowKnowsDeeplearning4j() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(DL4J + "..", "org.deeplearning4j..", "org.nd4j..")
        .check(BELOW);
  }

  @Test
  void onlyTheTrainerKnowsSpark() {
    noClasses()
        .that()
        .resideInAnyPackage(DL4J + ".graph", DL4J + ".engine", DL4J + ".exchange")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.spark..")
        .check(CLASSES);
  }

  private static void mayUse(String user, String... used) {
    String[] allowed =
        Stream.concat(Stream.of(DL4J + "." + user), Arrays.stream(used)).toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(DL4J + "." + user)
        .should()
        .onlyDependOnClassesThat(
            not(resideInAPackage("org.convoyml..")).or(resideInAnyPackage(allowed)))
        .check(CLASSES);
  }
}
