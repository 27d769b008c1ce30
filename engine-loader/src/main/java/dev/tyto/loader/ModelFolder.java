package dev.tyto.loader;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Hugging Face model folder, its JSON files parsed and checked.
 *
 * <p>Holds no file open: {@link #openCheckpoint} opens the weights.
 */
public final class ModelFolder {
  private static final String CONFIG = "config.json";
  private static final String GENERATION_CONFIG = "generation_config.json";
  private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
  private static final String TOKENIZER = "tokenizer.json";

  private final Path path;
  private final ModelConfig config;
  private final @Nullable String declaredDtype;
  private final GenerationConfig generationConfig;
  private final @Nullable TokenizerConfig tokenizerConfig;

  private ModelFolder(
      Path path,
      ModelConfig config,
      @Nullable String declaredDtype,
      GenerationConfig generationConfig,
      @Nullable TokenizerConfig tokenizerConfig) {
    this.path = path;
    this.config = config;
    this.declaredDtype = declaredDtype;
    this.generationConfig = generationConfig;
    this.tokenizerConfig = tokenizerConfig;
  }

  /**
   * Reads config.json, which must be there, and generation_config.json and tokenizer_config.json,
   * which may.
   *
   * @throws LoadException if the path is not a folder with a config.json
   * @throws ConfigException if one of the files is malformed, lacks a field, contradicts itself or
   *     asks for what is not supported
   */
  public static ModelFolder open(Path folder) throws LoadException {
    if (!Files.isDirectory(folder)) {
      throw new LoadException(
          folder,
          (Files.exists(folder) ? "is not a folder" : "does not exist")
              + "; give a Hugging Face model folder with config.json");
    }
    Path configFile = folder.resolve(CONFIG);
    if (!isThere(configFile)) {
      throw new LoadException(
          folder, "has no config.json; give a Hugging Face model folder with config.json");
    }
    JsonFields config = JsonFile.read(configFile);
    ModelConfig model = ModelConfigReader.read(config);
    JsonFields generation = readIfThere(folder.resolve(GENERATION_CONFIG));
    JsonFields tokenizer = readIfThere(folder.resolve(TOKENIZER_CONFIG));
    return new ModelFolder(
        folder,
        model,
        // The newer name first.
        config.nullableString(config.has("dtype") ? "dtype" : "torch_dtype"),
        new GenerationConfigReader(generation, config, model.vocabSize()).read(),
        tokenizer == null ? null : TokenizerConfigReader.read(folder, tokenizer));
  }

  private static @Nullable JsonFields readIfThere(Path file) throws LoadException {
    return isThere(file) ? JsonFile.read(file) : null;
  }

  /** True of a dangling link too: that is an error to report, not an absent file. */
  private static boolean isThere(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** The folder. */
  public Path path() {
    return path;
  }

  /** The model's shape and arithmetic, from config.json. */
  public ModelConfig config() {
    return config;
  }

  /**
   * The {@code dtype} (formerly {@code torch_dtype}) of config.json, such as {@code bfloat16}. Only
   * a claim: each tensor's own dtype counts.
   */
  public Optional<String> declaredDtype() {
    return Optional.ofNullable(declaredDtype);
  }

  /** From generation_config.json, falling back to the token ids of config.json. */
  public GenerationConfig generationConfig() {
    return generationConfig;
  }

  /** From tokenizer_config.json and the template files beside it; empty if there is none. */
  public Optional<TokenizerConfig> tokenizerConfig() {
    return Optional.ofNullable(tokenizerConfig);
  }

  /** The path of tokenizer.json, which is not read here; empty if there is none. */
  public Optional<Path> tokenizerJson() {
    Path file = path.resolve(TOKENIZER);
    return isThere(file) ? Optional.of(file) : Optional.empty();
  }

  /**
   * The path of tokenizer.json.
   *
   * @throws LoadException if there is none
   */
  public Path requireTokenizerJson() throws LoadException {
    return tokenizerJson()
        .orElseThrow(
            () ->
                new LoadException(
                    path,
                    "has no tokenizer.json; models whose tokenizer is in another format must be"
                        + " converted, or be used with token ids"));
  }

  /**
   * Opens and checks the weights. The caller closes the checkpoint.
   *
   * @throws LoadException if they are missing or damaged
   */
  public Checkpoint openCheckpoint() throws LoadException {
    return Checkpoint.open(path);
  }

  /** The path. */
  @Override
  public String toString() {
    return path.toString();
  }
}
