package dev.tyto.cli;

import dev.tyto.core.ExpertStatistics;
import dev.tyto.core.ModelInfo;
import dev.tyto.core.Session;
import dev.tyto.text.TextModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tyto experts}. */
@Command(
    name = "experts",
    description = {
      "Shows how a model spreads the tokens of a text over its experts.",
      "",
      "The text is cut into windows as 'tyto perplexity' does it. MaxVio is max load / mean load "
          + "- 1 (0 is perfect balance), Gini is 0 for equal loads and near 1 if few experts do "
          + "all the work, entropy is in bits, and a pair of experts is shown with how many times "
          + "more often tokens use both than they would if chosen independently."
    },
    footer = {
      "",
      "Examples:",
      "  tyto experts --file valid.txt",
      "  tyto experts --model DeepSeek-V2-Lite --file wiki.test.raw --tokens 20000 --png load.png"
    })
final class ExpertsCommand implements Callable<Integer> {
  private final Context context;

  @Mixin final ModelArguments model = new ModelArguments();
  @Mixin final WindowArguments text = new WindowArguments();

  @Option(
      names = "--png",
      paramLabel = "FILE",
      description = "Draw the load of all experts, and its curve per layer, as a picture.")
  @Nullable Path png;

  @Mixin final RunArguments run = new RunArguments();

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  ExpertsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    String content = text.text();
    ModelInfo info = context.models().inspect(model.folder(context));
    if (info.moeLayers() == 0) {
      throw new Failure(model.folder(context) + ": the model has no layers with experts");
    }
    int windowLength = text.windowLength(info.contextLength());
    try (TextModel loaded =
        Loading.textModel(context, model, run.plainLoadOptions().withContextLength(windowLength))) {
      TextWindows windows = text.windows(loaded.tokenizer().encode(content, false), windowLength);
      long start = System.nanoTime();
      ExpertStatistics statistics = count(loaded, windows);
      double seconds = (System.nanoTime() - start) / 1e9;
      ExpertsReport report =
          new ExpertsReport(model.folder(context), text.fileName(), info, windows, statistics);
      context.console().out().println(json ? report.json() : report.table());
      if (png != null) {
        ExpertsPicture.write(png, report);
        context.console().note("wrote %s", png);
      }
      if (!json) {
        context
            .console()
            .note("%s tokens/s", Formats.rate(statistics.rows() / Math.max(1e-9, seconds)));
      }
    }
    return 0;
  }

  private ExpertStatistics count(TextModel loaded, TextWindows windows) {
    loaded.model().resetExpertStatistics();
    try (Session session = loaded.model().newSession();
        Bar bar = new Bar(context.console(), "Experts", windows.count(), "")) {
      for (int w = 0; w < windows.count(); w++) {
        windows.run(session, w);
        bar.step();
      }
    }
    return loaded.model().expertStatistics();
  }
}
