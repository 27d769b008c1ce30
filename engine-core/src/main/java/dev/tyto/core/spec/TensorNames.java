package dev.tyto.core.spec;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Where a family's checkpoints keep each weight: a pattern per role. */
public final class TensorNames {
  /** What a tensor is for. */
  public enum Role {
    EMBEDDING,
    FINAL_NORM,
    HEAD,
    ATTENTION_NORM,
    QUERY,
    QUERY_DOWN,
    QUERY_NORM,
    QUERY_UP,
    KV_DOWN,
    KV_NORM,
    KV_UP,
    ATTENTION_OUTPUT,
    FEED_FORWARD_NORM,
    GATE,
    UP,
    DOWN,
    ROUTER,
    ROUTER_BIAS,
    /** What weighs the shared experts as a whole. */
    SHARED_ROUTER,
    EXPERT_GATE,
    EXPERT_UP,
    EXPERT_DOWN,
    SHARED_GATE,
    SHARED_UP,
    SHARED_DOWN,
    MTP_TOKEN_NORM,
    MTP_HIDDEN_NORM,
    MTP_PROJECTION,
    MTP_FINAL_NORM
  }

  private final Map<Role, String> patterns;

  /**
   * @param patterns with {@code {l}} for the layer and {@code {e}} for the expert, both 0-based
   */
  public TensorNames(Map<Role, String> patterns) {
    this.patterns = new EnumMap<>(patterns);
  }

  /** The name of a tensor that is there once. */
  public String of(Role role) {
    return Objects.requireNonNull(patterns.get(role), () -> "no tensor name for " + role);
  }

  /** The name of a tensor of a layer. */
  public String of(Role role, int layer) {
    return of(role).replace("{l}", Integer.toString(layer));
  }

  /** The name of a tensor of a routed expert. */
  public String of(Role role, int layer, int expert) {
    return of(role, layer).replace("{e}", Integer.toString(expert));
  }
}
