package dev.tyto.text;

import dev.tyto.loader.TokenizerConfig;
import dev.tyto.text.jinja.Template;
import dev.tyto.text.jinja.TemplateException;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A chat template in Jinja, given the variables that {@code apply_chat_template} gives. */
final class JinjaChatTemplate implements ChatTemplate {
  private final String source;
  private final Map<String, String> specialTokens;
  private final Supplier<ZonedDateTime> clock;

  /** Compiled on first use: a model whose template is broken can still continue plain text. */
  private volatile @Nullable Template compiled;

  JinjaChatTemplate(
      String source, Map<String, String> specialTokens, Supplier<ZonedDateTime> clock) {
    this.source = source;
    this.specialTokens = Map.copyOf(specialTokens);
    this.clock = clock;
  }

  /** The template of a tokenizer_config.json, with the special tokens that are named there. */
  static JinjaChatTemplate of(String source, TokenizerConfig config) {
    Map<String, String> tokens = new HashMap<>();
    put(tokens, "bos_token", config.bosToken());
    put(tokens, "eos_token", config.eosToken());
    put(tokens, "pad_token", config.padToken());
    put(tokens, "unk_token", config.unkToken());
    return new JinjaChatTemplate(source, tokens, ZonedDateTime::now);
  }

  private static void put(Map<String, String> tokens, String name, @Nullable String token) {
    if (token != null) {
      tokens.put(name, token);
    }
  }

  @Override
  public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
    Map<String, @Nullable Object> variables = new HashMap<>(specialTokens);
    variables.put("messages", messages.stream().map(JinjaChatTemplate::asMap).toList());
    variables.put("add_generation_prompt", addGenerationPrompt);
    variables.put("tools", null);
    variables.put("documents", null);
    try {
      return template().render(variables, clock);
    } catch (TemplateException e) {
      String verb = e.isRaised() ? "refuses the conversation" : "failed";
      throw new ChatTemplateException("the chat template " + verb + ": " + e.getMessage(), e);
    }
  }

  private Template template() {
    Template template = compiled;
    if (template == null) {
      template = Template.compile(source);
      compiled = template;
    }
    return template;
  }

  private static Map<String, String> asMap(ChatMessage message) {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("role", message.role());
    map.put("content", message.content());
    return map;
  }
}
