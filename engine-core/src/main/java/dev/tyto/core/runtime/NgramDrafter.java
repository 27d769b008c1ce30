package dev.tyto.core.runtime;

import java.util.List;

/**
 * Prompt lookup (Saxena 2023): the longest recent n-gram that occurred before in the session, and
 * what followed it then. Needs no model; pays where text repeats itself or its prompt.
 */
final class NgramDrafter implements Drafter {
  private static final int LONGEST = 4;
  private static final int SHORTEST = 2;

  /** How far back to look: bounds the time per token. */
  private static final int WINDOW = 8192;

  @Override
  public void draft(List<GenerationJob> jobs, int length) {
    for (GenerationJob job : jobs) {
      int most = Math.min(length, job.mostDrafts());
      if (most > 0) {
        lookUp(job.session(), job.drafts(), most);
      }
    }
  }

  private static void lookUp(LocalSession session, Drafts drafts, int most) {
    int end = session.held();
    for (int n = Math.min(LONGEST, end - 1); n >= SHORTEST; n--) {
      for (int start = end - n - 1; start >= Math.max(0, end - WINDOW); start--) {
        if (matches(session, start, end - n, n)) {
          for (int i = start + n; i < end && drafts.count() < most; i++) {
            drafts.add(session.token(i));
          }
          return;
        }
      }
    }
  }

  private static boolean matches(LocalSession session, int a, int b, int n) {
    for (int i = 0; i < n; i++) {
      if (session.token(a + i) != session.token(b + i)) {
        return false;
      }
    }
    return true;
  }
}
