package dev.tyto.kernels;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What would let one machine's bits differ from another's is not called anywhere in the module. */
class ModuleRulesTest {
  private static final Set<String> BANNED_MATH =
      Set.of(
          "exp", "expm1", "log", "log1p", "log10", "pow", "cbrt", "hypot", "sin", "cos", "tan",
          "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh");

  private static final Set<String> BANNED_OPERATORS =
      Set.of(
          "EXP", "EXPM1", "LOG", "LOG1P", "LOG10", "POW", "CBRT", "HYPOT", "SIN", "COS", "TAN",
          "ASIN", "ACOS", "ATAN", "ATAN2", "SINH", "COSH", "TANH");

  private final JavaClasses module = new ClassFileImporter().importPath(Path.of("target/classes"));

  private static DescribedPredicate<JavaMethodCall> call(
      String what, Set<String> names, String... owners) {
    return new DescribedPredicate<>(what) {
      @Override
      public boolean test(JavaMethodCall call) {
        return Set.of(owners).contains(call.getTargetOwner().getName())
            && names.contains(call.getName());
      }
    };
  }

  @Test
  void theModuleWasFound() {
    assertTrue(module.contain("dev.tyto.kernels.VectorMath"));
  }

  @Test
  void noTranscendentalFunctionsOfTheLibrary() {
    noClasses()
        .should()
        .callMethodWhere(
            call("Math function", BANNED_MATH, "java.lang.Math", "java.lang.StrictMath"))
        .check(module);
  }

  @Test
  void noTranscendentalVectorOperators() {
    noClasses()
        .should()
        .accessFieldWhere(
            new DescribedPredicate<JavaFieldAccess>("a transcendental VectorOperator") {
              @Override
              public boolean test(JavaFieldAccess access) {
                return access
                        .getTargetOwner()
                        .getName()
                        .equals("jdk.incubator.vector.VectorOperators")
                    && BANNED_OPERATORS.contains(access.getName());
              }
            })
        .check(module);
  }

  @Test
  void noReductionOfFloatLanes() {
    noClasses()
        .should()
        .callMethodWhere(
            call(
                "reduceLanes of floats",
                Set.of("reduceLanes", "reduceLanesToLong"),
                "jdk.incubator.vector.FloatVector",
                "jdk.incubator.vector.DoubleVector",
                "jdk.incubator.vector.Vector"))
        .check(module);
  }

  @Test
  void dependsOnSlf4jOnly() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAPackage("java..")
                .or(resideInAPackage("dev.tyto.kernels.."))
                .or(resideInAPackage("org.slf4j.."))
                .or(resideInAPackage("org.jspecify.."))
                .or(resideInAPackage("com.sun.management.."))
                .or(resideInAPackage("jdk.incubator.vector..")))
        .check(module);
  }

  @Test
  void onlyTheVectorProviderNeedsTheIncubatorModule() {
    noClasses()
        .that()
        .haveSimpleNameNotStartingWith("Vector")
        .and()
        .doNotHaveSimpleName("Simd")
        .and()
        .doNotHaveSimpleName("module-info")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(module);
    // The two doors, each opened only after the module was found.
    noClasses()
        .that()
        .haveSimpleNameNotStartingWith("Vector")
        .and()
        .doNotHaveSimpleName("Simd")
        .and()
        .doNotHaveSimpleName("SimdSupport")
        .and()
        .doNotHaveSimpleName("KernelProvider")
        .should()
        .accessTargetWhere(
            new DescribedPredicate<JavaAccess<?>>("a class of the vector provider") {
              @Override
              public boolean test(JavaAccess<?> access) {
                JavaClass owner = access.getTargetOwner();
                return owner.getPackageName().equals("dev.tyto.kernels")
                    && (owner.getSimpleName().startsWith("Vector")
                        || owner.getSimpleName().equals("Simd"));
              }
            })
        .check(module);
  }
}
