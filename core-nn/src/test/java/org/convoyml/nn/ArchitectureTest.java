package org.convoyml.nn;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may depend on whom within this module. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.convoyml.nn");

  /** Rules over no classes hold whatever the code says. */
  @Test
  void theRulesBelowSeeTheClassesOfThisModule() {
    assertThat(CLASSES).hasSizeGreaterThanOrEqualTo(60);
    assertThat(CLASSES.contain(ConvoyException.class)).isTrue();
    assertThat(CLASSES.contain(ArchitectureTest.class)).isFalse();
  }

  @Test
  void nativeBindingsAppearOnlyInTheirEngine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..engine.onednn..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.bytedeco..", "com.sun.jna..")
        .check(CLASSES);
  }

  @Test
  void enginesAreReachedOnlyAsAService() {
    for (String engine : new String[] {"..engine.reference..", "..engine.onednn.."}) {
      noClasses()
          .that()
          .resideOutsideOfPackage(engine)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(engine)
          .check(CLASSES);
    }
  }

  @Test
  void theSpecDependsOnNothingOfOursButTheRootPackage() {
    check("org.convoyml.nn.spec", "org.convoyml.nn");
  }

  @Test
  void randomNumbersAndMetricsDependOnNothingOfOurs() {
    check("org.convoyml.nn.random");
    check("org.convoyml.nn.metrics");
  }

  @Test
  void publishedNetworksKnowTheSpecButNoEngine() {
    check("org.convoyml.nn.zoo", "org.convoyml.nn", "org.convoyml.nn.spec");
  }

  @Test
  void filesKnowTheSpecButNoEngine() {
    check("org.convoyml.nn.io", "org.convoyml.nn", "org.convoyml.nn.spec");
  }

  /** Fails if classes of the package depend on ours outside it and the allowed packages. */
  private static void check(String ourPackage, String... allowed) {
    DescribedPredicate<JavaClass> ours =
        JavaClass.Predicates.resideInAPackage("org.convoyml..")
            .and(JavaClass.Predicates.resideOutsideOfPackage(ourPackage))
            .and(JavaClass.Predicates.resideOutsideOfPackages(allowed));
    noClasses()
        .that()
        .resideInAPackage(ourPackage)
        .should()
        .dependOnClassesThat(ours)
        .check(CLASSES);
  }
}
