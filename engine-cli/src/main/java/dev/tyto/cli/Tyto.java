package dev.tyto.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root of the command line. */
@Command(
    name = "tyto",
    versionProvider = Version.class,
    commandListHeading = "%nCommands:%n",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Runs Mixture-of-Experts language models of the DeepSeek family on the JVM, from their "
          + "official safetensors files."
    },
    footer = {
      "",
      "Examples:",
      "  tyto generate \"Once upon a time\"",
      "  tyto chat --model DeepSeek-V2-Lite-Chat",
      "  tyto info --model DeepSeek-V3",
      "",
      "Without --model, commands use a tiny demo model that continues fairy tales: a "
          + "demonstration, not a useful assistant. 'tyto COMMAND --help' explains a command."
    },
    subcommands = {
      GenerateCommand.class,
      ChatCommand.class,
      InfoCommand.class,
      PerplexityCommand.class,
      LogitsCommand.class,
      BenchCommand.class,
      ExpertsCommand.class,
      BalanceCommand.class,
      CompletionCommand.class,
      HelpCommand.class
    })
final class Tyto implements Callable<Integer> {
  private final Context context;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error.")
  boolean debug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Print this help.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the versions of Tyto and Java, and the kernels in use.")
  boolean version;

  Tyto(Context context) {
    this.context = context;
  }

  /** No command was named. */
  @Override
  public Integer call() {
    commandLine(context, new Errors(context.console(), debug)).usage(context.console().err());
    return CommandLine.ExitCode.USAGE;
  }

  /** Runs one command; returns the exit code: 0, 1 for a failure, 2 for a usage error. */
  static int run(Context context, String... args) {
    Console console = context.console();
    Errors errors = new Errors(console, List.of(args).contains("--debug"));
    try {
      int code = commandLine(context, errors).execute(args);
      console.out().flush();
      return code;
    } catch (Throwable e) {
      return errors.report(e);
    }
  }

  static CommandLine commandLine(Context context, Errors errors) {
    Console console = context.console();
    CommandLine line = new CommandLine(new Tyto(context), new Factory(context));
    layOutHelp(line);
    line.getSubcommands().values().forEach(Tyto::layOutHelp);
    return line.setExpandAtFiles(false) // a prompt may begin with @
        .setOut(new PrintWriter(console.out().asWriter(), true))
        .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler((e, args) -> errors.reportUsage(e))
        .setExecutionExceptionHandler((e, command, parsed) -> errors.report(e));
  }

  private static void layOutHelp(CommandLine line) {
    line.getCommandSpec()
        .usageMessage()
        .sortOptions(false)
        .synopsisHeading("Usage: ")
        .descriptionHeading("%n")
        .parameterListHeading("%n")
        .optionListHeading("%nOptions:%n");
  }

  /** Hands the context to the commands. */
  private record Factory(Context context) implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      try {
        return type.getDeclaredConstructor(Context.class).newInstance(context);
      } catch (NoSuchMethodException e) {
        return CommandLine.defaultFactory().create(type);
      }
    }
  }
}
