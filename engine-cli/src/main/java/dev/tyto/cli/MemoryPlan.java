package dev.tyto.cli;

import dev.tyto.core.CacheDtype;
import dev.tyto.core.ModelInfo;

/**
 * What a model needs of a machine's memory.
 *
 * @param weights bytes of packed weights
 * @param cachePerTokenBf16 bytes of KV cache per token
 * @param contextLength of the checkpoint
 * @param machine what there is
 */
record MemoryPlan(long weights, long cachePerTokenBf16, int contextLength, MachineMemory machine) {

  static MemoryPlan of(ModelInfo info, MachineMemory machine) {
    return new MemoryPlan(
        info.weightBytes(), info.cacheBytesPerToken(), info.contextLength(), machine);
  }

  /** Bytes of KV cache per token. */
  long cachePerToken(CacheDtype dtype) {
    return dtype == CacheDtype.F32 ? 2 * cachePerTokenBf16 : cachePerTokenBf16;
  }

  /** Bytes of KV cache of one session at full context. */
  long fullContext(CacheDtype dtype) {
    return cachePerToken(dtype) * contextLength;
  }

  /** Whether the weights fit in the memory that is available now. */
  boolean weightsFit() {
    return weights <= machine.available();
  }

  /** Tokens of KV cache, over all sessions, that fit beside the weights. */
  long tokensThatFit(CacheDtype dtype) {
    return Math.max(0, machine.available() - weights) / Math.max(1, cachePerToken(dtype));
  }
}
