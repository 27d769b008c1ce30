package dev.tyto.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tyto help}, for those who type that first. */
@Command(
    name = "help",
    description = "Prints the help of a command.",
    footer = {"", "Example:", "  tyto help generate"})
final class HelpCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "Default: tyto as a whole.")
  String command = "";

  HelpCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    CommandLine root = Tyto.commandLine(context, new Errors(context.console(), false));
    CommandLine line = command.isEmpty() ? root : root.getSubcommands().get(command);
    if (line == null) {
      throw new UsageException("no command '" + command + "'");
    }
    line.usage(line.getOut());
    return 0;
  }
}
