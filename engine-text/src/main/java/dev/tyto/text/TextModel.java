package dev.tyto.text;

import dev.tyto.core.LoadOptions;
import dev.tyto.core.Model;
import dev.tyto.loader.LoadException;
import java.nio.file.Path;
import java.util.Optional;

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
  TextModel() {}

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
    throw new UnsupportedOperationException("contract");
  }

  /** The model below, for work on token ids. Closed with this. */
  public Model model() {
    throw new UnsupportedOperationException("contract");
  }

  /** The tokenizer. Closed with this. */
  public Tokenizer tokenizer() {
    throw new UnsupportedOperationException("contract");
  }

  /** The chat template, if the checkpoint has one. */
  public Optional<ChatTemplate> chatTemplate() {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * The options that generation_config.json recommends: its temperature, top_p, top_k and min_p
   * where do_sample is true, else greedy, and its repetition_penalty in both cases. What it does
   * not name is off, and {@code maxTokens} is {@link TextOptions#DEFAULT_MAX_TOKENS}.
   */
  public TextOptions defaultOptions() {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * Continues a text in a session of its own, which ends with the stream. The beginning-of-text
   * token is added if the tokenizer's configuration says so.
   *
   * @throws IllegalArgumentException if the prompt has no tokens
   * @throws dev.tyto.core.ContextOverflowException if the prompt does not fit the context
   * @throws IllegalStateException if closed
   */
  public TextStream stream(String prompt, TextOptions options) {
    throw new UnsupportedOperationException("contract");
  }

  /** The continuation of a text with {@link #defaultOptions}; see {@link #stream}. */
  public String generate(String prompt) {
    return generate(prompt, defaultOptions());
  }

  /** The continuation of a text, the prompt itself left out; see {@link #stream}. */
  public String generate(String prompt, TextOptions options) {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * A new conversation.
   *
   * @throws ChatTemplateException if the checkpoint has no chat template
   * @throws IllegalStateException if closed
   */
  public ChatSession newChat() {
    throw new UnsupportedOperationException("contract");
  }

  /** A new conversation below a system prompt; see {@link #newChat()}. */
  public ChatSession newChat(String systemPrompt) {
    throw new UnsupportedOperationException("contract");
  }

  /** Ends all streams and chats and frees the model. Closing twice is harmless. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("contract");
  }
}
