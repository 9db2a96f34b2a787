package org.convoyml.spark;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The directions that the package-info files promise. */
class ArchitectureTest {
  private static final String SPARK = "org.convoyml.spark";
  private static final String[] BELOW = {"org.convoyml.nn..", "org.convoyml.aug.."};

  private static final JavaClasses CLASSES = scan(SPARK);
  private static final JavaClasses CLASSES_BELOW = scan("org.convoyml.nn", "org.convoyml.aug");

  private static JavaClasses scan(String... packages) {
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages(packages);
  }

  @Test
  void allClassesAreScanned() {
    assertThat(CLASSES.size()).isBetween(70, 300);
    assertThat(CLASSES_BELOW.size()).isBetween(130, 600);
  }

  @Test
  void everyPackageHasItsRule() {
    assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
        .containsExactlyInAnyOrder(
            SPARK,
            SPARK + ".collective",
            SPARK + ".collective.transport",
            SPARK + ".driver",
            SPARK + ".data",
            SPARK + ".model",
            SPARK + ".checkpoint",
            SPARK + ".eval",
            SPARK + ".dataset",
            SPARK + ".preflight",
            SPARK + ".train",
            SPARK + ".cli");
  }

  @Test
  void packagesDependInOneDirection() {
    mayUse("collective");
    mayUse("collective.transport", "collective");
    mayUse("driver");
    mayUse("data", "driver");
    mayUse("model");
    mayUse("checkpoint", "model");
    mayUse("eval", "driver", "data", "model", "collective");
    mayUse("dataset", "driver", "data", "model");
    mayUse("preflight", "driver", "collective", "collective.transport", "model");
    mayUse(
        "train",
        "driver",
        "data",
        "collective",
        "collective.transport",
        "checkpoint",
        "model",
        "eval",
        "preflight");
  }

  @Test
  void collectiveKnowsNothingOfImages() {
    noClasses()
        .that()
        .resideInAPackage(SPARK + ".collective")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.convoyml.aug..", "org.apache.spark..")
        .check(CLASSES);
  }

  @Test
  void filesOfModelsKnowNothingOfSpark() {
    noClasses()
        .that()
        .resideInAnyPackage(SPARK + ".model", SPARK + ".checkpoint")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.spark..")
        .check(CLASSES);
  }

  @Test
  void nativeLibrariesAreKnownOnlyToTheModulesBelow() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.bytedeco..", "com.sun.jna..")
        .check(CLASSES);
  }

  @Test
  void theModulesBelowDoNotKnowThisOne() {
    noClasses().should().dependOnClassesThat().resideInAPackage(SPARK + "..").check(CLASSES_BELOW);
  }

  /** Besides itself, the modules below, and the root, where versions are. */
  private static void mayUse(String user, String... used) {
    String[] allowed =
        Stream.of(
                Stream.of(SPARK, SPARK + "." + user),
                Arrays.stream(BELOW),
                Arrays.stream(used).map(name -> SPARK + "." + name))
            .flatMap(packages -> packages)
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(SPARK + "." + user)
        .should()
        .onlyDependOnClassesThat(
            not(resideInAPackage("org.convoyml..")).or(resideInAnyPackage(allowed)))
        .check(CLASSES);
  }
}
