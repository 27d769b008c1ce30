package dev.tyto.text.jinja;

import dev.tyto.text.jinja.Expression.Passed;
import dev.tyto.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Expressions, with Jinja2's precedence: one method for each level, loosest first. */
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  /** What may follow a test without being its argument. */
  private static final Set<String> AFTER_TEST =
      Set.of("else", "or", "and", "if", "is", "in", "not");

  private final TokenCursor tokens;

  ExpressionParser(TokenCursor tokens) {
    this.tokens = tokens;
  }

  /** One expression, or several with commas between, which are a tuple. */
  Expression parseTuple(boolean withConditional) {
    Expression first = withConditional ? parse() : parseOr();
    if (!tokens.peek().isOperator(",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (tokens.acceptOperator(",") && startsExpression()) {
      items.add(withConditional ? parse() : parseOr());
    }
    return new Expression.TupleOf(items);
  }

  private boolean startsExpression() {
    Token token = tokens.peek();
    return switch (token.kind()) {
      case STRING, INTEGER, FLOAT -> true;
      case NAME -> !token.isName("in") && !token.isName("recursive");
      case OPERATOR -> "([{+-".contains(token.text());
      default -> false;
    };
  }

  Expression parse() {
    tokens.enter();
    Expression value = parseOr();
    while (tokens.acceptName("if")) {
      Expression condition = parseOr();
      Expression otherwise = tokens.acceptName("else") ? parse() : null;
      value = new Expression.Conditional(condition, value, otherwise);
    }
    tokens.leave();
    return value;
  }

  Expression parseOr() {
    Expression left = parseAnd();
    while (tokens.acceptName("or")) {
      left = deeper(new Expression.Or(left, parseAnd()));
    }
    return left;
  }

  private Expression parseAnd() {
    Expression left = parseNot();
    while (tokens.acceptName("and")) {
      left = deeper(new Expression.And(left, parseNot()));
    }
    return left;
  }

  private Expression parseNot() {
    if (tokens.acceptName("not")) {
      tokens.enter();
      Expression negated = new Expression.Unary("not", parseNot());
      tokens.leave();
      return negated;
    }
    return parseComparison();
  }

  private Expression parseComparison() {
    Expression first = parseSum();
    List<String> operators = new ArrayList<>();
    List<Expression> operands = new ArrayList<>();
    while (true) {
      Token token = tokens.peek();
      if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
        operators.add(tokens.next().text());
      } else if (tokens.acceptName("in")) {
        operators.add("in");
      } else if (token.isName("not") && tokens.peekSecond().isName("in")) {
        tokens.next();
        tokens.next();
        operators.add("not in");
      } else {
        break;
      }
      operands.add(parseSum());
    }
    return operators.isEmpty() ? first : new Expression.Comparison(first, operators, operands);
  }

  private Expression parseSum() {
    Expression left = parseConcatenation();
    while (tokens.peek().isOperator("+") || tokens.peek().isOperator("-")) {
      String operator = tokens.next().text();
      left = deeper(new Expression.Binary(operator, left, parseConcatenation()));
    }
    return left;
  }

  private Expression parseConcatenation() {
    Expression first = parseProduct();
    if (!tokens.peek().isOperator("~")) {
      return first;
    }
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (tokens.acceptOperator("~")) {
      parts.add(parseProduct());
    }
    return new Expression.Concatenation(parts);
  }

  private Expression parseProduct() {
    Expression left = parsePower();
    while (Set.of("*", "/", "//", "%").contains(tokens.peek().text())
        && tokens.peek().kind() == Kind.OPERATOR) {
      String operator = tokens.next().text();
      left = deeper(new Expression.Binary(operator, left, parsePower()));
    }
    return left;
  }

  private Expression parsePower() {
    Expression left = parseUnary(true);
    while (tokens.acceptOperator("**")) {
      left = deeper(new Expression.Binary("**", left, parseUnary(true)));
    }
    return left;
  }

  private Expression parseUnary(boolean withFilters) {
    tokens.enter();
    Expression value;
    if (tokens.acceptOperator("-")) {
      value = new Expression.Unary("-", parseUnary(false));
    } else if (tokens.acceptOperator("+")) {
      value = new Expression.Unary("+", parseUnary(false));
    } else {
      value = parsePrimary();
    }
    value = parsePostfix(value);
    if (withFilters) {
      value = parseFilters(value);
    }
    tokens.leave();
    return value;
  }

  private Expression parsePrimary() {
    Token token = tokens.peek();
    return switch (token.kind()) {
      case NAME -> parseName();
      case STRING -> parseStrings();
      case INTEGER -> new Expression.Literal(integer(tokens.next()));
      case FLOAT -> new Expression.Literal(Double.valueOf(tokens.next().text()));
      case OPERATOR ->
          switch (token.text()) {
            case "(" -> parseParentheses();
            case "[" -> parseList();
            case "{" -> parseDict();
            default -> throw tokens.unexpected("an expression");
          };
      default -> throw tokens.unexpected("an expression");
    };
  }

  private Expression parseName() {
    String name = tokens.next().text();
    return switch (name) {
      case "true", "True" -> new Expression.Literal(true);
      case "false", "False" -> new Expression.Literal(false);
      case "none", "None" -> new Expression.Literal(None.NONE);
      default -> {
        tokens.noteRead(name);
        yield new Expression.Name(name);
      }
    };
  }

  /** Adjacent strings are one. */
  private Expression parseStrings() {
    StringBuilder text = new StringBuilder();
    while (tokens.peek().kind() == Kind.STRING) {
      text.append(tokens.next().text());
    }
    return new Expression.Literal(text.toString());
  }

  private static Long integer(Token token) {
    String text = token.text().toLowerCase(java.util.Locale.ROOT);
    try {
      return text.startsWith("0x")
          ? Long.valueOf(text.substring(2), 16)
          : text.startsWith("0o")
              ? Long.valueOf(text.substring(2), 8)
              : text.startsWith("0b") ? Long.valueOf(text.substring(2), 2) : Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw TemplateException.at(token.line(), "the integer " + text + " is over 64 bits");
    }
  }

  private Expression parseParentheses() {
    tokens.expectOperator("(");
    if (tokens.acceptOperator(")")) {
      return new Expression.TupleOf(List.of());
    }
    Expression inner = parseTuple(true);
    tokens.expectOperator(")");
    return inner;
  }

  private Expression parseList() {
    tokens.expectOperator("[");
    List<Expression> items = new ArrayList<>();
    while (!tokens.acceptOperator("]")) {
      if (!items.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.acceptOperator("]")) {
          break;
        }
      }
      items.add(parse());
    }
    return new Expression.ListOf(items);
  }

  private Expression parseDict() {
    tokens.expectOperator("{");
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!tokens.acceptOperator("}")) {
      if (!keys.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.acceptOperator("}")) {
          break;
        }
      }
      keys.add(parse());
      tokens.expectOperator(":");
      values.add(parse());
    }
    return new Expression.DictOf(keys, values);
  }

  private Expression parsePostfix(Expression start) {
    Expression value = start;
    while (true) {
      if (tokens.acceptOperator(".")) {
        value = deeper(parseDot(value));
      } else if (tokens.acceptOperator("[")) {
        value = deeper(parseBrackets(value));
      } else if (tokens.peek().isOperator("(")) {
        value = deeper(new Expression.Call(value, parseArguments()));
      } else {
        return value;
      }
    }
  }

  private Expression parseDot(Expression base) {
    if (tokens.peek().kind() == Kind.INTEGER) {
      return new Expression.Item(base, new Expression.Literal(integer(tokens.next())));
    }
    return new Expression.Attribute(base, tokens.expectName());
  }

  private Expression parseBrackets(Expression base) {
    Expression start = tokens.peek().isOperator(":") ? null : parse();
    if (tokens.acceptOperator("]")) {
      if (start == null) {
        throw tokens.unexpected("a subscript");
      }
      return new Expression.Item(base, start);
    }
    tokens.expectOperator(":");
    Expression stop = sliceBound();
    Expression step = tokens.acceptOperator(":") ? sliceBound() : null;
    tokens.expectOperator("]");
    return new Expression.Slice(base, start, stop, step);
  }

  private @Nullable Expression sliceBound() {
    return tokens.peek().isOperator(":") || tokens.peek().isOperator("]") ? null : parse();
  }

  /** The bracketed arguments of a call. */
  Passed parseArguments() {
    tokens.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    boolean first = true;
    while (!tokens.acceptOperator(")")) {
      if (!first) {
        tokens.expectOperator(",");
        if (tokens.acceptOperator(")")) {
          break;
        }
      }
      first = false;
      if (tokens.peek().kind() == Kind.NAME && tokens.peekSecond().isOperator("=")) {
        String name = tokens.next().text();
        tokens.next();
        if (named.put(name, parse()) != null) {
          throw tokens.error("the argument '" + name + "' is given twice");
        }
      } else if (named.isEmpty()) {
        positional.add(parse());
      } else {
        throw tokens.error("a positional argument follows a named one");
      }
    }
    return new Passed(positional, named);
  }

  private Expression parseFilters(Expression start) {
    Expression value = start;
    while (true) {
      if (tokens.acceptOperator("|")) {
        String filter = parseDottedName();
        value = deeper(new Expression.Filtered(value, filter, optionalArguments()));
      } else if (tokens.acceptName("is")) {
        value = deeper(parseTest(value));
      } else if (tokens.peek().isOperator("(")) {
        value = deeper(new Expression.Call(value, parseArguments()));
      } else {
        return value;
      }
    }
  }

  String parseDottedName() {
    StringBuilder name = new StringBuilder(tokens.expectName());
    while (tokens.acceptOperator(".")) {
      name.append('.').append(tokens.expectName());
    }
    return name.toString();
  }

  Passed optionalArguments() {
    return tokens.peek().isOperator("(") ? parseArguments() : Passed.NOTHING;
  }

  private Expression parseTest(Expression value) {
    boolean negated = tokens.acceptName("not");
    String test = parseDottedName();
    Passed arguments =
        startsTestArgument()
            ? new Passed(List.of(parsePostfix(parsePrimary())), Map.of())
            : optionalArguments();
    Expression tested = new Expression.Tested(value, test, arguments);
    return negated ? new Expression.Unary("not", tested) : tested;
  }

  private boolean startsTestArgument() {
    Token token = tokens.peek();
    return switch (token.kind()) {
      case STRING, INTEGER, FLOAT -> true;
      case NAME -> !AFTER_TEST.contains(token.text());
      case OPERATOR -> token.isOperator("[") || token.isOperator("{");
      default -> false;
    };
  }

  /** A chain such as {@code a + b + c} nests to the left without nesting the parser: count it. */
  private Expression deeper(Expression chained) {
    if (depthOf(chained) > Budget.MAX_DEPTH) {
      throw tokens.error("a chain is over the limit of " + Budget.MAX_DEPTH + " links");
    }
    return chained;
  }

  private static int depthOf(Expression chained) {
    int depth = 0;
    Expression left = chained;
    while (left != null) {
      depth++;
      left =
          switch (left) {
            case Expression.Binary e -> e.left();
            case Expression.And e -> e.left();
            case Expression.Or e -> e.left();
            case Expression.Attribute e -> e.base();
            case Expression.Item e -> e.base();
            case Expression.Slice e -> e.base();
            case Expression.Call e -> e.callee();
            case Expression.Filtered e -> e.value();
            case Expression.Tested e -> e.value();
            case Expression.Unary e -> e.operand();
            default -> null;
          };
    }
    return depth;
  }
}
