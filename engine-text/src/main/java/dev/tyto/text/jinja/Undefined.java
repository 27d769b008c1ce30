package dev.tyto.text.jinja;

/**
 * What a name or attribute that does not exist evaluates to: empty when printed, false, but an
 * error in nearly every other use.
 *
 * @param what the error's sentence
 */
record Undefined(String what) {
  static Undefined name(String name) {
    return new Undefined("'" + name + "' is undefined");
  }

  TemplateException error() {
    return new TemplateException(what);
  }

  /** All undefined values are equal, as in Jinja2. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Undefined;
  }

  @Override
  public int hashCode() {
    return 0;
  }
}
