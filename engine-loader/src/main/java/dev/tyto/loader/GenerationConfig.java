package dev.tyto.loader;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** CONTRACT SKETCH of generation_config.json; absent fields are null, eos ids may be several. */
public record GenerationConfig(
    @Nullable Integer bosTokenId,
    List<Integer> eosTokenIds,
    @Nullable Integer padTokenId,
    @Nullable Boolean doSample,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer topK,
    @Nullable Double minP,
    @Nullable Double repetitionPenalty) {}
