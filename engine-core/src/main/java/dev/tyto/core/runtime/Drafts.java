package dev.tyto.core.runtime;

import java.util.Arrays;

/** The tokens drafted for a session's next pass: guesses of what it will draw. Reused. */
final class Drafts {
  private int[] ids = new int[16];
  private int count;

  void clear() {
    count = 0;
  }

  void add(int id) {
    if (count == ids.length) {
      ids = Arrays.copyOf(ids, count * 2);
    }
    ids[count++] = id;
  }

  int count() {
    return count;
  }

  int id(int i) {
    return ids[i];
  }
}
