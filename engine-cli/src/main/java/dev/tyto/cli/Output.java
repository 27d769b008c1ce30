package dev.tyto.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * Standard output. Unlike a {@link java.io.PrintStream} it reports a reader that has gone, so that
 * a long generation ends when {@code | head} has seen enough.
 */
final class Output {
  private final Writer writer;

  Output(OutputStream stream) {
    writer = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), 1 << 14);
  }

  void print(String text) {
    try {
      writer.write(text);
    } catch (IOException e) {
      throw new OutputException(e);
    }
  }

  /** Ends a line, with a line feed on every system, and shows it. */
  void println(String text) {
    print(text);
    print("\n");
    flush();
  }

  void flush() {
    try {
      writer.flush();
    } catch (IOException e) {
      throw new OutputException(e);
    }
  }

  /** For libraries that want one; it reports failures the same way. */
  Writer asWriter() {
    return new Writer() {
      @Override
      public void write(char[] chars, int offset, int length) {
        print(new String(chars, offset, length));
      }

      @Override
      public void flush() {
        Output.this.flush();
      }

      @Override
      public void close() {
        Output.this.flush();
      }
    };
  }
}
