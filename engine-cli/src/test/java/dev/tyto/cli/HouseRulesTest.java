package dev.tyto.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Which module may know which, as docs/architecture.md draws it. Here, since only the command knows
 * them all; what one module alone must keep to is tested there.
 */
class HouseRulesTest {
  private static final List<String> MODULES =
      List.of("kernels", "loader", "core", "text", "demo-model", "cli");

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .importPaths(
              MODULES.stream()
                  .map(m -> Path.of("..", "engine-" + m, "target", "classes"))
                  .toList());

  private static GivenClassesConjunction noClassesOf(String... modules) {
    return noClasses().that().resideInAnyPackage(packages(modules));
  }

  private static GivenClassesConjunction noClassesOutside(String... modules) {
    return noClasses().that().resideOutsideOfPackages(packages(modules));
  }

  private static String[] packages(String... modules) {
    return Stream.of(modules).map(m -> "dev.tyto." + m + "..").toArray(String[]::new);
  }

  @Test
  void everyModuleIsThere() {
    for (String module : List.of("kernels", "loader", "core", "text", "demo", "cli")) {
      assertTrue(
          HOUSE.stream().anyMatch(c -> c.getPackageName().startsWith("dev.tyto." + module)),
          "no class of " + module + " was found");
    }
  }

  @Test
  void kernelsAndLoaderDoNotKnowEachOther() {
    noClassesOf("kernels")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages("loader"))
        .check(HOUSE);
    noClassesOf("loader")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages("kernels"))
        .check(HOUSE);
  }

  @Test
  void nobodyKnowsWhatStandsOnIt() {
    noClassesOf("kernels", "loader", "demo")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages("core", "text", "cli"))
        .check(HOUSE);
    noClassesOf("core")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages("text", "cli", "demo"))
        .check(HOUSE);
    noClassesOf("text")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages("cli", "demo", "kernels"))
        .check(HOUSE);
  }

  @Test
  void aLibraryStaysInTheModuleThatNeedsIt() {
    noClassesOutside("loader", "text")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("tools.jackson..", "com.fasterxml..")
        .check(HOUSE);
    noClassesOutside("text")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.djl..", "com.google..")
        .check(HOUSE);
    noClassesOutside("cli")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..", "org.jline..", "me.tongfei..")
        .check(HOUSE);
  }

  @Test
  void noSignatureForUsersNamesALibrary() {
    List<String> shown =
        HOUSE.stream()
            .filter(c -> isForUsers(c.getModifiers()))
            .filter(c -> !c.getPackageName().startsWith("dev.tyto.cli"))
            .flatMap(c -> c.getMembers().stream())
            .filter(m -> isForUsers(m.getModifiers()))
            .filter(m -> m.getAllInvolvedRawTypes().stream().anyMatch(HouseRulesTest::isThirdParty))
            .map(JavaMember::getFullName)
            .toList();
    assertEquals(List.of(), shown);
  }

  private static boolean isForUsers(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static boolean isThirdParty(JavaClass type) {
    JavaClass element = type.getBaseComponentType();
    return !element.isPrimitive()
        && Stream.of("java.", "dev.tyto.").noneMatch(element.getName()::startsWith);
  }

  @Test
  void onlyKernelsTouchVectors() {
    noClassesOutside("kernels")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator..")
        .check(HOUSE);
  }

  @Test
  void onlyTheCommandPrintsAndExits() {
    noClassesOutside("cli").should(ACCESS_STANDARD_STREAMS).check(HOUSE);
    noClassesOutside("cli").should().callMethod(System.class, "exit", int.class).check(HOUSE);
    noClassesOutside("cli").should().callMethod(Runtime.class, "halt", int.class).check(HOUSE);
  }

  @Test
  void nobodyUsesUnsafe() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("sun.misc.Unsafe")
        .check(HOUSE);
  }
}
