package dev.tyto.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code tyto completion}. */
@Command(
    name = "completion",
    description = "Prints a completion script for bash and zsh.",
    footer = {"", "Example, in ~/.bashrc or ~/.zshrc:", "  source <(tyto completion)"})
final class CompletionCommand implements Callable<Integer> {
  private final Context context;

  CompletionCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    CommandLine root = Tyto.commandLine(context, new Errors(context.console(), false));
    context.console().out().print(AutoComplete.bash("tyto", root));
    return 0;
  }
}
