package dev.tyto.text;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.demo.DemoModel;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A tokenizer is loaded from an empty cache without a socket, telemetry or download. */
@Timeout(600)
class NoNetworkTest {
  @TempDir Path home;

  @Test
  void noSocketIsOpened() throws Exception {
    String output = fork();
    assertFalse(output.contains("NETWORK"), output);
    assertTrue(output.contains("IDS: 4"), output);
    try (Stream<Path> files = Files.walk(home)) {
      assertTrue(
          files.anyMatch(f -> f.getFileName().toString().contains("tokenizers.")),
          "the native library is extracted below the home folder");
    }
  }

  /** Shows that the hooks see what they are there for. */
  @Test
  void theTestWouldNoticeTelemetry() throws Exception {
    String output = fork("-DOPT_OUT_TRACKING=false");
    assertTrue(output.contains("NETWORK"), output);
  }

  private String fork(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Duser.home=" + home);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", classPath(), NoNetworkMain.class.getName()));
    command.add(DemoModel.folder().resolve("tokenizer.json").toString());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(k -> k.contains("DJL") || k.contains("ENGINE_CACHE"));
    builder.environment().remove("OPT_OUT_TRACKING");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  /** All of this JVM's paths; in a module run the test classes are patched in and in neither. */
  private static String classPath() {
    List<String> paths = new ArrayList<>();
    paths.add(Path.of(System.getProperty("basedir", "."), "target", "test-classes").toString());
    add(paths, System.getProperty("jdk.module.path"));
    add(paths, System.getProperty("java.class.path"));
    return String.join(File.pathSeparator, paths);
  }

  private static void add(List<String> paths, @Nullable String more) {
    if (more != null && !more.isEmpty()) {
      paths.add(more);
    }
  }
}
