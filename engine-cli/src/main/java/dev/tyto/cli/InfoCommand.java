package dev.tyto.cli;

import dev.tyto.core.ModelInfo;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tyto info}. */
@Command(
    name = "info",
    description = {
      "Describes a model: architecture, parameters, and the memory it needs.",
      "",
      "Reads the headers of the files only, not the weights."
    },
    footer = {"", "Examples:", "  tyto info --model DeepSeek-V3", "  tyto info --json"})
final class InfoCommand implements Callable<Integer> {
  private final Context context;

  @Mixin final ModelArguments model = new ModelArguments();

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  InfoCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    ModelInfo info = context.models().inspect(model.folder(context));
    MemoryPlan plan = MemoryPlan.of(info, MachineMemory.read());
    InfoReport report = new InfoReport(info, plan);
    context.console().out().println(json ? Json.write(report.toJson()) : report.toText());
    return 0;
  }
}
