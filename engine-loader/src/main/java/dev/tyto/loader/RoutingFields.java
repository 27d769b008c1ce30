package dev.tyto.loader;

import dev.tyto.loader.DeepSeekConfig.ScoringFunc;
import dev.tyto.loader.DeepSeekConfig.TopkMethod;
import java.util.Locale;

/** The fields of config.json that say how tokens find their experts; all 0 in a dense model. */
record RoutingFields(
    int experts,
    int sharedExperts,
    int expertSize,
    int expertsPerToken,
    int groups,
    int topkGroup,
    TopkMethod topkMethod,
    ScoringFunc scoringFunc) {

  private static final int MAX_EXPERTS = 65_536;

  static RoutingFields read(JsonFields config, DeepSeekDefaults defaults) throws ConfigException {
    TopkMethod method = topkMethod(config, defaults);
    ScoringFunc scoring = scoringFunc(config, defaults);
    if (!config.contains("n_routed_experts")) {
      throw config.wrong("n_routed_experts", "is missing; null means a model without experts");
    }
    int experts = config.optionalInt("n_routed_experts", 0, 0, MAX_EXPERTS);
    if (experts == 0) {
      return new RoutingFields(0, 0, 0, 0, 1, 1, method, scoring);
    }
    // A selection bias goes with sigmoid scores: no reference code has another pair.
    if ((method == TopkMethod.NOAUX_TC) != (scoring == ScoringFunc.SIGMOID)) {
      throw config.wrong(
          "topk_method",
          "is "
              + lower(method)
              + " and \"scoring_func\" is "
              + lower(scoring)
              + ", a pair that no supported model has");
    }
    int perToken = config.requiredInt("num_experts_per_tok", 1, MAX_EXPERTS);
    if (perToken > experts) {
      throw config.wrong(
          "num_experts_per_tok",
          "is " + perToken + ", more than the " + experts + " of \"n_routed_experts\"");
    }
    int shared =
        config.contains("n_shared_experts")
            ? config.optionalInt("n_shared_experts", 0, 0, MAX_EXPERTS)
            : defaults.sharedExperts;
    int groups = 1;
    int topkGroup = 1;
    // Plain greedy ignores groups, whatever the file says of them.
    if (method != TopkMethod.GREEDY) {
      groups = groupField(config, "n_group", defaults.groups);
      topkGroup = groupField(config, "topk_group", groups == 1 ? 1 : defaults.topkGroup);
      checkGroups(config, method, experts, perToken, groups, topkGroup);
    }
    int expertSize = config.requiredInt("moe_intermediate_size", 1, DeepSeekConfigReader.MAX_WIDTH);
    if ((long) shared * expertSize > DeepSeekConfigReader.MAX_ROWS) {
      throw config.wrong(
          "n_shared_experts",
          "is "
              + shared
              + ", which with experts of "
              + expertSize
              + " makes a matrix of over "
              + DeepSeekConfigReader.MAX_ROWS
              + " rows");
    }
    return new RoutingFields(
        experts, shared, expertSize, perToken, groups, topkGroup, method, scoring);
  }

  private static int groupField(JsonFields config, String field, int ifMissing)
      throws ConfigException {
    return config.contains(field) ? config.optionalInt(field, 1, 1, MAX_EXPERTS) : ifMissing;
  }

  private static void checkGroups(
      JsonFields config, TopkMethod method, int experts, int perToken, int groups, int topkGroup)
      throws ConfigException {
    if (experts % groups != 0) {
      throw config.wrong(
          "n_group",
          "is " + groups + ", which does not divide the " + experts + " of \"n_routed_experts\"");
    }
    if (topkGroup > groups) {
      throw config.wrong(
          "topk_group", "is " + topkGroup + ", more than the " + groups + " of \"n_group\"");
    }
    int perGroup = experts / groups;
    if (method == TopkMethod.NOAUX_TC && groups > 1 && perGroup < 2) {
      throw config.wrong(
          "n_group",
          "is "
              + groups
              + ", which leaves 1 expert to a group where noaux_tc adds the"
              + " best 2");
    }
    if ((long) topkGroup * perGroup < perToken) {
      throw config.wrong(
          "num_experts_per_tok",
          "is "
              + perToken
              + ", more than the "
              + topkGroup * perGroup
              + " experts in the "
              + topkGroup
              + " groups of \"topk_group\"");
    }
  }

  private static TopkMethod topkMethod(JsonFields config, DeepSeekDefaults defaults)
      throws ConfigException {
    String name = config.nullableString("topk_method");
    return switch (name) {
      case null -> defaults.topkMethod;
      case "greedy" -> TopkMethod.GREEDY;
      case "group_limited_greedy" -> TopkMethod.GROUP_LIMITED_GREEDY;
      case "noaux_tc" -> TopkMethod.NOAUX_TC;
      default ->
          throw config.wrong(
              "topk_method",
              "is "
                  + OneLine.quote(name)
                  + ", which is not supported; supported are greedy, group_limited_greedy and"
                  + " noaux_tc");
    };
  }

  private static ScoringFunc scoringFunc(JsonFields config, DeepSeekDefaults defaults)
      throws ConfigException {
    String name = config.nullableString("scoring_func");
    return switch (name) {
      case null -> defaults.scoringFunc;
      case "softmax" -> ScoringFunc.SOFTMAX;
      case "sigmoid" -> ScoringFunc.SIGMOID;
      default ->
          throw config.wrong(
              "scoring_func",
              "is "
                  + OneLine.quote(name)
                  + ", which is not supported; supported are softmax and sigmoid");
    };
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
