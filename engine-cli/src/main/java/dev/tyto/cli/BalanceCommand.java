package dev.tyto.cli;

import dev.tyto.core.Model;
import dev.tyto.core.ModelInfo;
import dev.tyto.core.Session;
import dev.tyto.core.balance.LoadBalancer;
import dev.tyto.text.TextModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tyto balance}. */
@Command(
    name = "balance",
    description = {
      "Adapts a model's routers to a text, so that its experts are used more evenly.",
      "",
      "After each pass over a window, the selection bias of every expert moves by gamma * "
          + "sign(mean load - load), as in DeepSeek-V3's training (auxiliary-loss-free load "
          + "balancing); no other weight changes. The last quarter of the text is held out: on it, "
          + "MaxVio (max load / mean load - 1) and perplexity are measured before and after.",
      "",
      "Gamma shrinks linearly to zero, so that the biases come to rest. A bias that is wrong by b "
          + "needs about 2 * b / gamma steps (b / gamma with --constant)."
    },
    footer = {
      "",
      "Examples:",
      "  tyto balance --file valid.txt --gamma 0.01 --out balanced",
      "  tyto balance --model DIR --file mine.txt --steps 500 --png maxvio.png"
    })
final class BalanceCommand implements Callable<Integer> {
  private final Context context;

  @Mixin final ModelArguments model = new ModelArguments();
  @Mixin final WindowArguments text = new WindowArguments();

  @Option(
      names = {"-g", "--gamma"},
      paramLabel = "G",
      description = "Size of the first step of a bias. Default: ${DEFAULT-VALUE}.")
  double gamma = 0.01;

  @Option(
      names = {"-s", "--steps"},
      paramLabel = "N",
      description = {
        "Passes, each of which makes a step; the text is read again if it is too short.",
        "Default: ${DEFAULT-VALUE}."
      })
  int steps = 200;

  @Option(names = "--constant", description = "Keep gamma as it is instead of shrinking it.")
  boolean constant;

  @Option(names = "--from-zero", description = "Start from biases of zero, not the checkpoint's.")
  boolean fromZero;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      description = {
        "Write the adapted model to this new folder; only the biases take space, the other files "
            + "are hard links. Default: only report."
      })
  @Nullable Path out;

  @Option(names = "--png", paramLabel = "FILE", description = "Draw MaxVio over the steps.")
  @Nullable Path png;

  @Mixin final RunArguments run = new RunArguments();

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  BalanceCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    LoadBalancer balancer = balancer();
    Path target = out;
    if (target != null && Files.exists(target)) {
      throw new Failure(target + ": exists already: --out takes the name of a new folder");
    }
    String content = text.text();
    ModelInfo info = context.models().inspect(model.folder(context));
    int windowLength = text.windowLength(info.contextLength());
    try (TextModel loaded =
        Loading.textModel(context, model, run.plainLoadOptions().withContextLength(windowLength))) {
      TextWindows windows = text.windows(loaded.tokenizer().encode(content, false), windowLength);
      BalanceRun balance = new BalanceRun(loaded.model(), windows);
      BalanceReport report = run(loaded.model(), balance, balancer);
      if (target != null) {
        loaded.model().saveSelectionBiases(target);
      }
      context.console().out().println(json ? report.json(target) : report.table());
      if (png != null) {
        BalancePicture.write(png, report);
        context.console().note("wrote %s", png);
      }
      if (target != null) {
        context.console().note("wrote %s", target);
      }
    }
    return 0;
  }

  private LoadBalancer balancer() {
    Usage.atLeast(1, "--steps", steps);
    return Usage.check(
        "--gamma",
        () -> constant ? LoadBalancer.constant(gamma, 1) : LoadBalancer.decaying(gamma, steps, 1));
  }

  private BalanceReport run(Model loaded, BalanceRun balance, LoadBalancer balancer)
      throws IOException {
    balance.requireBiases(model.folder(context));
    if (fromZero) {
      balance.zero();
    }
    long total = 2L * balance.measuredWindows() + steps;
    try (Session session = loaded.newSession();
        Bar bar = new Bar(context.console(), "Balance", total, "")) {
      BalanceRun.Measure before = balance.measure(session, bar::step);
      List<Double> maxVio = new ArrayList<>();
      balance.adapt(session, balancer, steps, maxVio, bar::step);
      BalanceRun.Measure after = balance.measure(session, bar::step);
      return new BalanceReport(
          model.folder(context), text.fileName(), gamma, constant, maxVio, before, after);
    }
  }
}
