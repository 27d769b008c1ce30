package dev.tyto.cli;

import dev.tyto.core.LoadOptions;
import dev.tyto.core.Session;
import dev.tyto.text.TextModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tyto perplexity}. */
@Command(
    name = "perplexity",
    description = {
      "Measures how well a model predicts a text.",
      "",
      "The text is encoded without special tokens and cut into consecutive windows. Each window "
          + "starts with an empty cache; in it, every token but the first is predicted from those "
          + "before. What does not fill a last window is left out. The result is e to the mean "
          + "negative log-likelihood of all predictions."
    },
    footer = {
      "",
      "Examples:",
      "  tyto perplexity --file valid.txt --tokens 8192",
      "  tyto perplexity --model DeepSeek-V2-Lite --file wiki.test.raw --context 2048 --json"
    })
final class PerplexityCommand implements Callable<Integer> {
  private static final int LONGEST_DEFAULT_WINDOW = 2048;

  private final Context context;

  @Mixin final ModelArguments model = new ModelArguments();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "F",
      required = true,
      description = "The text, UTF-8.")
  @Nullable Path file;

  @Option(
      names = {"-c", "--context"},
      paramLabel = "N",
      description = "Tokens in a window. Default: the model's context, at most 2048.")
  @Nullable Integer window;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "Use the first N tokens of the text only. Default: all.")
  @Nullable Integer tokens;

  @Mixin final RunArguments run = new RunArguments();

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  PerplexityCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    Path textFile = java.util.Objects.requireNonNull(file);
    String text = Utf8.decode(Files.readAllBytes(textFile), textFile.toString());
    int windowLength = windowLength();
    LoadOptions options = run.plainLoadOptions().withContextLength(windowLength);
    try (TextModel loaded = Loading.textModel(context, model, options)) {
      int[] ids = loaded.tokenizer().encode(text, false);
      if (tokens != null && tokens < ids.length) {
        ids = Arrays.copyOf(ids, tokens);
      }
      Perplexity.Plan plan = Perplexity.plan(ids, windowLength);
      long start = System.nanoTime();
      Perplexity result = evaluate(loaded, plan);
      double seconds = (System.nanoTime() - start) / 1e9;
      context.console().out().println(json ? toJson(result, seconds) : toText(result));
      if (!json) {
        context
            .console()
            .note("%s tokens/s", Formats.rate(result.tokens() / Math.max(1e-9, seconds)));
      }
    }
    return 0;
  }

  private int windowLength() throws IOException {
    if (tokens != null) {
      Usage.atLeast(2, "--tokens", tokens);
    }
    int limit = context.models().inspect(model.folder(context)).contextLength();
    if (window == null) {
      return Math.min(limit, LONGEST_DEFAULT_WINDOW);
    }
    Usage.atLeast(2, "--context", window);
    if (window > limit) {
      throw new UsageException(
          "--context is " + window + ", but the model's context has " + Formats.tokens(limit));
    }
    return window;
  }

  private Perplexity evaluate(TextModel loaded, Perplexity.Plan plan) {
    try (Session session = loaded.model().newSession();
        Bar bar = new Bar(context.console(), "Perplexity", plan.windows(), "")) {
      return plan.evaluate(session, bar::step);
    }
  }

  private static String toText(Perplexity result) {
    return Formats.format(
        "perplexity %.4f over %,d predictions in %,d windows of %s",
        result.value(),
        result.predictions(),
        result.windows(),
        Formats.tokens(result.windowLength()));
  }

  private String toJson(Perplexity result, double seconds) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", model.folder(context).toString());
    json.put("file", String.valueOf(file));
    json.put("perplexity", result.value());
    json.put("tokens", result.tokens());
    json.put("predictions", result.predictions());
    json.put("nll_sum", result.nllSum());
    json.put("windows", result.windows());
    json.put("context", result.windowLength());
    json.put("kv_dtype", RunArguments.name(run.cacheDtype));
    json.put("tokens_per_second", result.tokens() / Math.max(1e-9, seconds));
    return Json.write(json);
  }
}
