package dev.tyto.core;

import java.util.List;

/**
 * A generated token.
 *
 * @param id the token id
 * @param position its index in the session, 0-based
 * @param logprob its natural-log probability as in {@link TokenLogprob}, NaN unless logprobs were
 *     asked for
 * @param top the most likely tokens, best first, as many as {@link SamplingOptions#topLogprobs}
 */
public record Token(int id, int position, float logprob, List<TokenLogprob> top) {}
