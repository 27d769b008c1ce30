package dev.tyto.cli;

import dev.tyto.core.ContextOverflowException;
import dev.tyto.core.GenerationStats;
import dev.tyto.core.SamplingOptions;
import dev.tyto.text.TextModel;
import dev.tyto.text.TextOptions;
import dev.tyto.text.TextStream;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tyto generate}. */
@Command(
    name = "generate",
    description = {
      "Continues a text.",
      "",
      "Prints the continuation to standard output as it is generated, and nothing else; seed, "
          + "counts and speed go to standard error."
    },
    footer = {
      "",
      "Examples:",
      "  tyto generate \"Once upon a time\"",
      "  tyto generate --temperature 0 --max-tokens 40 \"The king said to his daughter\"",
      "  tyto generate --model DeepSeek-V2-Lite --stop \"The end\" - < prompt.txt"
    })
final class GenerateCommand implements Callable<Integer> {
  private final Context context;

  @Mixin final ModelArguments model = new ModelArguments();
  @Mixin final SamplingArguments sampling = new SamplingArguments();
  @Mixin final RunArguments run = new RunArguments();

  @Mixin final DraftArguments draft = new DraftArguments();

  @Option(
      names = {"-c", "--context"},
      paramLabel = "N",
      description = "Most tokens of prompt and continuation. Default: the model's own limit.")
  int contextLength;

  @Option(
      names = "--logprobs",
      paramLabel = "N",
      description =
          "Also print each token with its log probability and the N most likely ones, to standard "
              + "error.")
  @Nullable Integer logprobs;

  @Option(
      names = {"-q", "--quiet"},
      description = "Do not print seed, counts and speed.")
  boolean quiet;

  @Parameters(
      paramLabel = "PROMPT",
      description = "The text to continue, one argument; - reads it from standard input.")
  String prompt = "";

  GenerateCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    Console console = context.console();
    String text = prompt.equals("-") ? readInput(console) : prompt;
    try (TextModel loaded =
        Loading.textModel(
            context, model, RunArguments.withContext(draft.on(run.loadOptions()), contextLength))) {
      TextOptions options = options(loaded);
      if (!quiet && sampling.drewSeed(options)) {
        console.note("seed %d", options.sampling().seed());
      }
      return generate(loaded, text, options);
    }
  }

  private TextOptions options(TextModel loaded) {
    TextOptions options = sampling.applyTo(loaded.defaultOptions());
    if (logprobs == null) {
      return options;
    }
    Usage.atLeast(0, "--logprobs", logprobs);
    SamplingOptions withLogprobs = options.sampling().withTopLogprobs(logprobs);
    return options.withSampling(withLogprobs);
  }

  private int generate(TextModel loaded, String text, TextOptions options) {
    Console console = context.console();
    try (Interrupt interrupt = new Interrupt();
        TextStream stream = loaded.stream(text, options)) {
      interrupt.stopBy(stream::cancel);
      while (stream.hasNext()) {
        console.out().print(stream.next());
        console.out().flush();
      }
      console.out().println("");
      if (logprobs != null) {
        LogprobTable.print(console, loaded.tokenizer(), stream.tokens());
      }
      if (!quiet) {
        console.note("%s", summary(stream, options));
      }
      return interrupt.happened() ? Interrupt.EXIT_CODE : 0;
    } catch (ContextOverflowException e) {
      throw new Failure(
          Formats.format(
              "the prompt has %s, but the context holds %s: shorten it",
              Formats.tokens(loaded.tokenizer().encode(text, true).length),
              Formats.tokens(loaded.model().contextLength())),
          e);
    }
  }

  private static String summary(TextStream stream, TextOptions options) {
    GenerationStats stats = stream.stats();
    String end =
        switch (stream.finishReason()) {
          case STOP -> "the text ended";
          case MAX_TOKENS -> Formats.format("stopped after --max-tokens %d", options.maxTokens());
          case CONTEXT_FULL -> "the context is full";
          case CANCELLED -> "interrupted";
          case FAILED -> "failed";
        };
    return Formats.format(
        "prompt %s, %s tokens/s; generated %s, %s tokens/s; %s",
        Formats.tokens(stats.promptTokens()),
        Formats.rate(stats.prefillTokensPerSecond()),
        Formats.tokens(stats.generatedTokens()),
        Formats.rate(stats.decodeTokensPerSecond()),
        end);
  }

  private static String readInput(Console console) throws IOException {
    return Utf8.decode(console.in().readAllBytes(), "standard input");
  }
}
