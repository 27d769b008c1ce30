package dev.tyto.cli;

import dev.tyto.core.LoadOptions;
import dev.tyto.core.Model;
import dev.tyto.core.ModelInfo;
import dev.tyto.text.TextModel;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tyto bench}. */
@Command(
    name = "bench",
    description = {
      "Measures speed as llama-bench does: prefill of a prompt of random tokens, and decode, one "
          + "token at a time, from an empty context.",
      "",
      "The figure is the median of several runs, the other one their standard deviation."
    },
    footer = {
      "",
      "Examples:",
      "  tyto bench --model DeepSeek-V2-Lite -p 512 -n 64 -t 8",
      "  tyto bench --json"
    })
final class BenchCommand implements Callable<Integer> {
  private static final int DEFAULT_PROMPT = 512;
  private static final int DEFAULT_GENERATE = 64;

  private final Context context;

  @Mixin final ModelArguments model = new ModelArguments();

  @Option(
      names = {"-p", "--prompt-tokens"},
      paramLabel = "N",
      description =
          "Tokens to prefill, 0 for no such test. Default: 512, or what the context holds.")
  @Nullable Integer promptTokens;

  @Option(
      names = {"-n", "--generate-tokens"},
      paramLabel = "N",
      description = "Tokens to decode, 0 for no such test. Default: 64, or what the context holds.")
  @Nullable Integer generateTokens;

  @Option(
      names = {"-r", "--repetitions"},
      paramLabel = "N",
      description = "Timed runs of each test. Default: ${DEFAULT-VALUE}.")
  int repetitions = 5;

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      description =
          "Untimed runs before each test for this long, at least one. Default: ${DEFAULT-VALUE}.")
  double warmupSeconds = 2;

  @Option(
      names = "--speculate",
      description =
          "Measure greedy decoding of a few prompts with and without drafts, in turns: share of "
              + "drafts kept, tokens per pass, tokens/s of both, and the time of a pass over 1..8 "
              + "tokens relative to one.")
  boolean speculate;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "Prompt for --speculate; may be given several times.")
  List<String> prompts =
      List.of(
          "Once upon a time",
          "The king said to his daughter",
          "In the forest there lived",
          "One day, when he was out hunting,");

  @Mixin final RunArguments run = new RunArguments();

  @Mixin final DraftArguments draft = new DraftArguments();

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  BenchCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    Usage.atLeast(1, "--repetitions", repetitions);
    if (!(warmupSeconds >= 0 && warmupSeconds <= 3600)) {
      throw new UsageException("--warmup is " + warmupSeconds + ", but must be 0..3600");
    }
    // A prompt needs room for the token drawn after it, and a first token must be there to decode.
    int most = context.models().inspect(model.folder(context)).contextLength() - 1;
    check("-p", promptTokens, most);
    check("-n", generateTokens, most);
    if (speculate) {
      speculate(most);
      return 0;
    }
    int prompt = tokens("-p", promptTokens, DEFAULT_PROMPT, most);
    int generate = tokens("-n", generateTokens, DEFAULT_GENERATE, most);
    if (prompt + generate == 0) {
      throw new UsageException("-p and -n are both 0: there is nothing to measure");
    }
    LoadOptions options =
        draft.on(run.loadOptions()).withContextLength(Math.max(prompt, generate) + 1);
    try (Model loaded = Loading.model(context, model, options)) {
      BenchReport report = measure(loaded, options, prompt, generate);
      context.console().out().println(json ? Json.write(report.toJson()) : report.toTable());
    }
    return 0;
  }

  private void speculate(int most) throws IOException {
    int generate = generateTokens == null ? Math.min(128, most / 2) : generateTokens;
    LoadOptions options = draft.on(run.loadOptions());
    try (TextModel loaded = Loading.textModel(context, model, options)) {
      SpeculationReport report =
          new SpeculationBench(loaded, prompts, generate, repetitions, (long) (warmupSeconds * 1e9))
              .run();
      context.console().out().println(json ? Json.write(report.toJson()) : report.toTable());
    }
  }

  private static void check(String option, @Nullable Integer asked, int most) {
    if (asked != null && Usage.atLeast(0, option, asked) > most) {
      throw new UsageException(
          option + " is " + asked + ", but the model's context holds at most " + most);
    }
  }

  /** The number asked for, or the default, lowered with a word about it to what the model holds. */
  private int tokens(String option, @Nullable Integer asked, int byDefault, int most) {
    if (asked != null) {
      return asked;
    }
    if (most < byDefault) {
      context.console().note("%s is %d: the model's context holds no more", option, most);
    }
    return Math.min(byDefault, most);
  }

  private BenchReport measure(Model loaded, LoadOptions options, int prompt, int generate) {
    int tests = (prompt > 0 ? 1 : 0) + (generate > 0 ? 1 : 0);
    ModelInfo info = loaded.info();
    try (Bar bar = new Bar(context.console(), "Bench", (long) tests * repetitions, "")) {
      SpeedTest test = new SpeedTest(loaded, repetitions, (long) (warmupSeconds * 1e9), bar::step);
      Speeds prefill = prompt == 0 ? null : test.prefill(prompt);
      Speeds decode = generate == 0 ? null : test.decode(generate);
      return new BenchReport(info, options, prompt, generate, repetitions, prefill, decode);
    }
  }
}
