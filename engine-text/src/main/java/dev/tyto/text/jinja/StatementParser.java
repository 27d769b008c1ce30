package dev.tyto.text.jinja;

import dev.tyto.text.jinja.Statement.FilterCall;
import dev.tyto.text.jinja.Statement.MacroBody;
import dev.tyto.text.jinja.Statement.Parameter;
import dev.tyto.text.jinja.Statement.Target;
import dev.tyto.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Text, prints and tags. */
final class StatementParser {
  private final TokenCursor tokens;
  private final ExpressionParser expressions;
  private int loops;

  private StatementParser(List<Token> tokens) {
    this.tokens = new TokenCursor(tokens);
    this.expressions = new ExpressionParser(this.tokens);
  }

  static List<Statement> parse(String template) {
    StatementParser parser = new StatementParser(Lexer.scan(template));
    List<Statement> all = parser.parseBody(Set.of());
    if (parser.tokens.peek().kind() != Kind.END) {
      throw parser.tokens.error("unexpected " + parser.tokens.peekSecond().describe());
    }
    return all;
  }

  /** Statements up to a block tag that starts with one of {@code ends}, which is not consumed. */
  private List<Statement> parseBody(Set<String> ends) {
    tokens.enter();
    List<Statement> body = new ArrayList<>();
    while (tokens.peek().kind() != Kind.END) {
      if (tokens.peek().kind() == Kind.BLOCK_BEGIN && ends.contains(tokens.peekSecond().text())) {
        break;
      }
      Statement statement = parseStatement();
      body.add(statement);
    }
    tokens.leave();
    return body;
  }

  private Statement parseStatement() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case TEXT -> new Statement.Text(token.text());
      case PRINT_BEGIN -> {
        Expression value = expressions.parseTuple(true);
        tokens.expect(Kind.PRINT_END, "the end of the print");
        yield new Statement.Print(value, token.line());
      }
      case BLOCK_BEGIN -> parseTag();
      default -> throw tokens.error("unexpected " + token.describe());
    };
  }

  private Statement parseTag() {
    int line = tokens.peek().line();
    String tag = tokens.expectName();
    return switch (tag) {
      case "if" -> parseIf(line);
      case "for" -> parseFor(line);
      case "set" -> parseSet(line);
      case "macro" -> parseMacro(line);
      case "call" -> parseCall(line);
      case "filter" -> parseFilter(line);
      case "with" -> parseWith(line);
      case "generation" -> {
        endTag();
        yield new Statement.Scoped(bodyUntil("endgeneration"), line);
      }
      case "break", "continue" -> {
        if (loops == 0) {
          throw TemplateException.at(line, "'" + tag + "' stands outside a loop");
        }
        endTag();
        yield tag.equals("break") ? new Statement.Break(line) : new Statement.Continue(line);
      }
      case "block", "extends", "include", "import", "from", "autoescape" ->
          throw TemplateException.at(line, "the tag '" + tag + "' is not for chat templates");
      default -> throw TemplateException.at(line, "unknown tag '" + tag + "'");
    };
  }

  private void endTag() {
    tokens.expect(Kind.BLOCK_END, "the end of the tag");
  }

  /** A body and the tag that ends it. */
  private List<Statement> bodyUntil(String end) {
    int line = tokens.peek().line();
    List<Statement> body = parseBody(Set.of(end));
    openTag(line, end);
    tokens.expectName(end);
    endTag();
    return body;
  }

  private void openTag(int line, String wanted) {
    if (tokens.peek().kind() != Kind.BLOCK_BEGIN) {
      throw TemplateException.at(line, "the tag has no '" + wanted + "'");
    }
    tokens.next();
  }

  private Statement parseIf(int line) {
    List<Statement.Branch> branches = new ArrayList<>();
    while (true) {
      Expression condition = expressions.parseTuple(false);
      endTag();
      List<Statement> body = parseBody(Set.of("elif", "else", "endif"));
      branches.add(new Statement.Branch(condition, body));
      openTag(line, "endif");
      String tag = tokens.expectName();
      if (tag.equals("elif")) {
        continue;
      }
      endTag();
      List<Statement> otherwise = tag.equals("else") ? bodyUntil("endif") : List.of();
      return new Statement.If(branches, otherwise, line);
    }
  }

  private Statement parseFor(int line) {
    Target target = parseTargets();
    tokens.expectName("in");
    Expression items = expressions.parseTuple(false);
    Expression condition = tokens.acceptName("if") ? expressions.parse() : null;
    boolean recursive = tokens.acceptName("recursive");
    endTag();
    loops++;
    List<Statement> body = parseBody(Set.of("else", "endfor"));
    loops--;
    openTag(line, "endfor");
    boolean hasElse = tokens.expectName().equals("else");
    endTag();
    List<Statement> otherwise = hasElse ? bodyUntil("endfor") : List.of();
    return new Statement.For(target, items, condition, recursive, body, otherwise, line);
  }

  private Statement parseSet(int line) {
    Target target = parseTargets();
    if (tokens.acceptOperator("=")) {
      Expression value = expressions.parseTuple(true);
      endTag();
      return new Statement.Set(target, value, line);
    }
    List<FilterCall> filters = new ArrayList<>();
    while (tokens.acceptOperator("|")) {
      filters.add(parseFilterCall());
    }
    endTag();
    return new Statement.Capture(target, filters, bodyUntil("endset"), line);
  }

  private FilterCall parseFilterCall() {
    return new FilterCall(expressions.parseDottedName(), expressions.optionalArguments());
  }

  private Statement parseFilter(int line) {
    List<FilterCall> filters = new ArrayList<>(List.of(parseFilterCall()));
    while (tokens.acceptOperator("|")) {
      filters.add(parseFilterCall());
    }
    endTag();
    return new Statement.FilterBlock(filters, bodyUntil("endfilter"), line);
  }

  private Statement parseMacro(int line) {
    String name = tokens.expectName();
    return new Statement.Macro(parseMacroBody(name, "endmacro"), line);
  }

  private Statement parseCall(int line) {
    List<Parameter> parameters =
        tokens.peek().isOperator("(") ? parseParameters() : List.<Parameter>of();
    if (!(expressions.parse() instanceof Expression.Call call)) {
      throw TemplateException.at(line, "a call block must call a macro");
    }
    endTag();
    return new Statement.CallBlock(parseMacroRest("caller", parameters, "endcall"), call, line);
  }

  private MacroBody parseMacroBody(String name, String end) {
    List<Parameter> parameters = parseParameters();
    endTag();
    return parseMacroRest(name, parameters, end);
  }

  private MacroBody parseMacroRest(String name, List<Parameter> parameters, String end) {
    int outerLoops = loops;
    loops = 0;
    Set<String> outer = tokens.beginNames();
    List<Statement> body = bodyUntil(end);
    Set<String> read = tokens.endNames(outer);
    loops = outerLoops;
    return new MacroBody(name, parameters, body, read.contains("varargs"), read.contains("kwargs"));
  }

  private List<Parameter> parseParameters() {
    tokens.expectOperator("(");
    List<Parameter> parameters = new ArrayList<>();
    while (!tokens.acceptOperator(")")) {
      if (!parameters.isEmpty()) {
        tokens.expectOperator(",");
      }
      String name = tokens.expectName();
      Expression fallback = tokens.acceptOperator("=") ? expressions.parse() : null;
      parameters.add(new Parameter(name, fallback));
    }
    return parameters;
  }

  private Statement parseWith(int line) {
    List<Target> targets = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (tokens.peek().kind() != Kind.BLOCK_END) {
      if (!targets.isEmpty()) {
        tokens.expectOperator(",");
      }
      targets.add(parseTarget());
      tokens.expectOperator("=");
      values.add(expressions.parse());
    }
    endTag();
    return new Statement.With(targets, values, bodyUntil("endwith"), line);
  }

  /** One target, or several with commas between. */
  private Target parseTargets() {
    Target first = parseTarget();
    if (!tokens.peek().isOperator(",")) {
      return first;
    }
    List<Target> targets = new ArrayList<>(List.of(first));
    while (tokens.acceptOperator(",")
        && (tokens.peek().kind() == Kind.NAME || tokens.peek().isOperator("("))
        && !tokens.peek().isName("in")) {
      targets.add(parseTarget());
    }
    return new Target.Unpacked(targets);
  }

  private Target parseTarget() {
    if (tokens.acceptOperator("(")) {
      tokens.enter();
      Target inner = parseTargets();
      tokens.leave();
      tokens.expectOperator(")");
      return inner;
    }
    String name = tokens.expectName();
    if (Set.of("true", "false", "none", "True", "False", "None").contains(name)) {
      throw tokens.error("'" + name + "' cannot be assigned to");
    }
    return tokens.acceptOperator(".")
        ? new Target.OfNamespace(name, tokens.expectName())
        : new Target.Variable(name);
  }
}
