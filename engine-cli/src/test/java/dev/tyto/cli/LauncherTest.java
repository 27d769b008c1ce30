package dev.tyto.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher script, in a source tree of its own with a Maven and JDKs that only pretend. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final Instant LONG_AGO = Instant.parse("2024-01-01T00:00:00Z");

  @TempDir Path temporary;

  private final Map<String, String> environment = new HashMap<>();
  private Path tree = Path.of("");
  private Path tyto = Path.of("");
  private Path jdk = Path.of("");
  private Path source = Path.of("");

  @BeforeEach
  void makeTree() throws IOException {
    tree = Files.createDirectories(temporary.resolve("a source tree"));
    tyto = tree.resolve("tyto");
    Files.copy(Path.of("..", "tyto"), tyto);
    Path java = Files.createDirectories(tree.resolve("engine-cli/src/main/java"));
    source = Files.writeString(java.resolve("Main.java"), "");
    Files.createDirectories(tree.resolve("engine-cli/src/test/java"));
    Files.writeString(tree.resolve("pom.xml"), "");
    Files.writeString(tree.resolve("engine-cli/pom.xml"), "");
    makeOld();

    jdk = makeJdk("jdk 25", "25.0.3", "java.base jdk.incubator.vector");
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("HOME", temporary.toString());
    environment.put("LANG", "C.UTF-8");
    environment.put("TYTO_JAVA_HOME", jdk.toString());
    environment.put(
        "TYTO_MVN",
        script(
                temporary.resolve("mvn"),
                """
                echo "$@" >>"$PWD/calls"
                mkdir -p engine-cli/target/dist
                echo "[INFO] a word"
                echo jar >engine-cli/target/dist/tyto.jar
                """)
            .toString());
  }

  @Test
  void firstUseBuildsAndRuns() throws Exception {
    // In an ASCII locale this JVM could not hand it over.
    boolean utf8 = "UTF-8".equals(System.getProperty("sun.jnu.encoding"));
    String owl = (utf8 ? "Käuzchen" : "owl") + " \"*\"";
    Run run = run("generate", "Once upon a time", "", owl);
    assertEquals(0, run.code(), run.err());
    List<String> lines = run.out().lines().toList();
    assertEquals(
        List.of("dev.tyto.cli.Main", "generate", "Once upon a time", "", owl),
        lines.subList(lines.indexOf("dev.tyto.cli.Main"), lines.size()));
    assertTrue(lines.contains(tree.toRealPath() + "/engine-cli/target/dist/tyto.jar"), run.out());
    assertTrue(lines.contains("-Dtyto.terminals="), run.out());
    assertTrue(run.err().startsWith("tyto: building, first use (log: "), run.err());
    assertTrue(run.errLines().get(1).matches("tyto: built in \\d+ s"), run.err());
    assertEquals("tyto: preparing faster starts", run.errLines().get(2));
    assertEquals(3, run.errLines().size());
    assertEquals(1, builds());
  }

  @Test
  void whatIsUpToDateIsNotBuilt() throws Exception {
    run("info");
    makeOld();
    Run second = run("info");
    assertEquals("", second.err());
    assertEquals(1, builds());
    Files.writeString(tree.resolve("engine-cli/src/test/java/MainTest.java"), "");
    assertEquals("", run("info").err());
    assertEquals(1, builds());
  }

  @Test
  void aChangedOrDeletedSourceIsBuiltOnce() throws Exception {
    run("info");
    makeOld();
    Files.writeString(source, "changed");
    assertTrue(run("info").err().startsWith("tyto: building, the sources have changed"));
    assertEquals(2, builds());
    makeOld();
    Files.delete(source);
    run("info");
    assertEquals(3, builds());
    // Maven leaves a jar alone whose content did not change: that must not mean a build each time.
    Files.setLastModifiedTime(
        tree.resolve("engine-cli/target/dist/tyto.jar"), FileTime.from(LONG_AGO));
    assertEquals("", run("info").err());
    assertEquals(3, builds());
  }

  @Test
  void noBuildMeansNoBuild() throws Exception {
    run("info");
    makeOld();
    Files.writeString(source, "changed");
    environment.put("TYTO_NO_BUILD", "1");
    assertEquals("", run("info").err());
    assertEquals(1, builds());
  }

  @Test
  void aFailedBuildShowsWhatMavenSaid() throws Exception {
    script(
        temporary.resolve("mvn"),
        """
        printf '[INFO] fine\\n\\033[0m[ERROR] Main.java:[1,1] no\\n[ERROR] -> [Help 1]\\n[ERROR] blah\\n'
        exit 1
        """);
    Run run = run("info");
    assertEquals(1, run.code());
    assertEquals("", run.out());
    assertEquals(3, run.errLines().size(), run.err());
    assertEquals("[ERROR] Main.java:[1,1] no", run.errLines().get(1));
    assertTrue(
        run.errLines().get(2).startsWith("tyto: the build failed; all of its output is in "));
    assertFalse(Files.exists(tree.resolve("engine-cli/target/dist/tyto.jar")));
    // And the next use tries again.
    assertTrue(run("info").err().startsWith("tyto: building, first use"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void firstUsesAtOnceBuildOnce(boolean withFlock) throws Exception {
    if (!withFlock) {
      environment.put("PATH", toolsWithoutFlock().toString());
    }
    script(
        temporary.resolve("mvn"),
        """
        echo "$@" >>"$PWD/calls"
        mkdir -p engine-cli/target/dist
        sleep 1
        echo jar >engine-cli/target/dist/tyto.jar
        """);
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      processes.add(
          builder(temporary, tyto, "info")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    }
    for (Process process : processes) {
      assertTrue(process.waitFor(1, TimeUnit.MINUTES));
      assertEquals(0, process.exitValue());
    }
    assertEquals(1, builds());
  }

  @Test
  void isFoundThroughSymbolicLinksFromAnywhere() throws Exception {
    Path bin = Files.createDirectories(temporary.resolve("bin dir"));
    Path absolute = Files.createSymbolicLink(bin.resolve("tyto-link"), tyto);
    Path relative = Files.createSymbolicLink(bin.resolve("tyto"), Path.of("tyto-link"));
    for (Path link : List.of(absolute, relative, Path.of("../a source tree/./tyto"))) {
      Run run = runIn(bin, link, "info");
      assertEquals(0, run.code(), run.err());
      assertTrue(run.out().contains(tree.toRealPath() + "/engine-cli/target/dist/tyto.jar"));
    }
    assertEquals(1, builds());
  }

  @Test
  void theExitCodeIsTheCommands() throws Exception {
    script(jdk.resolve("bin/java"), "exit 7");
    assertEquals(7, run("info").code());
  }

  @Test
  void anUnsuitableJdkThatWasAskedForIsAnError() throws Exception {
    Path old = makeJdk("jdk 17", "17.0.15", "java.base jdk.incubator.vector");
    Path without = makeJdk("jlinked", "25.0.3", "java.base");
    for (Path bad : List.of(old, without, temporary.resolve("nothing"))) {
      environment.put("TYTO_JAVA_HOME", bad.toString());
      Run run = run("info");
      assertEquals(1, run.code());
      assertEquals(
          "tyto: TYTO_JAVA_HOME is "
              + bad
              + ", but there is no JDK 25 or later with jdk.incubator.vector\n",
          run.err());
    }
    assertEquals(0, builds());
  }

  @Test
  void jdksAreSearchedInOrder() throws Exception {
    environment.remove("TYTO_JAVA_HOME");
    Path old = makeJdk("jdk 17", "17.0.15", "java.base jdk.incubator.vector");
    Path newer = makeJdk("jdk 31", "31-ea", "java.base jdk.incubator.vector");
    environment.put("JAVA_HOME", jdk.toString());
    assertRunsOn(jdk);
    // An older JAVA_HOME is what most machines have: go on with the PATH, through links.
    environment.put("JAVA_HOME", old.toString());
    Path bin = Files.createDirectories(temporary.resolve("path"));
    Files.createSymbolicLink(bin.resolve("java"), newer.resolve("bin/java"));
    environment.put("PATH", bin + ":/usr/bin:/bin");
    assertRunsOn(newer);
  }

  @Test
  void sdkmansJdksAreFound() throws Exception {
    environment.remove("TYTO_JAVA_HOME");
    if (hasJdkInUsualPlaces()) {
      return; // It comes before, and cannot be hidden.
    }
    Path candidate = makeJdk(".sdkman/candidates/java/25-tem", "25.0.3", "jdk.incubator.vector");
    assertRunsOn(candidate);
  }

  @Test
  void theCacheIsMadeOncePerBuildAndJdk() throws Exception {
    Path caches = jdk.resolve("bin/java.caches");
    String option = "-XX:AOTCache=" + tree.toRealPath() + "/engine-cli/target/launcher/tyto.aot";
    assertTrue(run("info").out().lines().toList().contains(option));
    run("info");
    assertEquals(1, Files.readAllLines(caches).size());

    Files.writeString(source, "changed");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(1)));
    run("info");
    assertEquals(2, Files.readAllLines(caches).size());
    makeOld();
    run("info");
    assertEquals(2, Files.readAllLines(caches).size());

    Path lib = Files.createDirectories(tree.resolve("engine-cli/target/dist/lib"));
    Files.writeString(lib.resolve("engine-core.jar"), "rebuilt");
    run("info");
    assertEquals(3, Files.readAllLines(caches).size());
    makeOld();

    Path other = makeJdk("jdk 26", "26", "jdk.incubator.vector");
    environment.put("TYTO_JAVA_HOME", other.toString());
    assertTrue(run("info").out().lines().toList().contains(option));
    assertEquals(1, Files.readAllLines(other.resolve("bin/java.caches")).size());

    environment.put("TYTO_NO_AOT", "1");
    assertFalse(run("info").out().lines().toList().contains(option));
  }

  @Test
  void aCacheThatCannotBeMadeIsNotTriedAgain() throws Exception {
    script(jdk.resolve("bin/java"), "echo \"$@\" >>\"$0.runs\"; exit 1");
    assertEquals(1, run("info").code());
    assertEquals(1, run("info").code());
    List<String> runs = Files.readAllLines(jdk.resolve("bin/java.runs"));
    assertEquals(3, runs.size(), runs.toString());
    assertTrue(runs.getFirst().contains("-XX:AOTCacheOutput="));
    assertFalse(runs.getLast().contains("-XX:AOTCache"));
  }

  @Test
  void optionsOfTheUserAreNotOverridden() throws Exception {
    environment.put("JDK_JAVA_OPTIONS", "-XX:+UseZGC -Xlog:gc");
    String out = run("info").out();
    assertFalse(out.contains("-XX:+UseSerialGC"), out);
    assertFalse(out.contains("-Xlog"), out);
    environment.remove("JDK_JAVA_OPTIONS");
    out = run("info").out();
    assertTrue(out.contains("-XX:+UseSerialGC"), out);
    assertTrue(out.contains("-Xlog:disable"), out);
  }

  @Test
  void anAsciiLocaleDoesNotLoseArguments() throws Exception {
    environment.remove("LANG");
    script(jdk.resolve("bin/java"), "echo \"$LC_ALL\"");
    assertEquals("C.UTF-8\n", run("info").out());
    environment.put("LC_ALL", "de_DE.utf8");
    assertEquals("de_DE.utf8\n", run("info").out());
  }

  /** As on macOS, which has no flock. */
  private Path toolsWithoutFlock() throws IOException {
    Path bin = Files.createDirectories(temporary.resolve("tools"));
    for (String tool :
        "cat date find grep head mkdir mv ps readlink rm sed sh sleep tail".split(" ")) {
      Path real = Path.of("/usr/bin", tool);
      // Not links, of which JUnit complains when it deletes them.
      script(
          bin.resolve(tool),
          "exec %s \"$@\"".formatted(Files.exists(real) ? real : Path.of("/bin", tool)));
    }
    return bin;
  }

  private void assertRunsOn(Path expected) throws Exception {
    Run run = run("info");
    assertEquals(0, run.code(), run.err());
    assertEquals("running on " + expected, run.out().lines().findFirst().orElse(""));
  }

  private static boolean hasJdkInUsualPlaces() {
    return Stream.of("/usr/lib/jvm", "/usr/lib64/jvm", "/usr/java", "/opt/java", "/opt")
        .anyMatch(place -> Files.isDirectory(Path.of(place)));
  }

  private Path makeJdk(String name, String version, String modules) throws IOException {
    Path home = temporary.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"),
        "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"%s\"\nMODULES=\"%s\"".formatted(version, modules));
    script(
        home.resolve("bin/java"),
        """
        for a in "$@"; do
          case $a in -XX:AOTCacheOutput=*) echo cache >"${a#*=}"; echo made >>"$0.caches" ;; esac
        done
        echo 'running on %s'
        for a in "$@"; do echo "$a"; done
        """
            .formatted(home));
    return home;
  }

  private static Path script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Gives everything one time in the past, so that what is written afterwards is newer. */
  private void makeOld() throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
      }
    }
  }

  private long builds() throws IOException {
    Path calls = tree.resolve("calls");
    return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
  }

  private Run run(String... arguments) throws Exception {
    return runIn(temporary, tyto, arguments);
  }

  private Run runIn(Path folder, Path command, String... arguments) throws Exception {
    Path out = Files.createTempFile(temporary, "out", "");
    Path err = Files.createTempFile(temporary, "err", "");
    Process process =
        builder(folder, command, arguments)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    process.getOutputStream().close();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private ProcessBuilder builder(Path folder, Path command, String... arguments) {
    List<String> line = new ArrayList<>(List.of(command.toString()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder;
  }
}
