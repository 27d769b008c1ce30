package dev.tyto.cli;

import dev.tyto.core.ModelException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells what went wrong: one line on standard error, and an exit code. */
final class Errors {
  private static final int FAILURE = 1;
  private static final int USAGE = 2;

  /** What a shell reports for a process that SIGPIPE ended. */
  private static final int BROKEN_PIPE = 141;

  private final Console console;
  private final boolean debug;

  Errors(Console console, boolean debug) {
    this.console = console;
    this.debug = debug;
  }

  /** A command line that cannot be parsed. */
  int reportUsage(ParameterException error) {
    String command = error.getCommandLine().getCommandSpec().qualifiedName();
    String message =
        error instanceof UnmatchedArgumentException unmatched
            ? unmatched(unmatched)
            : String.valueOf(error.getMessage());
    return print(error, message.strip() + " (see '" + command + " --help')", USAGE);
  }

  private static String unmatched(UnmatchedArgumentException error) {
    String first = error.getUnmatched().getFirst();
    boolean isOption = first.startsWith("-");
    if (!isOption && error.getCommandLine().getCommand() instanceof GenerateCommand) {
      return "the prompt is one argument: put it in quotes";
    }
    String message =
        isOption
            ? "no option " + first
            : error.getCommandLine().getSubcommands().isEmpty()
                ? "nothing expected at '" + first + "'"
                : "no command '" + first + "'";
    List<String> suggestions = error.getSuggestions();
    return suggestions.isEmpty() || isOption
        ? message
        : message + ", did you mean '" + suggestions.getFirst() + "'?";
  }

  /** A command that could not do its work. */
  int report(Throwable error) {
    return switch (error) {
      case OutputException e when e.readerHasGone() -> BROKEN_PIPE;
      case UsageException e -> print(e, message(e), USAGE);
      default -> print(error, message(error), FAILURE);
    };
  }

  /** What went wrong, in one sentence. */
  static String message(Throwable error) {
    String message = error.getMessage();
    return switch (error) {
      case NoSuchFileException e -> e.getFile() + ": no such file";
      case AccessDeniedException e -> e.getFile() + ": permission denied";
      case MalformedInputException e -> "the input is not valid UTF-8";
      case FileSystemException e when e.getReason() != null -> e.getFile() + ": " + e.getReason();
      case OutOfMemoryError e ->
          "out of memory ("
              + message
              + "): give the JVM more with JDK_JAVA_OPTIONS=-Xmx…, or use a"
              + " shorter context";
      // What the engine says about bad input is written for people; anything else is our mistake.
      case UsageException e -> String.valueOf(message);
      case Failure e -> String.valueOf(message);
      case OutputException e -> String.valueOf(message);
      case IOException e when message != null -> message;
      case ModelException e -> String.valueOf(message);
      case IllegalArgumentException e when message != null -> message;
      case IllegalStateException e when message != null -> message;
      default -> error + " (this is a bug in tyto; --debug prints the trace)";
    };
  }

  private int print(Throwable error, String message, int code) {
    console.err().println("tyto: " + oneLine(message));
    if (debug) {
      error.printStackTrace(console.err());
    }
    return code;
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
