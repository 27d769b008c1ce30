package dev.tyto.text.jinja;

/** Text as it grows, paid for piece by piece. */
final class Output {
  private final Budget budget;
  private final StringBuilder text = new StringBuilder();

  Output(Budget budget) {
    this.budget = budget;
  }

  Output append(String piece) {
    if ((long) text.length() + piece.length() > Budget.MAX_LENGTH) {
      budget.string((long) text.length() + piece.length());
    }
    budget.string(piece.length());
    text.append(piece);
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
