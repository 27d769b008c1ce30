package dev.tyto.cli;

import dev.tyto.core.CacheDtype;
import dev.tyto.core.DraftMode;
import dev.tyto.core.LoadOptions;
import dev.tyto.core.WeightType;
import java.util.ArrayList;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How to run the model. The results do not depend on the number of threads. */
final class RunArguments {
  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Worker threads; the results do not depend on it. Default: one per processor.")
  @Nullable Integer threads;

  @Option(
      names = "--kv-dtype",
      paramLabel = "f32|bf16",
      converter = CacheDtypeConverter.class,
      completionCandidates = CacheDtypeNames.class,
      description = "Element type of the KV cache. Default: bf16.")
  CacheDtype cacheDtype = CacheDtype.BF16;

  @Option(
      names = "--weights",
      paramLabel = "original|int8|int4",
      converter = WeightTypeConverter.class,
      completionCandidates = WeightTypeNames.class,
      description =
          "What the weights become when they are loaded: int8 and int4 take less memory and time, "
              + "and change the results. Default: original.")
  WeightType weights = WeightType.ORIGINAL;

  /** For commands that look at single passes: without drafting, and without the weights for it. */
  LoadOptions plainLoadOptions() {
    return loadOptions().withDraft(DraftMode.OFF);
  }

  /** These arguments, on top of the engine's defaults. */
  LoadOptions loadOptions() {
    LoadOptions options = LoadOptions.defaults().withCacheDtype(cacheDtype).withWeights(weights);
    if (threads == null) {
      return options;
    }
    int number = threads;
    return Usage.check("--threads", () -> options.withThreads(number));
  }

  /** The options with a limit of tokens, 0 for the model's own. */
  static LoadOptions withContext(LoadOptions options, int contextLength) {
    return options.withContextLength(Usage.atLeast(0, "--context", contextLength));
  }

  /** The cache type as users spell it. */
  static String name(CacheDtype dtype) {
    return dtype.name().toLowerCase(Locale.ROOT);
  }

  /** For completion. */
  static final class CacheDtypeNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    CacheDtypeNames() {
      for (CacheDtype dtype : CacheDtype.values()) {
        add(name(dtype));
      }
    }
  }

  /** For completion. */
  static final class WeightTypeNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    WeightTypeNames() {
      for (WeightType type : WeightType.values()) {
        add(type.name().toLowerCase(Locale.ROOT));
      }
    }
  }

  /** A weight type, in any case. */
  static final class WeightTypeConverter implements ITypeConverter<WeightType> {
    @Override
    public WeightType convert(String value) {
      for (WeightType type : WeightType.values()) {
        if (type.name().equalsIgnoreCase(value)) {
          return type;
        }
      }
      throw new TypeConversionException("'" + value + "' is not original, int8 or int4");
    }
  }

  /** f32 or bf16, in any case. */
  static final class CacheDtypeConverter implements ITypeConverter<CacheDtype> {
    @Override
    public CacheDtype convert(String value) {
      for (CacheDtype dtype : CacheDtype.values()) {
        if (name(dtype).equals(value.toLowerCase(Locale.ROOT))) {
          return dtype;
        }
      }
      throw new TypeConversionException("'" + value + "' is not f32 or bf16");
    }
  }
}
