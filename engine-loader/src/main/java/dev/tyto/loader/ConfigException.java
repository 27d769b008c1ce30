package dev.tyto.loader;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file (config.json, generation_config.json, tokenizer_config.json) with a missing,
 * mistyped, contradictory or unsupported field.
 */
public final class ConfigException extends LoadException {
  private static final long serialVersionUID = 1L;

  private final @Nullable String field;

  /**
   * Creates an exception for one field.
   *
   * @param file the configuration file
   * @param field the field at fault as written in the file, dots between levels; null if the file
   *     as a whole is at fault
   * @param message one sentence that names the field
   */
  public ConfigException(Path file, @Nullable String field, String message) {
    super(file, message);
    this.field = field;
  }

  /**
   * The field at fault, such as {@code rope_scaling.factor}; null if the file as a whole is at
   * fault (it is not JSON, or not an object).
   */
  public @Nullable String field() {
    return field;
  }
}
