package dev.tyto.loader;

import static dev.tyto.loader.RawFile.file;
import static dev.tyto.loader.RawFile.header;
import static dev.tyto.loader.RawFile.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tyto.loader.SafetensorsException.Reason;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that cannot be read at all, and files that change under an open reader. */
class ChangedFileTest {
  private static final String ADVICE =
      "; leave the files alone while a model loads, and load again";

  @TempDir Path folder;
  private Path path;
  private byte[] bytes;

  @BeforeEach
  void write() throws IOException {
    bytes = file(header(tensor("w", "U8", "[8192]", "[0,8192]")), 8192);
    path = Files.write(folder.resolve("t.safetensors"), bytes);
  }

  private static void truncate(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private static byte[] copy(Tensor tensor) throws LoadException {
    byte[] copy = new byte[Math.toIntExact(tensor.byteSize())];
    tensor.copyTo(0, MemorySegment.ofArray(copy), 0, copy.length);
    return copy;
  }

  private void assertUnreadable(Path file, Reason reason, String message) {
    SafetensorsException e =
        assertThrows(SafetensorsException.class, () -> SafetensorsFile.open(file).close());
    assertEquals(file + ": " + message, e.getMessage());
    assertEquals(reason, e.reason());
  }

  @Test
  void aMissingFileIsNamed() {
    assertUnreadable(folder.resolve("none"), Reason.NOT_FOUND, "does not exist; check the path");
  }

  @Test
  void aDanglingLinkIsNamed() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("none"));
    assertUnreadable(
        link, Reason.NOT_FOUND, "is a link to a file that does not exist; check the path");
  }

  @Test
  void aFolderIsNoFile() {
    assertUnreadable(folder, Reason.NOT_A_FILE, "is a folder; a regular file is needed here");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/zero", "/dev/null"})
  void aDeviceIsNoFile(String device) {
    assumeTrue(Files.exists(Path.of(device)));
    assertUnreadable(
        Path.of(device), Reason.NOT_A_FILE, "is not a regular file; a regular file is needed here");
  }

  @Test
  void aFileWithoutPermissionIsUnreadable() {
    assumeTrue(path.toFile().setReadable(false), "the system has permissions");
    assumeTrue(!Files.isReadable(path), "the user is not root");
    assertUnreadable(
        path,
        Reason.UNREADABLE,
        "cannot be read (access denied); check its permissions and the disk");
  }

  @Test
  void truncationIsAnErrorThatNamesTheTensor() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      Tensor tensor = file.tensor("w").orElseThrow();
      assertEquals(8192, copy(tensor).length);
      truncate(path, 4096);

      SafetensorsException e = assertThrows(SafetensorsException.class, () -> copy(tensor));

      assertEquals(Reason.CHANGED, e.reason());
      assertEquals("w", e.tensor());
      assertEquals(
          path
              + ": tensor \"w\" cannot be read, because the file was truncated from "
              + bytes.length
              + " to 4096 bytes while it was open"
              + ADVICE,
          e.getMessage());
    }
  }

  @Test
  void anUnchangedFileIsVerified() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      copy(file.tensor("w").orElseThrow());
      file.verifyUnchanged();
    }
  }

  private void assertChange(String what) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      change(what);
      SafetensorsException e = assertThrows(SafetensorsException.class, file::verifyUnchanged);
      assertEquals(Reason.CHANGED, e.reason());
      assertEquals(path + ": " + what + ADVICE, e.getMessage());
    }
  }

  private void change(String what) throws IOException {
    if (what.startsWith("was truncated")) {
      truncate(path, bytes.length - 1);
    } else if (what.startsWith("was deleted")) {
      Files.delete(path);
    } else if (what.startsWith("was replaced")) {
      Path other = Files.write(folder.resolve("other"), bytes);
      Files.setLastModifiedTime(other, Files.getLastModifiedTime(path));
      Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.write(path, bytes);
      Files.setLastModifiedTime(path, FileTime.fromMillis(12_345));
    }
  }

  @Test
  void verificationSeesTruncation() throws IOException {
    assertChange(
        "was truncated from "
            + bytes.length
            + " to "
            + (bytes.length - 1)
            + " bytes while it was open");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "was deleted while it was open",
        "was replaced by another file while it was open",
        "was written to while it was open"
      })
  void verificationSees(String what) throws IOException {
    assertChange(what);
  }

  @Test
  void aReplacedFileIsReadToItsEndAsItWas() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      Path other = Files.write(folder.resolve("other"), new byte[10]);
      Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
      assertEquals(8192, copy(file.tensor("w").orElseThrow()).length);
    }
  }

  @Test
  void anInterruptEndsOneReaderAndNotTheOthers() throws Exception {
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      Tensor tensor = file.tensor("w").orElseThrow();
      Thread reader = start(failures, () -> readTimes(3000, tensor));
      while (reader.isAlive()) {
        CountDownLatch reading = new CountDownLatch(1);
        Thread victim = start(failures, () -> readUntilInterrupted(tensor, reading));
        reading.await();
        victim.interrupt();
        victim.join();
      }
      assertArrayEquals(new byte[8192], copy(tensor));
    }
    assertEquals(List.of(), List.copyOf(failures));
  }

  private static Thread start(Queue<Throwable> failures, Callable<?> task) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                task.call();
              } catch (Throwable e) {
                failures.add(e);
              }
            });
  }

  private static @Nullable Void readTimes(int times, Tensor tensor) throws LoadException {
    for (int i = 0; i < times; i++) {
      copy(tensor);
    }
    return null;
  }

  private static @Nullable Void readUntilInterrupted(Tensor tensor, CountDownLatch reading) {
    SafetensorsException e =
        assertThrows(
            SafetensorsException.class,
            () -> {
              while (true) {
                copy(tensor);
                reading.countDown();
              }
            });
    assertEquals(Reason.INTERRUPTED, e.reason());
    assertTrue(Thread.currentThread().isInterrupted());
    return null;
  }

  @Test
  void afterAnInterruptAReplacedFileIsNotReadInItsPlace() throws IOException {
    try (SharedFile file = SharedFile.open(path)) {
      // As an interrupt in the middle of another thread's read does.
      file.channel().close();
      change("was replaced");
      SafetensorsException e =
          assertThrows(SafetensorsException.class, () -> file.read(ByteBuffer.allocate(1), 0));
      assertEquals(Reason.CHANGED, e.reason());
      assertThrows(SafetensorsException.class, () -> file.read(ByteBuffer.allocate(1), 0));
    }
  }

  @Test
  void anInterruptedThreadGetsATypedError() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      Tensor tensor = file.tensor("w").orElseThrow();
      Thread.currentThread().interrupt();
      SafetensorsException e = assertThrows(SafetensorsException.class, () -> copy(tensor));
      assertTrue(Thread.interrupted());
      assertEquals(Reason.INTERRUPTED, e.reason());
      assertEquals(8192, copy(tensor).length);
    }
  }
}
