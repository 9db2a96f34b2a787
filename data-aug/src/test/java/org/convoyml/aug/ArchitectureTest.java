package org.convoyml.aug;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.convoyml.aug.image.UnreadableImage;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.convoyml.aug");

  @Test
  void allClassesAreScanned() {
    assertThat(CLASSES.size()).isBetween(35, 200);
  }

  @Test
  void openCvIsKnownOnlyToImageAndOp() {
    noClasses()
        .that()
        .resideOutsideOfPackages("org.convoyml.aug.image", "org.convoyml.aug.op")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco..")
        .check(CLASSES);
  }

  @Test
  void sparkIsKnownOnlyToSourceAndSpark() {
    noClasses()
        .that()
        .resideOutsideOfPackages("org.convoyml.aug.source", "org.convoyml.aug.spark")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..")
        .check(CLASSES);
  }

  @Test
  void nothingInTheModuleNeedsSparkMl() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.convoyml.aug.spark")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.convoyml.aug.spark", "org.apache.spark.ml..")
        .check(CLASSES);
  }

  @Test
  void nothingDependsOnTheModulesAbove() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.convoyml.spark..", "org.convoyml.dl4j..")
        .check(CLASSES);
  }

  @Test
  void packagesDependInOneDirection() {
    noClasses()
        .that()
        .resideInAPackage("org.convoyml.aug.op")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.convoyml.aug.image", "org.convoyml.aug.policy", "org.convoyml.aug.batch")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("org.convoyml.aug.batch")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.convoyml.aug.image",
            "org.convoyml.aug.op",
            "org.convoyml.aug.policy",
            "org.convoyml.aug.source")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("org.convoyml.aug.policy")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.convoyml.aug.image")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("org.convoyml.aug.source")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.convoyml.aug.op", "org.convoyml.aug.policy")
        .check(CLASSES);
  }

  /** What stands for an image that cannot be read is the one thing that both sides must know. */
  @Test
  void sourcesKnowNothingOfDecoding() {
    noClasses()
        .that()
        .resideInAPackage("org.convoyml.aug.source")
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.convoyml.aug.image")
                .and(not(belongToAnyOf(UnreadableImage.class))))
        .check(CLASSES);
  }
}
