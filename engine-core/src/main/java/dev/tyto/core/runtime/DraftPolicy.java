package dev.tyto.core.runtime;

import java.util.Arrays;
import java.util.List;

/**
 * How many tokens to draft: the length with the most tokens expected per second, from what was
 * measured so far. Each accepted draft saves a pass; each row makes a pass dearer, more so with
 * experts, since it brings in experts that the other rows do not use (docs/speculation.md). Used by
 * the scheduler's thread; has no influence on what is drawn.
 */
final class DraftPolicy {
  private static final int MOST = 8;
  private static final int MOST_ROWS = 256;

  /** Passes in a row without a draft after which it rests: following the model costs time, too. */
  private static final int TIRED = 16;

  /** Generations after which a resting policy looks again. */
  private static final int LOOK_AGAIN = 16;

  private final int fixed;
  private final double[] passNanos = new double[MOST_ROWS + 1];
  private final double[] acceptance = new double[MOST];
  private double draftNanos;
  private volatile int idle; // read by callers' threads
  private int generations;

  /**
   * A policy that has measured nothing yet.
   *
   * @param fixed the length to use always, 0 to choose
   */
  DraftPolicy(int fixed) {
    this.fixed = fixed;
    Arrays.fill(acceptance, 0.6);
  }

  /** A pass has run; its jobs tell what became of their drafts. */
  void passed(int rows, List<Job> jobs, long nanos) {
    boolean decoding = true;
    for (Job job : jobs) {
      decoding &= job.rows() == 1;
      if (job instanceof GenerationJob generation) {
        learn(generation.verified(), generation.accepted());
      }
    }
    if (decoding && rows <= MOST_ROWS) {
      passNanos[rows] = mean(passNanos[rows], (double) nanos);
    }
  }

  /** A drafter has drafted {@code length} tokens per session. */
  void drafted(int length, long nanos) {
    if (length > 0) {
      draftNanos = mean(draftNanos, (double) nanos / length);
    }
  }

  /** The length to draft for each of that many sessions. */
  int length(int sessions) {
    if (fixed > 0) {
      return fixed;
    }
    int best = 0;
    double bestRate = 1 / cost(sessions);
    double expected = 1;
    double chance = 1;
    for (int k = 1; k <= MOST && sessions * (k + 1) <= MOST_ROWS; k++) {
      chance *= acceptance[k - 1];
      expected += chance;
      double rate = expected / (cost(sessions * (k + 1)) + k * draftCost());
      if (rate > bestRate) {
        bestRate = rate;
        best = k;
      }
    }
    int before = idle;
    idle = best == 0 ? before + 1 : 0;
    return best;
  }

  /** Whether drafting has not paid for so long that nobody need follow the model. */
  boolean resting() {
    return fixed == 0 && idle >= TIRED;
  }

  /** A generation begins: now and then a reason to look again. */
  void generationBegins() {
    if (++generations % LOOK_AGAIN == 0) {
      idle = 0;
    }
  }

  private void learn(int verified, int accepted) {
    for (int i = 0; i < Math.min(verified, MOST); i++) {
      if (i > accepted) {
        return; // Never looked at: an earlier one was wrong.
      }
      double kept = i < accepted ? 1 : 0;
      acceptance[i] = acceptance[i] * 0.97 + kept * 0.03;
    }
  }

  /** Time of a pass of that many rows: measured, or a line through what was. */
  private double cost(int rows) {
    if (passNanos[rows] > 0) {
      return passNanos[rows];
    }
    int below = rows;
    while (below > 0 && passNanos[below] == 0) {
      below--;
    }
    int above = rows;
    while (above <= MOST_ROWS && passNanos[above] == 0) {
      above++;
    }
    if (below == 0) {
      return above > MOST_ROWS ? 1 + 0.1 * (rows - 1) : passNanos[above];
    }
    if (above > MOST_ROWS) {
      return passNanos[below] * (1 + 0.1 * (rows - below) / below);
    }
    double share = (double) (rows - below) / (above - below);
    return passNanos[below] + share * (passNanos[above] - passNanos[below]);
  }

  private double draftCost() {
    return draftNanos > 0 ? draftNanos : 0.15 * cost(1);
  }

  /** A running mean that believes a better time faster: the first ones are of cold code. */
  private static double mean(double old, double value) {
    if (old == 0) {
      return value;
    }
    double keep = value < old ? 0.5 : 0.95;
    return old * keep + value * (1 - keep);
  }
}
