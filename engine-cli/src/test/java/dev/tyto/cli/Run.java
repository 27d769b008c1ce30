package dev.tyto.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command run in-process.
 *
 * @param code the exit code
 * @param out standard output
 * @param err standard error
 */
record Run(int code, String out, String err) {

  /** Runs a command with nothing on standard input and no terminal anywhere. */
  static Run of(Models models, String... args) {
    return withInput(models, "", args);
  }

  static Run withInput(Models models, String input, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new Output(out),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false,
            false);
    int code = Tyto.run(new Context(console, models), args);
    return new Run(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The value of a top-level key of the JSON on standard output, as it is written there. */
  String json(String key) {
    Matcher matcher =
        Pattern.compile("(?m)^  " + Pattern.quote(Json.write(key)) + ": (.*?),?$").matcher(out);
    return matcher.find() ? matcher.group(1) : "no key " + key + " in " + out;
  }

  /** The lines of standard error. */
  List<String> errLines() {
    return err.lines().toList();
  }
}
