package dev.tyto.core;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What docs/numerics.md and docs/architecture.md say of core, held by the build. */
class CoreRulesTest {
  private static final Set<String> TRANSCENDENTAL =
      Set.of(
          "exp", "expm1", "log", "log1p", "log10", "pow", "cbrt", "hypot", "sin", "cos", "tan",
          "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh");

  private static final JavaClasses CORE =
      new ClassFileImporter().importPath(Path.of("target/classes"));

  private static ArchRule noCallsOf(Set<String> names, String... owners) {
    return noClasses()
        .should()
        .callMethodWhere(
            new DescribedPredicate<JavaMethodCall>("the callee is one of " + names) {
              @Override
              public boolean test(JavaMethodCall call) {
                return names.contains(call.getName())
                    && (owners.length == 0
                        || Set.of(owners).contains(call.getTargetOwner().getName()));
              }
            });
  }

  @Test
  void theClassesAreThere() {
    assertTrue(CORE.contain(Model.class));
  }

  @Test
  void transcendentalFunctionsComeFromStrictMath() {
    noCallsOf(TRANSCENDENTAL, "java.lang.Math")
        .because("only StrictMath gives the same bits on every machine")
        .check(CORE);
  }

  @Test
  void strictMathMakesTablesAndBordersButRunsInNoPass() {
    noCallsOf(TRANSCENDENTAL, "java.lang.StrictMath")
        .because("a pass takes such values from tables or from the kernels")
        .check(CORE.that(resideInAnyPackage("dev.tyto.core.runtime..", "dev.tyto.core.cache..")));
  }

  @Test
  void nothingRunsOnTheCommonPool() {
    noCallsOf(Set.of("parallel", "parallelStream"))
        .because("the order of a sum must not depend on threads, nor one model on another")
        .check(CORE);
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.concurrent.ForkJoinPool")
        .check(CORE);
  }

  @Test
  void nothingThirdPartyButTheLogger() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..",
                "com.sun.management..",
                "jdk.jfr..",
                "dev.tyto.core..",
                "dev.tyto.kernels..",
                "dev.tyto.loader..",
                "org.slf4j..",
                "org.jspecify.."))
        .check(CORE);
  }

  @Test
  void theDecoderKnowsSpecsAndNoConfigurationFile() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.tyto.core.model..", "dev.tyto.core.cache..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.tyto.loader..")
        .because("a model family is data: only its mapping in dev.tyto.core.family reads a config")
        .check(CORE);
  }

  @Test
  void aTokenGoesOneWay() {
    slices().matching("dev.tyto.core.(*)..").should().beFreeOfCycles().check(CORE);
  }
}
