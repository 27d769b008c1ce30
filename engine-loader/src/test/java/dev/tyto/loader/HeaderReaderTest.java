package dev.tyto.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tyto.loader.SafetensorsException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A header read from a source that fails, or gives little at a time. */
class HeaderReaderTest {
  private static final Path FILE = Path.of("f");

  private static final byte[] BYTES =
      RawFile.file(RawFile.header(RawFile.tensor("w", "U8", "[8]", "[0,8]")), 8);

  /** Gives one byte at a time and fails at a position, with an exception or an early end. */
  private record Fragile(int failAt, @Nullable IOException failure) implements ByteSource {
    @Override
    public long size() {
      return BYTES.length;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      if (position < failAt) {
        target.put(BYTES[(int) position]);
        return 1;
      }
      if (failure != null) {
        throw failure;
      }
      return -1;
    }
  }

  @Test
  void aSourceMayGiveOneByteAtATime() throws SafetensorsException {
    assertEquals(
        HeaderReader.read(FILE, RawFile.source(BYTES)),
        HeaderReader.read(FILE, new Fragile(BYTES.length, null)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 8, 9, 30})
  void aFailingReadIsNamed(int at) {
    SafetensorsException e =
        assertThrows(
            SafetensorsException.class,
            () -> HeaderReader.read(FILE, new Fragile(at, new IOException("disk on fire"))));
    assertEquals(Reason.UNREADABLE, e.reason());
    assertEquals(
        "f: cannot be read (disk on fire); check its permissions and the disk", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 8, 9, 30})
  void aTypedFailureIsPassedOn(int at) {
    SafetensorsException failure = new SafetensorsException(FILE, null, Reason.INTERRUPTED, "x");
    assertSame(
        failure,
        assertThrows(
            SafetensorsException.class, () -> HeaderReader.read(FILE, new Fragile(at, failure))));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 8, 9, 30})
  void anEarlyEndIsAChange(int at) {
    SafetensorsException e =
        assertThrows(
            SafetensorsException.class, () -> HeaderReader.read(FILE, new Fragile(at, null)));
    assertEquals(Reason.CHANGED, e.reason());
    assertEquals(
        "f: was truncated while it was opened; leave the files alone while a model loads, and load"
            + " again",
        e.getMessage());
  }
}
