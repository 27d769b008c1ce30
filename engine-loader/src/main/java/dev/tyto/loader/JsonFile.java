package dev.tyto.loader;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the small text and JSON files of a model folder whole, within a limit. */
final class JsonFile {
  /** The largest real one is a tokenizer_config.json of a quarter of a megabyte. */
  private static final long MAX_BYTES = 4_000_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(Json.FACTORY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonFile() {}

  /** The JSON object in a file. */
  static JsonFields read(Path file) throws LoadException {
    return parse(file, readText(file));
  }

  static JsonFields parse(Path file, String text) throws ConfigException {
    if (text.startsWith("version https://git-lfs")) {
      throw new ConfigException(
          file, null, "is a Git LFS pointer and not the file itself; git lfs pull fetches it");
    }
    JsonNode root;
    try {
      root = MAPPER.readTree(text);
    } catch (JacksonException e) {
      throw new ConfigException(file, null, "is not valid JSON (" + Json.complaint(e) + ")");
    }
    if (!root.isObject()) {
      throw new ConfigException(file, null, "is not a JSON object");
    }
    return new JsonFields(file, "", root);
  }

  /** The text of a file, which must be UTF-8. */
  static String readText(Path file) throws LoadException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw new ConfigException(file, null, "is not a regular file");
      }
      if (attributes.size() > MAX_BYTES) {
        throw new ConfigException(
            file,
            null,
            "has " + attributes.size() + " bytes, over the 4 MB that such a file may have");
      }
      // Strict, unlike the constructors of String.
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new ConfigException(file, null, "is not UTF-8");
    } catch (LoadException e) {
      throw e;
    } catch (IOException e) {
      throw new LoadException(file, SharedFile.predicate(file, e), e);
    }
  }
}
