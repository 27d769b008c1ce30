package dev.tyto.cli;

import dev.tyto.core.DraftMode;
import dev.tyto.core.LoadOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How to draft tokens for speculative decoding. The text does not depend on it. */
final class DraftArguments {
  private static final List<String> NAMES =
      Stream.of(DraftMode.AUTO, DraftMode.OFF, DraftMode.MTP, DraftMode.NGRAM)
          .map(DraftArguments::name)
          .toList();

  @Option(
      names = "--draft",
      paramLabel = "auto|off|mtp|ngram",
      converter = ModeConverter.class,
      completionCandidates = ModeNames.class,
      description =
          "Guess the next tokens and verify them in one pass; the text stays the same. auto: with "
              + "the checkpoint's multi-token-prediction module, if it has one. Default: auto.")
  DraftMode mode = DraftMode.AUTO;

  @Option(
      names = "--draft-length",
      paramLabel = "N",
      description = "Tokens to guess per pass, 1..16. Default: chosen by what was measured so far.")
  int length;

  LoadOptions on(LoadOptions options) {
    return Usage.check("--draft-length", () -> options.withDraft(mode).withDraftLength(length));
  }

  static String name(DraftMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  /** For completion. */
  static final class ModeNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    ModeNames() {
      super(NAMES);
    }
  }

  /** One of the names, in any case. */
  static final class ModeConverter implements ITypeConverter<DraftMode> {
    @Override
    public DraftMode convert(String value) {
      String name = value.toLowerCase(Locale.ROOT);
      if (!NAMES.contains(name)) {
        throw new TypeConversionException("'" + value + "' is not one of " + NAMES);
      }
      return DraftMode.valueOf(name.toUpperCase(Locale.ROOT));
    }
  }
}
