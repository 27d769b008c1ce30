package dev.tyto.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutputTest {
  @Test
  void isUtf8AndEndsLinesWithLineFeeds() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Output out = new Output(bytes);
    out.print("Käuzchen ");
    out.println("🦉");
    assertArrayEquals("Käuzchen 🦉\n".getBytes(StandardCharsets.UTF_8), bytes.toByteArray());
  }

  @Test
  void aReaderThatHasGoneEndsQuietly() {
    assertEquals(new Run(141, "", ""), runInto("Broken pipe"));
  }

  @Test
  void aFullDiskIsAnError() {
    assertEquals(
        new Run(1, "", "tyto: cannot write to standard output: No space left on device\n"),
        runInto("No space left on device"));
  }

  /** Runs a command whose output cannot be written for the given reason. */
  private static Run runInto(String reason) {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(reason);
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            new Output(broken),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false,
            false);
    int code = Tyto.run(new Context(console, new FakeModels()), "info");
    assertTrue(err.size() < 1000);
    return new Run(code, "", err.toString(StandardCharsets.UTF_8));
  }
}
