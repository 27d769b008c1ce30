package dev.tyto.text.jinja;

import dev.tyto.text.jinja.Token.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A position in the tokens of a template, and what both parsers need of it. */
final class TokenCursor {
  private final List<Token> tokens;
  private int index;
  private int depth;

  /** Names read since the innermost macro began. */
  private Set<String> namesRead = new HashSet<>();

  TokenCursor(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(index);
  }

  Token peekSecond() {
    return tokens.get(Math.min(index + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(index);
    if (token.kind() != Kind.END) {
      index++;
    }
    return token;
  }

  boolean acceptOperator(String operator) {
    boolean found = peek().isOperator(operator);
    if (found) {
      next();
    }
    return found;
  }

  boolean acceptName(String name) {
    boolean found = peek().isName(name);
    if (found) {
      next();
    }
    return found;
  }

  void expectOperator(String operator) {
    if (!acceptOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  void expectName(String name) {
    if (!acceptName(name)) {
      throw unexpected("'" + name + "'");
    }
  }

  String expectName() {
    return expect(Kind.NAME, "a name").text();
  }

  Token expect(Kind kind, String what) {
    if (peek().kind() != kind) {
      throw unexpected(what);
    }
    return next();
  }

  TemplateException unexpected(String wanted) {
    return error("expected " + wanted + " but found " + peek().describe());
  }

  TemplateException error(String message) {
    return TemplateException.at(peek().line(), message);
  }

  /** Every level of nesting passes here, so that a parse never overflows the stack. */
  void enter() {
    if (++depth > Budget.MAX_DEPTH) {
      throw error("nested over the limit of " + Budget.MAX_DEPTH + " levels");
    }
  }

  void leave() {
    depth--;
  }

  void noteRead(String name) {
    namesRead.add(name);
  }

  /** Starts a new set of names read and returns the one before. */
  Set<String> beginNames() {
    Set<String> outer = namesRead;
    namesRead = new HashSet<>();
    return outer;
  }

  /** Ends a set of names: returns it and goes on with the outer one, which has them too. */
  Set<String> endNames(Set<String> outer) {
    Set<String> inner = namesRead;
    outer.addAll(inner);
    namesRead = outer;
    return inner;
  }
}
