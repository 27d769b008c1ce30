package dev.tyto.core.spec;

/**
 * A multi-token-prediction module (DeepSeek-V3 technical report, section 2.2): {@code x_i =
 * projection(cat[norm(embedding(t_{i+1})), norm(h_i)])}, one block at position i, norm, shared
 * head; row i predicts t_{i+2}. {@code h_i} is the main model's state after its final norm.
 * Embedding and head are the main model's.
 *
 * @param block the module's layer; its tensors are those of the layer after the last
 */
public record MtpSpec(LayerSpec block) {}
