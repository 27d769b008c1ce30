package dev.tyto.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The streams of a run. Text is UTF-8 whatever the locale says.
 *
 * @param in standard input
 * @param out standard output: results, and nothing else
 * @param err standard error: everything meant for the person who watches
 * @param inIsTerminal whether a person types
 * @param outIsTerminal whether a person reads the results as they come
 * @param errIsTerminal whether progress bars make sense
 */
record Console(
    InputStream in,
    Output out,
    PrintStream err,
    boolean inIsTerminal,
    boolean outIsTerminal,
    boolean errIsTerminal) {

  /**
   * Which of the standard streams are terminals, as the launcher found (Java itself cannot tell
   * them apart): a string with the digits 0, 1, 2 of those that are.
   */
  private static final String TERMINALS_PROPERTY = "tyto.terminals";

  /** The streams of the process. */
  static Console system() {
    String terminals = System.getProperty(TERMINALS_PROPERTY);
    if (terminals == null) {
      boolean all =
          Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal).isPresent();
      terminals = all ? "012" : "";
    }
    return new Console(
        new FileInputStream(FileDescriptor.in),
        new Output(new FileOutputStream(FileDescriptor.out)),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        terminals.contains("0"),
        terminals.contains("1"),
        terminals.contains("2"));
  }

  /** A line for the person who watches. */
  @SuppressWarnings("AnnotateFormatMethod") // would need a library for one annotation
  void note(String format, Object... arguments) {
    err.println("tyto: " + Formats.format(format, arguments));
  }
}
