package dev.unroll;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The borders of the design: nothing from outside, no clock, no foreign randomness. */
class ArchitectureTest {

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.unroll");

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

  /** On machines without the instruction that of {@code Math} takes memory for every number. */
  @Test
  void multiplyAddsAreThoseOfTheKernel() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.unroll.kernel.Fma")
        .should()
        .callMethod(Math.class, "fma", float.class, float.class, float.class)
        .orShould()
        .callMethod(Math.class, "fma", double.class, double.class, double.class)
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
