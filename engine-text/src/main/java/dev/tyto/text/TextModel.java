package dev.tyto.text;

import dev.tyto.core.LoadOptions;
import dev.tyto.core.Model;
import dev.tyto.loader.GenerationConfig;
import dev.tyto.loader.LoadException;
import dev.tyto.loader.ModelFolder;
import dev.tyto.loader.TokenizerConfig;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model with its tokenizer and chat template: text in, text out. Safe for use by many threads at
 * once.
 *
 * <pre>{@code
 * try (TextModel model = TextModel.load(Path.of("DeepSeek-V2-Lite"))) {
 *   System.out.println(model.generate("Once upon a time"));
 * }
 * }</pre>
 */
public final class TextModel implements AutoCloseable {
  private final Model model;
  private final NativeTokenizer tokenizer;
  private final TextOptions defaultOptions;
  private final TextEngine engine;

  private TextModel(
      Model model, NativeTokenizer tokenizer, TextOptions defaultOptions, TextEngine engine) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.defaultOptions = defaultOptions;
    this.engine = engine;
  }

  /**
   * Loads a Hugging Face model folder with default options.
   *
   * @throws LoadException if a file of the folder is missing or cannot be used
   */
  public static TextModel load(Path folder) throws LoadException {
    return load(folder, LoadOptions.defaults());
  }

  /**
   * Loads a Hugging Face model folder.
   *
   * @throws LoadException if a file of the folder is missing or cannot be used
   */
  public static TextModel load(Path folder, LoadOptions options) throws LoadException {
    ModelFolder files = ModelFolder.open(folder);
    GenerationConfig generation = files.generationConfig();
    TextOptions defaults = defaultOptions(folder, generation);
    TokenizerConfig config = files.tokenizerConfig().orElse(NO_CONFIG);
    NativeTokenizer tokenizer = NativeTokenizer.load(files.requireTokenizerJson(), config);
    try {
      Model model = Model.load(folder, options);
      TextEngine engine =
          new TextEngine(
              tokenizer,
              config.chatTemplate().map(t -> JinjaChatTemplate.of(t, config)).orElse(null),
              eosIds(generation, config, tokenizer),
              model.contextLength(),
              () -> TokenSession.of(model.newSession()));
      return new TextModel(model, tokenizer, defaults, engine);
    } catch (LoadException | RuntimeException | Error e) {
      tokenizer.close();
      throw e;
    }
  }

  private static final TokenizerConfig NO_CONFIG =
      new TokenizerConfig(null, null, null, null, null, null, null, null, Map.of());

  private static TextOptions defaultOptions(Path folder, GenerationConfig config)
      throws LoadException {
    try {
      return DefaultOptions.of(config);
    } catch (IllegalArgumentException e) {
      Path file = folder.resolve("generation_config.json");
      throw new LoadException(file, String.valueOf(e.getMessage()), e);
    }
  }

  /** The tokenizer's own end token stands in where the generation config names none. */
  private static Set<Integer> eosIds(
      GenerationConfig generation, TokenizerConfig config, Tokenizer tokenizer) {
    Set<Integer> ids = new HashSet<>(generation.eosTokenIds());
    String eos = config.eosToken();
    if (ids.isEmpty() && eos != null) {
      tokenizer.idOf(eos).ifPresent(ids::add);
    }
    return ids;
  }

  /** The model below, for work on token ids. Closed with this. */
  public Model model() {
    return model;
  }

  /** The tokenizer. Closed with this. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** The chat template, if the checkpoint has one. */
  public Optional<ChatTemplate> chatTemplate() {
    return Optional.ofNullable(engine.template());
  }

  /**
   * The options that generation_config.json recommends: its temperature, top_p, top_k and min_p
   * where do_sample is true, else greedy, and its repetition_penalty in both cases. What it does
   * not name is off, and {@code maxTokens} is {@link TextOptions#DEFAULT_MAX_TOKENS}.
   */
  public TextOptions defaultOptions() {
    return defaultOptions;
  }

  /**
   * Continues a text in a session of its own, which ends with the stream. The beginning-of-text
   * token is added if the tokenizer's configuration says so and the text does not begin with it.
   *
   * @throws IllegalArgumentException if the prompt has no tokens
   * @throws dev.tyto.core.ContextOverflowException if the prompt does not fit the context
   * @throws IllegalStateException if closed
   */
  public TextStream stream(String prompt, TextOptions options) {
    return engine.stream(prompt, options);
  }

  /** The continuation of a text with {@link #defaultOptions}; see {@link #stream}. */
  public String generate(String prompt) {
    return generate(prompt, defaultOptions());
  }

  /** The continuation of a text, the prompt itself left out; see {@link #stream}. */
  public String generate(String prompt, TextOptions options) {
    try (TextStream stream = stream(prompt, options)) {
      return stream.readAll();
    }
  }

  /**
   * A new conversation.
   *
   * @throws ChatTemplateException if the checkpoint has no chat template
   * @throws IllegalStateException if closed
   */
  public ChatSession newChat() {
    return new ChatSession(engine, List.of());
  }

  /** A new conversation below a system prompt; see {@link #newChat()}. */
  public ChatSession newChat(String systemPrompt) {
    return new ChatSession(engine, List.of(ChatMessage.system(systemPrompt)));
  }

  /** Ends all streams and chats and frees the model. Closing twice is harmless. */
  @Override
  public void close() {
    engine.cancelAll();
    model.close();
    engine.cancelAll(); // what began meanwhile; nothing can begin now
    tokenizer.close();
  }
}
