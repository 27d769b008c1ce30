package dev.tyto.loader;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Runs a main class of the tests in a JVM of its own, which may die. */
final class ForkedJvm {
  /** How it ended, and what it printed on both streams. */
  record Result(int exitCode, String output) {}

  private ForkedJvm() {}

  static Result run(Class<?> main, List<String> options, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    // No core dump and no error file, if it comes to that.
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:ErrorFile=/dev/null");
    command.addAll(List.of("-cp", classPath(), main.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }

  private static String classPath() {
    String paths =
        testClasses()
            + File.pathSeparator
            + System.getProperty("jdk.module.path", "")
            + File.pathSeparator
            + System.getProperty("java.class.path", "");
    return paths;
  }

  /** Surefire patches them into the module, so that they are on neither path. */
  private static Path testClasses() {
    try {
      Path self =
          Path.of(Objects.requireNonNull(ForkedJvm.class.getResource("ForkedJvm.class")).toURI());
      return self.resolve("../../../..").normalize();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
