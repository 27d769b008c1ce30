package dev.tyto.text.jinja;

/**
 * A piece of a template.
 *
 * @param text for TEXT and STRING the value, else as written
 * @param line 1-based
 */
record Token(Kind kind, String text, int line) {
  enum Kind {
    TEXT,
    BLOCK_BEGIN,
    BLOCK_END,
    PRINT_BEGIN,
    PRINT_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  /** For error messages. */
  String describe() {
    return kind == Kind.END || kind == Kind.BLOCK_END || kind == Kind.PRINT_END
        ? "the end of the " + (kind == Kind.END ? "template" : "tag")
        : "'" + text + "'";
  }
}
