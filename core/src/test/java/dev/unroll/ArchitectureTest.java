package dev.unroll;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The borders of the design: kernel ← nn ← model ← train ← task, and nothing from outside. */
class ArchitectureTest {

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.unroll");

  @Test
  void importsRunOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("kernel")
        .definedBy("dev.unroll.kernel")
        .layer("nn")
        .definedBy("dev.unroll.nn")
        .layer("model")
        .definedBy("dev.unroll.model")
        .layer("train")
        .definedBy("dev.unroll.train")
        .layer("task")
        .definedBy("dev.unroll.task")
        .whereLayer("kernel")
        .mayNotAccessAnyLayer()
        .whereLayer("nn")
        .mayOnlyAccessLayers("kernel")
        .whereLayer("model")
        .mayOnlyAccessLayers("kernel", "nn")
        .whereLayer("train")
        .mayOnlyAccessLayers("kernel", "nn", "model")
        .whereLayer("task")
        .mayOnlyAccessLayers("kernel", "nn", "model", "train")
        .check(CORE);
  }

  @Test
  void coreDependsOnTheJdkAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.unroll..", "java..", "jdk.incubator.vector", "org.jspecify..")
        .check(CORE);
  }

  @Test
  void theVectorApiIsSeenByVectorKernelsOnly() {
    noClasses()
        .that()
        .haveSimpleNameNotStartingWith("Vector")
        .and()
        .doNotHaveSimpleName("Lanes")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector")
        .check(CORE);
  }

  @Test
  void noTimeAndNoRandomnessOfTheMachine() {
    noClasses()
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.util\\.(Random|concurrent\\.ThreadLocalRandom)")
        .check(CORE);
  }
}
