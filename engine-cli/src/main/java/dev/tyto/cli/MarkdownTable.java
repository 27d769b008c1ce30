package dev.tyto.cli;

import java.util.List;

/** A Markdown table that is also aligned for the eye. */
final class MarkdownTable {
  private MarkdownTable() {}

  /**
   * The first row is the heading; the first {@code left} columns are aligned left, others right.
   */
  static String write(List<List<String>> rows, int left) {
    int columns = rows.getFirst().size();
    StringBuilder out = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      StringBuilder rule = new StringBuilder("|");
      out.append(r == 0 ? "|" : "\n|");
      for (int c = 0; c < columns; c++) {
        int column = c;
        int width = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(1);
        String padding = " ".repeat(width - rows.get(r).get(c).length());
        out.append(' ').append(c < left ? "" : padding).append(rows.get(r).get(c));
        out.append(c < left ? padding : "").append(" |");
        rule.append(' ').append("-".repeat(c < left ? width : Math.max(1, width - 1)));
        rule.append(c < left ? " |" : ": |");
      }
      if (r == 0) {
        out.append('\n').append(rule);
      }
    }
    return out.toString();
  }
}
