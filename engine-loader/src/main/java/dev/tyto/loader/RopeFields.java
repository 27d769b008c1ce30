package dev.tyto.loader;

import dev.tyto.loader.DeepSeekConfig.YarnScaling;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The fields of config.json for rotary position: {@code rope_theta} and {@code rope_scaling}, or
 * the {@code rope_parameters} that transformers 5 writes in place of both.
 */
record RopeFields(double theta, @Nullable YarnScaling scaling) {
  private static final double DEFAULT_THETA = 10_000;

  static RopeFields read(JsonFields config) throws ConfigException {
    JsonFields scaling = config.nullableObject("rope_scaling");
    JsonFields parameters = config.nullableObject("rope_parameters");
    YarnScaling yarn = scaling == null ? null : yarn(scaling);
    if (parameters != null) {
      YarnScaling newer = yarn(parameters);
      if (scaling != null && !Objects.equals(yarn, newer)) {
        throw config.wrong("rope_parameters", "and \"rope_scaling\" contradict each other");
      }
      yarn = newer;
    }
    return new RopeFields(theta(config, scaling, parameters), yarn);
  }

  private static double theta(
      JsonFields config, @Nullable JsonFields scaling, @Nullable JsonFields parameters)
      throws ConfigException {
    double theta = config.optionalPositive("rope_theta", DEFAULT_THETA);
    boolean known = config.has("rope_theta");
    for (JsonFields nested : new JsonFields[] {scaling, parameters}) {
      if (nested == null || !nested.has("rope_theta")) {
        continue;
      }
      double other = nested.requiredPositive("rope_theta");
      if (known && other != theta) {
        throw nested.wrong(
            "rope_theta", "is " + other + ", but elsewhere in the file it is " + theta);
      }
      theta = other;
      known = true;
    }
    return theta;
  }

  private static @Nullable YarnScaling yarn(JsonFields rope) throws ConfigException {
    String type = type(rope);
    switch (type) {
      case null -> {
        if (rope.has("factor")) {
          throw rope.wrong("rope_type", "is missing, but there is a \"factor\"");
        }
        return null;
      }
      case "default" -> {
        return null;
      }
      case "yarn" -> {
        return readYarn(rope);
      }
      default ->
          throw rope.wrong(
              rope.has("rope_type") ? "rope_type" : "type",
              "is "
                  + OneLine.quote(type)
                  + ", which is not supported; supported are yarn and"
                  + " default");
    }
  }

  private static YarnScaling readYarn(JsonFields rope) throws ConfigException {
    if (rope.has("attention_factor")) {
      throw rope.wrong("attention_factor", "is set, which is not supported; mscale is");
    }
    if (!rope.optionalBoolean("truncate", true)) {
      throw rope.wrong("truncate", "is false, which is not supported");
    }
    double factor = rope.requiredPositive("factor");
    if (factor < 1) {
      throw rope.wrong("factor", "is " + factor + ", but must be at least 1");
    }
    double fast = rope.optionalPositive("beta_fast", 32);
    double slow = rope.optionalPositive("beta_slow", 1);
    if (fast < slow) {
      throw rope.wrong("beta_fast", "is " + fast + ", below the " + slow + " of \"beta_slow\"");
    }
    return new YarnScaling(
        factor,
        rope.requiredInt("original_max_position_embeddings", 1, DeepSeekConfigReader.MAX_POSITIONS),
        fast,
        slow,
        mscale(rope, "mscale", 1),
        mscale(rope, "mscale_all_dim", 0));
  }

  private static double mscale(JsonFields rope, String field, double ifAbsent)
      throws ConfigException {
    Double value = rope.nullableDouble(field, 0, 100);
    return value == null ? ifAbsent : value;
  }

  /** The older name of the field is {@code type}; some files have both. */
  private static @Nullable String type(JsonFields rope) throws ConfigException {
    String newer = rope.nullableString("rope_type");
    String older = rope.nullableString("type");
    if (newer != null && older != null && !newer.equals(older)) {
      throw rope.wrong("rope_type", "and \"type\" contradict each other");
    }
    return newer != null ? newer : older;
  }
}
