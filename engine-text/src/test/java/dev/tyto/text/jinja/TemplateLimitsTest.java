package dev.tyto.text.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hostile template costs a bounded amount and reaches nothing. */
@Timeout(600)
class TemplateLimitsTest {
  private static final ZonedDateTime NOW = ZonedDateTime.of(2026, 9, 5, 9, 3, 7, 0, ZoneOffset.UTC);
  private static final Map<String, Object> MESSAGES =
      Map.of(
          "messages",
          List.of(Map.of("role", "user", "content", "{{ 7 * 7 }}")),
          "bos_token",
          "<s>");

  private static String render(String template) {
    return Template.compile(template).render(MESSAGES, () -> NOW);
  }

  /**
   * What has escaped other engines: CVE-2020-12668, CVE-2025-59340, CVE-2026-25526, Jinja2's own.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ''.getClass().forName('java.lang.Runtime').getRuntime().exec('id') }}",
        "{{ 'a'.getClass().forName('javax.script.ScriptEngineManager').newInstance() }}",
        "{{ messages.getClass().getClassLoader() }}",
        "{{ messages.class.classLoader.loadClass('java.lang.System') }}",
        "{{ ____int3rpr3t3r____.config.objectMapper.readValue('{}', 'java.net.URL') }}",
        "{% set om = ____int3rpr3t3r____.getConfig().getObjectMapper() %}{{"
            + " om.enableDefaultTyping() }}",
        "{{ ____int3rpr3t3r____.getContext().getParent() }}",
        "{% for x in"
            + " ____int3rpr3t3r____.config.objectMapper.typeFactory.constructFromCanonical('java.net.URL')"
            + " %}{{ x }}{% endfor %}",
        "{% for k, v in messages.entrySet().iterator().next().getClass() %}{{ k }}{% endfor %}",
        "{{ range.constructor('return 1')() }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ raise_exception.__globals__['os'] }}",
        "{{ namespace.__init__.__globals__ }}",
        "{{ '%s'.format.__self__.__class__.x }}",
        "{{ '{0.__class__.__mro__}'.format('') }}",
        "{{ ''|attr('__class__')|attr('__mro__') }}",
        "{{ 'a'|map('attr', '__class__')|list }}",
        "{{ messages|map(attribute='__class__.__mro__')|list }}",
        "{% include '/etc/passwd' %}",
        "{% import '/etc/passwd' as x %}",
        "{% extends 'file:///etc/passwd' %}",
        "{{ self._TemplateReference__context.x }}",
        "{{ loop.__init__.x }}",
        "{% for x in [1] %}{{ loop.getClass().x }}{% endfor %}",
        "{% macro m() %}{% endmacro %}{{ m.__globals__.x }}",
      })
  void reachesNothing(String template) {
    assertThrows(TemplateException.class, () -> render(template));
  }

  @Test
  void whatAMessageSaysIsNeverATemplate() {
    assertEquals("{{ 7 * 7 }}", render("{{ messages[0].content }}"));
    assertEquals("{{ 7 * 7 }}", render("{% set x %}{{ messages[0].content }}{% endset %}{{ x }}"));
  }

  /** Each would run for ages, or fill the memory, if nothing stopped it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(1000000) %}{% for b in range(1000000) %}{% endfor %}{% endfor %}",
        "{{ range(1000000000000) | length }}",
        "{{ range(0, -1000000000000, -1) | length }}",
        "{{ 'a' * 1000000000000 }}",
        "{{ ('a' * 30000000) * 2 }}",
        "{{ [0] * 1000000000000 }}",
        "{% set ns = namespace(s='aaaaaaaa') %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s"
            + " %}{% endfor %}",
        "{% set ns = namespace(s='aaaaaaaa') %}{% for i in range(100) %}{% set ns.s = ns.s ~ ns.s"
            + " %}{% endfor %}",
        "{% set ns = namespace(s=['a']) %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{%"
            + " endfor %}",
        "{% set ns = namespace(s=['a']) %}{% for i in range(100) %}{% set ns.s = [ns.s, ns.s] %}{%"
            + " endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=['a']) %}{% for i in range(100) %}{% set ns.s = [ns.s, ns.s] %}{%"
            + " endfor %}{{ ns.s | tojson }}",
        "{% set ns = namespace(a=[1], b=[1]) %}{% for i in range(100) %}{% set ns.a = [ns.a, ns.a]"
            + " %}{% set ns.b = [ns.b, ns.b] %}{% endfor %}{{ ns.a == ns.b }}",
        "{% set ns = namespace(s=1) %}{% for i in range(100000) %}{% set ns.s = [ns.s] %}{% endfor"
            + " %}{{ ns.s }}",
        "{% set ns = namespace(s=1) %}{% for i in range(100000) %}{% set ns.s = [ns.s] %}{% endfor"
            + " %}{{ ns.s | tojson }}",
        "{% set ns = namespace(a=1, b=1) %}{% for i in range(100000) %}{% set ns.a = [ns.a] %}{%"
            + " set ns.b = [ns.b] %}{% endfor %}{{ ns.a == ns.b }}",
        "{% set ns = namespace(a=1, b=2) %}{% for i in range(100000) %}{% set ns.a = (ns.a,) %}{%"
            + " set ns.b = (ns.b,) %}{% endfor %}{{ ns.a < ns.b }}",
        "{% set ns = namespace(a=1) %}{% for i in range(100000) %}{% set ns.a = (ns.a,) %}{% endfor"
            + " %}{{ {ns.a: 1} }}",
        "{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}",
        "{% macro a() %}{% call b() %}{% endcall %}{% endmacro %}{% macro b() %}{{ a() }}{%"
            + " endmacro %}{{ a() }}",
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60)"
            + " }}",
        "{% for x in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}",
        "{% for i in range(1000000) %}{% set x = ('a' * 1000000) %}{% endfor %}",
        "{% set s = 'a' * 1000000 %}{% for i in range(100000) %}{% set x = s.split('b') %}{% endfor"
            + " %}",
        "{% set s = 'a' * 1000000 %}{% for i in range(100000) %}{% set x = s.find('b') %}{% endfor"
            + " %}",
        "{% set s = 'a' * 1000000 %}{% for i in range(100000) %}{% if 'b' in s %}{% endif %}{%"
            + " endfor %}",
        "{% set s = 'a' * 1000000 %}{% for i in range(100000) %}{% set x = s | upper %}{% endfor"
            + " %}",
        "{% set s = 'a' * 1000000 %}{% for i in range(100000) %}{% set x = s[::-1] %}{% endfor %}",
        "{% set s = 'a' * 1000000 %}{% for i in range(1000000) %}{{ s[500000] }}{% endfor %}",
        "{% set s = 'a' * 1000000 %}{% for i in range(1000000) %}{% set x = s | length %}{% endfor"
            + " %}",
        "{% set s = 'a' * 1000000 %}{% for i in range(1000000) %}{{ s | wordcount }}{% endfor %}",
        "{{ ('a' * 1000000).replace('a', 'b' * 1000000) }}",
        "{{ ('a' * 1000000).replace('', 'b' * 1000000) }}",
        "{{ ('b' * 1000000).join('a' * 1000000) }}",
        "{{ ('\\n' * 1000000) | indent(1000000, blank=true) }}",
        "{{ 'a' | indent(1000000000, true) }}",
        "{{ '%9999999999s' % 'a' }}",
        "{% for i in range(1000000) %}{{ '%9999s' % 'a' }}{% endfor %}",
        "{{ [1] | batch(1000000000, 0) }}",
        "{{ [1] | slice(1000000000) }}",
        "{{ 9999999999 ** 9999999999 }}",
        "{{ 2 ** 64 }}",
        "{{ 9223372036854775807 + 1 }}",
        "{{ -9223372036854775807 - 2 }}",
        "{{ range(3) | map('map', 'map') | list }}",
      })
  void stopsAtItsLimits(String template) {
    assertThrows(TemplateException.class, () -> render(template));
  }

  @Test
  void deepSourcesAreRefusedByTheParser() {
    for (String part : new String[] {"(", "[", "{1:", "not ", "-", "a(", "a[", "a if b else "}) {
      String source = "{{ " + part.repeat(20_000) + " }}";
      assertThrows(TemplateException.class, () -> Template.compile(source), part);
    }
    for (String part :
        new String[] {"+ 1 ", ".a", "[0]", "|e", "()", "or 1 ", "is none ", "** 1 "}) {
      String source = "{{ 1 " + part.repeat(20_000) + " }}";
      assertThrows(TemplateException.class, () -> Template.compile(source), part);
    }
    for (String tag : new String[] {"if 1", "for x in y", "set x", "with", "filter e"}) {
      String source = "{% " + tag.concat(" %}").concat("{% " + tag + " %}").repeat(5_000);
      assertThrows(TemplateException.class, () -> Template.compile(source), tag);
    }
    String targets = "{% for " + "(".repeat(20_000) + "x";
    assertThrows(TemplateException.class, () -> Template.compile(targets));
  }

  @Test
  void sourcesAreBoundedInLength() {
    String source = "a".repeat(Template.MAX_SOURCE_LENGTH + 1);
    assertThrows(TemplateException.class, () -> Template.compile(source));
  }

  @Test
  void theLimitOfDepthFitsASmallStack() throws InterruptedException {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    String source =
        "{% macro m(n) %}{% if true %}{{ (m(n + 1)) }}{% endif %}{% endmacro %}{{ m(0) }}";
    Thread thread = new Thread(null, () -> render(source), "small", 512 * 1024);
    thread.setUncaughtExceptionHandler((t, e) -> thrown.set(e));
    thread.start();
    thread.join();
    assertTrue(thrown.get() instanceof TemplateException, String.valueOf(thrown.get()));
    assertTrue(thrown.get().getMessage().contains("nested over the limit"), thrown.get()::toString);
  }

  @Test
  void aLongConversationIsFarFromTheLimits() {
    String content = "word ".repeat(200_000);
    List<Map<String, String>> messages =
        java.util.stream.IntStream.range(0, 400)
            .mapToObj(
                i ->
                    Map.of(
                        "role",
                        i % 2 == 0 ? "user" : "assistant",
                        "content",
                        i == 7 ? content : "short " + i))
            .toList();
    String template =
        "{% for m in messages %}{% set c = m.content %}{% if '</think>' in c %}{% set c ="
            + " c.split('</think>')[-1] %}{% endif %}<|{{ m.role }}|>{{ c | trim }}{% if loop.last"
            + " %}.{% endif %}{% endfor %}";
    String text = Template.compile(template).render(Map.of("messages", messages), () -> NOW);
    assertTrue(text.length() > content.length());
    assertTrue(text.endsWith("<|assistant|>short 399."));
  }

  @Test
  void errorsNameTheLine() {
    assertEquals(
        "line 3: 'nope' is undefined",
        assertThrows(TemplateException.class, () -> render("a\nb\n{{ nope.x }}")).getMessage());
    assertEquals(
        "line 2: unknown tag 'frob'",
        assertThrows(TemplateException.class, () -> render("\n{% frob %}")).getMessage());
    assertEquals(
        "line 4: no filter is named 'frob'",
        assertThrows(
                TemplateException.class,
                () ->
                    render(
                        """
                        {% for m in messages %}

                        {% if true %}
                        {{ 1|frob }}{% endif %}{% endfor %}\
                        """))
            .getMessage());
  }

  @Test
  void raisedErrorsAreTheTemplatesOwnWords() {
    TemplateException e =
        assertThrows(
            TemplateException.class, () -> render("\n{{ raise_exception('no system role') }}"));
    assertTrue(e.isRaised());
    assertEquals("no system role", e.getMessage());
    assertFalse(assertThrows(TemplateException.class, () -> render("{{ x.y }}")).isRaised());
  }

  @Test
  void strftimeFormatsAsC() {
    assertEquals("05 Sep 2026", render("{{ strftime_now('%d %b %Y') }}"));
    assertEquals(
        "Saturday, 5 September 2026, 09:03:07 AM, 248, 9:3",
        render("{{ strftime_now('%A, %-d %B %Y, %I:%M:%S %p, %j, %-H:%-M') }}"));
    assertEquals(
        "2026-09-05 09/05/26 Sat +0000 6 100%",
        render("{{ strftime_now('%F %D %a %z %w 100%%') }}"));
  }
}
