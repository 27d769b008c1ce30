package dev.tyto.core.spec;

/**
 * How a router turns gate logits into experts and routing weights: the general form, of which each
 * family is a case.
 *
 * <p>score = function(logits); choice = score + selection bias; with more than one group only the
 * {@code topGroups} groups with the best group score stay; the {@code topK} best choices are taken
 * (the lower index on a tie); weights are the scores, not the choices, of those taken, divided by
 * their sum if {@code normalize}, times {@code scale}.
 *
 * @param experts routed experts E
 * @param topK experts per token
 * @param score from logits to scores
 * @param selectionBias whether the checkpoint has a bias per expert that takes part in the choice
 *     only
 * @param groups of consecutive experts, 1 for no limit
 * @param topGroups groups that a token may use
 * @param groupScore how good a group is
 * @param normalize whether the weights are divided by their sum
 * @param scale factor of the weights
 */
public record RouterSpec(
    int experts,
    int topK,
    Score score,
    boolean selectionBias,
    int groups,
    int topGroups,
    GroupScore groupScore,
    boolean normalize,
    float scale) {

  /** Score functions. */
  public enum Score {
    /** Of each expert among all, before the choice. */
    SOFTMAX,
    /** Of each expert by itself. */
    SIGMOID,
    /**
     * The logits themselves choose; the weights are the softmax over those chosen, which sum to one
     * already.
     */
    SOFTMAX_OF_CHOSEN
  }

  /** Group scores over the choices of a group's experts. */
  public enum GroupScore {
    /** The best choice (DeepSeek-V2). */
    MAX,
    /** The sum of the two best choices (DeepSeek-V3). */
    TOP2_SUM
  }

  /** Checks that the numbers fit each other. */
  public RouterSpec {
    if (experts < 1 || topK < 1 || topK > experts) {
      throw new IllegalArgumentException("top-" + topK + " of " + experts + " experts");
    }
    if (groups < 1 || experts % groups != 0 || topGroups < 1 || topGroups > groups) {
      throw new IllegalArgumentException(
          topGroups + " of " + groups + " groups of " + experts + " experts");
    }
    if (topK > topGroups * (experts / groups)) {
      throw new IllegalArgumentException(
          "top-" + topK + " does not fit " + topGroups + " groups of " + experts / groups);
    }
    if (normalize && score == Score.SOFTMAX_OF_CHOSEN) {
      throw new IllegalArgumentException("a softmax over the chosen is normalised already");
    }
  }
}
