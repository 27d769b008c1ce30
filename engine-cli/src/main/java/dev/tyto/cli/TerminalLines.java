package dev.tyto.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** A line editor with history. A line that ends in a backslash goes on in the next. */
final class TerminalLines implements LineSource {
  private static final String PROMPT = "> ";
  private static final String CONTINUATION = "… ";

  private final Terminal terminal;
  private final LineReader reader;

  TerminalLines() throws IOException {
    terminal = TerminalBuilder.builder().system(true).encoding(StandardCharsets.UTF_8).build();
    // Messages are prose: quotes and backslashes in them mean nothing to the editor.
    DefaultParser parser = new DefaultParser();
    parser.setQuoteChars(new char[0]);
    parser.setEscapeChars(new char[0]);
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .appName("tyto")
            .terminal(terminal)
            .parser(parser)
            .completer(new StringsCompleter(ChatLoop.COMMANDS.keySet()))
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.HISTORY_TIMESTAMPED, false);
    Path history = ChatHistory.file();
    if (history != null) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    reader = builder.build();
  }

  @Override
  public @Nullable String next() {
    try {
      StringBuilder message = new StringBuilder(reader.readLine(PROMPT));
      while (!message.isEmpty() && message.charAt(message.length() - 1) == '\\') {
        message.setCharAt(message.length() - 1, '\n');
        message.append(reader.readLine(CONTINUATION));
      }
      return message.toString();
    } catch (UserInterruptException e) {
      return "";
    } catch (EndOfFileException e) {
      return null;
    }
  }

  @Override
  public boolean isInteractive() {
    return true;
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }
}
