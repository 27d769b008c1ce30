package dev.tyto.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class DemoModelTest {
  @TempDir Path cache;

  @Test
  void theListDescribesTheFilesInTheJar() throws IOException {
    Manifest manifest = DemoModel.manifest();
    assertEquals(
        Set.of(
            "MODEL_CARD.md",
            "config.json",
            "generation_config.json",
            "model.safetensors",
            "tokenizer.json",
            "tokenizer_config.json"),
        manifest.entries().stream().map(Manifest.Entry::name).collect(Collectors.toSet()));
    for (Manifest.Entry entry : manifest.entries()) {
      try (InputStream in = DemoModel.open(entry.name())) {
        assertNotNull(in, entry.name());
        assertEquals(entry.sha256(), Sha256.copy(in, OutputStream.nullOutputStream()));
      }
    }
  }

  @Test
  void extractsEveryFileAndNothingElse() throws IOException {
    Path folder = DemoModel.folder(cache);

    assertIntact(folder);
    assertEquals(
        Set.of(folder.getFileName().toString(), folder.getFileName() + ".lock"), names(cache));
    Set<String> expected =
        DemoModel.manifest().entries().stream()
            .map(Manifest.Entry::name)
            .collect(Collectors.toCollection(HashSet::new));
    expected.add(Marker.NAME);
    assertEquals(expected, names(folder));
  }

  @Test
  void aSecondCallTouchesNothing() throws IOException {
    Path folder = DemoModel.folder(cache);
    FileTime marker = Files.getLastModifiedTime(folder.resolve(Marker.NAME));
    @Nullable Object file = fileKey(folder);

    assertEquals(folder, DemoModel.folder(cache));
    assertEquals(marker, Files.getLastModifiedTime(folder.resolve(Marker.NAME)));
    assertEquals(file, fileKey(folder));
  }

  @Test
  void aSecondCallReadsNoContents() throws IOException {
    Path folder = DemoModel.folder(cache);
    Path weights = folder.resolve("model.safetensors");
    FileTime time = Files.getLastModifiedTime(weights);
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length / 2] ^= 1;
    Files.write(weights, bytes);
    Files.setLastModifiedTime(weights, time);

    DemoModel.folder(cache); // documented: such damage is not looked for at every start
    assertEquals(bytes[bytes.length / 2], Files.readAllBytes(weights)[bytes.length / 2]);

    Files.delete(folder.resolve(Marker.NAME)); // documented: this has it looked for
    assertIntact(DemoModel.folder(cache));
  }

  @Test
  void repairsEveryKindOfDamage() throws IOException {
    Path folder = DemoModel.folder(cache);
    Path weights = folder.resolve("model.safetensors");

    Files.write(weights, new byte[100]);
    assertIntact(DemoModel.folder(cache));

    byte[] flipped = Files.readAllBytes(weights);
    flipped[77] ^= 4;
    Files.write(weights, flipped);
    Files.setLastModifiedTime(weights, FileTime.fromMillis(1_000_000));
    assertIntact(DemoModel.folder(cache));

    Files.delete(folder.resolve("tokenizer.json"));
    assertIntact(DemoModel.folder(cache));

    Files.delete(folder.resolve("tokenizer.json"));
    Files.createDirectory(folder.resolve("tokenizer.json"));
    assertIntact(DemoModel.folder(cache));

    Files.writeString(folder.resolve(Marker.NAME), "nonsense");
    assertIntact(DemoModel.folder(cache));
    assertTrue(Marker.holds(folder, DemoModel.manifest()));
  }

  @Test
  void aFileInPlaceOfTheFolderIsReplaced() throws IOException {
    Path folder = DemoModel.folder(cache);
    deleteAll(folder);
    Files.writeString(folder, "in the way");

    assertIntact(DemoModel.folder(cache));
  }

  @Test
  void otherTimesOnGoodFilesCostOneVerificationAndNoExtraction() throws IOException {
    Path folder = DemoModel.folder(cache);
    @Nullable Object before = fileKey(folder.resolve("config.json"));
    Files.setLastModifiedTime(folder.resolve("config.json"), FileTime.fromMillis(5_000));

    DemoModel.folder(cache);

    assertEquals(before, fileKey(folder.resolve("config.json")));
    assertTrue(Marker.holds(folder, DemoModel.manifest()));
  }

  @Test
  void whatADeadProcessLeftIsDeleted() throws IOException {
    Path folder = DemoModel.folder(cache);
    deleteAll(folder);
    Path leftover = Files.createDirectory(cache.resolve(folder.getFileName() + ".tmp-123"));
    Files.writeString(leftover.resolve("config.json"), "{");

    assertIntact(DemoModel.folder(cache));
    assertFalse(Files.exists(leftover));
  }

  @Test
  void aCacheThatCannotBeWrittenIsAClearError() throws IOException {
    Path file = Files.createFile(cache.resolve("file"));

    IOException e = assertThrows(IOException.class, () -> DemoModel.folder(file.resolve("below")));
    assertTrue(e.getMessage().startsWith(file.resolve("below").toString()), e.getMessage());
    assertTrue(e.getMessage().contains("TYTO_CACHE"), e.getMessage());
  }

  @Test
  void aDamagedJarIsAClearErrorAndLeavesNothing() throws IOException {
    Path folder = cache.resolve("model");
    Manifest manifest =
        Manifest.read(
            stream("a".repeat(64) + " 3 first.bin\n" + "b".repeat(64) + " 3 second.bin\n"));

    IOException wrong =
        assertThrows(
            IOException.class, () -> new Extraction(folder, manifest, name -> stream("abc")).run());
    assertTrue(wrong.getMessage().startsWith("first.bin in the jar has SHA-256 ba7816bf"));
    IOException missing =
        assertThrows(IOException.class, () -> new Extraction(folder, manifest, name -> null).run());
    assertTrue(missing.getMessage().startsWith("the jar lacks first.bin"));
    assertEquals(Set.of("model.lock"), names(cache));
  }

  @Test
  void anotherModelHasAnotherFolder() throws IOException {
    Manifest one = Manifest.read(stream("a".repeat(64) + " 3 first.bin\n"));
    Manifest two = Manifest.read(stream("b".repeat(64) + " 3 first.bin\n"));
    assertNotEquals(one.digest(), two.digest());
  }

  @Test
  void manyThreadsAtOnceGetTheSameFolder() throws Exception {
    int threads = 8;
    CountDownLatch start = new CountDownLatch(1);
    Callable<Path> call =
        () -> {
          start.await();
          return DemoModel.folder(cache);
        };
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Path>> calls = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        calls.add(executor.submit(call));
      }
      start.countDown();
      for (Future<Path> result : calls) {
        assertIntact(result.get());
      }
    }
  }

  @Test
  void manyProcessesAtOnceGetTheSameFolder() throws Exception {
    Path work = Files.createDirectory(cache.resolve("work"));
    Path shared = cache.resolve("shared");
    Path signal = work.resolve("go");
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      processes.add(fork(shared, signal, work.resolve("ready" + i)));
    }
    while (names(work).size() < processes.size()) {
      for (Process process : processes) {
        assertTrue(process.isAlive(), () -> output(process));
      }
      Thread.onSpinWait();
    }
    Files.createFile(signal);

    for (Process process : processes) {
      String printed = output(process);
      assertEquals(0, process.waitFor(), printed);
      assertIntact(Path.of(printed));
    }
    assertEquals(2, names(shared).size(), () -> "only folder and lock in " + shared);
  }

  private static Process fork(Path shared, Path signal, Path ready) throws IOException {
    String classes =
        Stream.of(DemoModel.class, ExtractMain.class, Nullable.class)
            .map(c -> Path.of(c.getProtectionDomain().getCodeSource().getLocation().getPath()))
            .map(Path::toString)
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classes,
            ExtractMain.class.getName(),
            shared.toString(),
            signal.toString(),
            ready.toString())
        .redirectErrorStream(true)
        .start();
  }

  private static String output(Process process) {
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void assertIntact(Path folder) throws IOException {
    for (Manifest.Entry entry : DemoModel.manifest().entries()) {
      assertEquals(entry.sha256(), Sha256.of(folder.resolve(entry.name())), entry.name());
    }
  }

  /** Identity of a file on disk; null, and so no check, where the platform has none. */
  private static @Nullable Object fileKey(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
