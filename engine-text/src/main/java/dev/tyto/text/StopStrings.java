package dev.tyto.text;

import java.util.List;

/**
 * Finds stop strings in a text that arrives in pieces. The stop string whose last character comes
 * first wins, the longer one of two that end together, so the result does not depend on how the
 * text is cut into pieces.
 */
final class StopStrings {
  private final List<String> stops;
  private final int longest;
  private final StringBuilder held = new StringBuilder();
  private boolean found;

  StopStrings(List<String> stops) {
    this.stops = stops;
    this.longest = stops.stream().mapToInt(String::length).max().orElse(0);
  }

  /** Takes a piece and returns the text that no stop string can touch any more. */
  String append(String piece) {
    if (longest == 0) {
      return piece;
    }
    if (found) {
      return "";
    }
    int searched = held.length();
    held.append(piece);
    for (int end = searched + 1; end <= held.length(); end++) {
      int start = startOfStopEndingAt(end);
      if (start >= 0) {
        found = true;
        return held.substring(0, start);
      }
    }
    int safe = held.length();
    for (int start = Math.max(0, held.length() - longest + 1); start < held.length(); start++) {
      if (mayStartStop(start)) {
        safe = start;
        break;
      }
    }
    String text = held.substring(0, safe);
    held.delete(0, safe);
    return text;
  }

  /** Ends the text: returns what was held back, nothing if a stop string was found. */
  String finish() {
    String rest = found ? "" : held.toString();
    held.setLength(0);
    return rest;
  }

  /** Whether a stop string was met. Nothing comes out after it. */
  boolean found() {
    return found;
  }

  private int startOfStopEndingAt(int end) {
    int earliest = -1;
    for (String stop : stops) {
      int start = end - stop.length();
      if (start >= 0 && (earliest < 0 || start < earliest) && matches(start, stop, stop.length())) {
        earliest = start;
      }
    }
    return earliest;
  }

  private boolean mayStartStop(int start) {
    int length = held.length() - start;
    for (String stop : stops) {
      if (stop.length() > length && matches(start, stop, length)) {
        return true;
      }
    }
    return false;
  }

  private boolean matches(int start, String stop, int length) {
    for (int i = 0; i < length; i++) {
      if (held.charAt(start + i) != stop.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
