package dev.tyto.loader;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads tokenizer_config.json and the template files that may lie beside it. */
final class TokenizerConfigReader {
  private static final String TEMPLATE_FILE = "chat_template.jinja";
  private static final String TEMPLATE_FOLDER = "additional_chat_templates";
  private static final String TEMPLATE_SUFFIX = ".jinja";

  /** Transformers writes 10^30, as an integer, where a tokenizer has no limit. */
  private static final double UNLIMITED = 1e18;

  private TokenizerConfigReader() {}

  static TokenizerConfig read(Path folder, JsonFields config) throws LoadException {
    return new TokenizerConfig(
        config.nullableString("tokenizer_class"),
        token(config, "bos_token"),
        token(config, "eos_token"),
        token(config, "pad_token"),
        token(config, "unk_token"),
        config.nullableBoolean("add_bos_token"),
        config.nullableBoolean("add_eos_token"),
        modelMaxLength(config),
        chatTemplates(folder, config));
  }

  /** A token is a string, or an AddedToken object with the string in it. */
  private static @Nullable String token(JsonFields config, String field) throws ConfigException {
    JsonNode value = config.optional(field);
    if (value == null || value.isString()) {
      return config.nullableString(field);
    }
    if (!value.isObject()) {
      throw config.wrongType(field, value, "a string or an object with \"content\"");
    }
    JsonFields added = config.nullableObject(field);
    String content = added == null ? null : added.nullableString("content");
    if (content == null) {
      throw config.wrong(field, "has no \"content\"");
    }
    return content;
  }

  private static @Nullable Long modelMaxLength(JsonFields config) throws ConfigException {
    Double length = config.nullableDouble("model_max_length", 0, Double.MAX_VALUE);
    return length == null || length >= UNLIMITED ? null : (Long) length.longValue();
  }

  /** As transformers decides: template files win over what is in tokenizer_config.json. */
  private static Map<String, String> chatTemplates(Path folder, JsonFields config)
      throws LoadException {
    Map<String, String> templates = new LinkedHashMap<>();
    readField(config, templates);
    Path file = folder.resolve(TEMPLATE_FILE);
    Map<String, String> files = readFolder(folder.resolve(TEMPLATE_FOLDER));
    if (Files.exists(file)) {
      files.put(TokenizerConfig.DEFAULT_TEMPLATE, JsonFile.readText(file));
    }
    return files.isEmpty() ? templates : files;
  }

  /** One template, or an array of {@code {"name": ..., "template": ...}}. */
  private static void readField(JsonFields config, Map<String, String> templates)
      throws ConfigException {
    String field = "chat_template";
    JsonNode value = config.optional(field);
    if (value == null) {
      return;
    }
    if (value.isString()) {
      templates.put(TokenizerConfig.DEFAULT_TEMPLATE, value.stringValue());
      return;
    }
    if (!value.isArray()) {
      throw config.wrongType(field, value, "a string or an array of named templates");
    }
    for (JsonFields named : config.objects(field)) {
      String name = named.nullableString("name");
      String template = named.nullableString("template");
      if (name == null || template == null) {
        throw config.wrong(field, "has an element without \"name\" or \"template\"");
      }
      if (templates.put(name, template) != null) {
        throw config.wrong(field, "has two templates named " + OneLine.quote(name));
      }
    }
  }

  private static Map<String, String> readFolder(Path folder) throws LoadException {
    Map<String, String> templates = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return templates;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + TEMPLATE_SUFFIX)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        templates.put(
            name.substring(0, name.length() - TEMPLATE_SUFFIX.length()), JsonFile.readText(file));
      }
    } catch (LoadException e) {
      throw e;
    } catch (IOException e) {
      throw new LoadException(folder, SharedFile.predicate(folder, e), e);
    }
    return templates;
  }
}
