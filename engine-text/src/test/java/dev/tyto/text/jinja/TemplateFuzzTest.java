package dev.tyto.text.jinja;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TemplateFuzzTest {
  private static final ZonedDateTime NOW = ZonedDateTime.of(2026, 9, 5, 9, 3, 7, 0, ZoneOffset.UTC);

  /** Whatever the source, the outcome is a text or a TemplateException. */
  @Property(tries = 3000)
  void anySourceIsHandled(@ForAll("sources") String source) {
    try {
      Template.compile(source)
          .render(Map.of("messages", List.of(Map.of("role", "user", "content", "Hi"))), () -> NOW);
    } catch (TemplateException e) {
      assertFalse(e.getMessage().isEmpty());
    }
  }

  @Provide
  Arbitrary<String> sources() {
    return Arbitraries.of(
            "{{",
            "}}",
            "{%",
            "%}",
            "{#",
            "#}",
            "-",
            "+",
            "{%-",
            "-%}",
            " ",
            "\n",
            "'",
            "\"",
            "\\",
            "if",
            "for",
            "in",
            "x",
            "messages",
            "endif",
            "endfor",
            "else",
            "elif",
            "set",
            "=",
            "==",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ":",
            ",",
            ".",
            "|",
            "length",
            "is",
            "not",
            "defined",
            "1",
            "0.5",
            "~",
            "*",
            "**",
            "/",
            "//",
            "%",
            "macro",
            "endmacro",
            "call",
            "endcall",
            "raw",
            "endraw",
            "'a'",
            "none",
            "true",
            "range",
            "loop",
            "index",
            "recursive",
            "namespace",
            "and",
            "or",
            "filter",
            "endfilter",
            "with",
            "endwith",
            "break",
            "é",
            "😀",
            "\ud83d",
            "join",
            "map",
            "sort",
            "tojson",
            "split",
            "slice",
            "default",
            "<",
            "role")
        .list()
        .ofMaxSize(40)
        .map(parts -> String.join(" ", parts));
  }

  @Property(tries = 2000)
  void anyExpressionIsHandled(@ForAll("sources") String source) {
    anySourceIsHandled("{% for x in messages %}{{ x " + source + " }}{% endfor %}");
  }
}
