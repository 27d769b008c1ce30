package dev.tyto.core.family;

import dev.tyto.core.spec.DecoderSpec;
import dev.tyto.loader.DeepSeekConfig;
import dev.tyto.loader.ModelConfig;

/** The families this engine runs. */
public final class Families {
  private Families() {}

  /** The spec of a checked configuration. */
  public static DecoderSpec spec(ModelConfig config) {
    return switch (config) {
      case DeepSeekConfig c -> DeepSeekFamily.spec(c);
    };
  }
}
