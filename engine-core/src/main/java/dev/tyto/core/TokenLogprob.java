package dev.tyto.core;

/**
 * A token and its natural-log probability under the model's own distribution (the softmax of the
 * raw logits, before penalties, temperature and truncation).
 */
public record TokenLogprob(int id, float logprob) {}
