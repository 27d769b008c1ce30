package dev.tyto.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Where the messages of a chat come from. */
interface LineSource extends AutoCloseable {
  /** The next message, empty if a line was given up, null at the end. */
  @Nullable String next() throws IOException;

  /** Whether a person sits at the other end. */
  boolean isInteractive();

  @Override
  void close() throws IOException;

  /** A line editor on a terminal, else the lines of standard input. */
  static LineSource open(Console console) throws IOException {
    return console.inIsTerminal() && console.outIsTerminal()
        ? new TerminalLines()
        : new PlainLines(console);
  }

  /** The lines of standard input. */
  final class PlainLines implements LineSource {
    private final BufferedReader reader;

    PlainLines(Console console) {
      reader = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
    }

    @Override
    public @Nullable String next() throws IOException {
      return reader.readLine();
    }

    @Override
    public boolean isInteractive() {
      return false;
    }

    @Override
    public void close() {
      // Standard input belongs to the process.
    }
  }
}
