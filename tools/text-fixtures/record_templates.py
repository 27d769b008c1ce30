"""Records what Hugging Face's own code renders, as the fixture of TemplateReferenceTest.

python3 -m venv /tmp/venv && /tmp/venv/bin/pip install transformers jinja2 tokenizers
/tmp/venv/bin/python tools/text-fixtures/record_templates.py
"""

import json
import pathlib

import jinja2
import transformers
from transformers.utils.chat_template_utils import _compile_jinja_template

HERE = pathlib.Path(__file__).parent
OUT = HERE / "../../engine-text/src/test/resources/templates"

U = lambda t: {"role": "user", "content": t}
A = lambda t: {"role": "assistant", "content": t}
S = lambda t: {"role": "system", "content": t}
TALK = [S("Be brief."), U("Hi  there"), A("Hello!\n"), U(" {{ 7 * 7 }} {% raw %} 'quoted' \"double\" <b>&amp;</b> \\n é 😀\n")]
TURN = [U("Hi"), A("<think>\nhm\n</think>\n\nHello"), U("More")]

EXPRESSIONS = r"""
1 + 2 * 3
(1 + 2) * 3
7 // 2
-7 // 2
7 / 2
7 % 3
-7 % 3
2 ** 3 ** 2
-2 ** 2
1.5 + 1
10 / 5
1 ~ 'a' ~ 2.0 ~ none ~ true
'a' * 3
'a' 'b'
not 1 == 2
not true and false
not false or true
not x is defined
not messages
not 'a' in 'abc'
'a' not in 'abc'
'a' in ['a', 'b']
'role' in messages[0]
'nope' in messages[0]
1 < 2 < 3
1 < 2 and 3 > 4
1 if true else 2
1 if false
'x' if 1 > 2 else 'y' if 2 > 3 else 'z'
('x' if true else 'y') + 'z'
'a' or 'b'
'' or 'b'
none or 0
'a' and 'b'
none
true
True
None
[1, 'a', none, true, 1.0]
(1, 2)
(1,)
{'a': 1, 'b': [1, 2]}
{}
[]
messages[0].role
messages[0]['role']
messages[-1].role
messages[1:3] | length
messages[::-1][0].role
messages[:-1] | length
messages[1:]|map(attribute='role')|join(',')
'hello'[1:3]
'hello'[::-1]
'hello'[-1]
'hello'[1]
messages[99] is defined
messages[0].nope is defined
messages[0].nope
nope is defined
nope
nope is undefined
nope is none
nope | default('d')
none | default('d')
none | default('d', true)
'' | default('d', true)
messages is iterable
messages is sequence
messages[0] is mapping
messages[0] is iterable
'a' is string
1 is string
1 is number
1.0 is number
true is number
true is boolean
1 is integer
1.0 is integer
1.0 is float
true is integer
none is none
none is not none
1 is even
1 is odd
4 is divisibleby(2)
4 is divisibleby 2
1 is eq 1
1 is ne 1
2 is gt 1
2 is in [1, 2]
'a' is in 'abc'
1 is not in [1, 2]
true is true
1 is true
false is false
'a' is sameas 'a'
'AB' is upper
'ab' is lower
raise_exception is callable
not nope is defined and true
nope is not defined
'  a b '.strip() ~ '|'
'xxaxx'.strip('x')
'xxaxx'.lstrip('x')
'xxaxx'.rstrip('x')
'a,b,,c'.split(',')
' a  b '.split()
'a,b,c'.split(',', 1)
'a,b,c'.rsplit(',', 1)
'a</think>b'.split('</think>')[-1]
'a</think>b'.split('</think>')[0].rstrip('\n').split('<think>')[-1].lstrip('\n')
'abc'.startswith('ab')
'abc'.endswith('bc')
'abc'.startswith(('x', 'a'))
'abc'.upper()
'ABC'.lower()
'hello world'.title()
'hELLO'.capitalize()
'a-b-c'.replace('-', '+')
'a-b-c'.replace('-', '+', 1)
'abcabc'.find('c')
'abc'.find('z')
'abcabc'.count('b')
'abc'.removeprefix('a')
'abc'.removesuffix('c')
','.join(['a', 'b'])
'123'.isdigit()
'abc'.isalpha()
'a\nb'.splitlines()
'%s and %s' % ('a', 1)
'{} {}'.format('a', 1)
messages[0].items() | list
messages[0].keys() | list
messages[0].values() | list
messages[0].get('role')
messages[0].get('nope')
messages[0].get('nope', 'd')
{'b': 1, 'a': 2} | dictsort
messages[0] | items | list
{'b': 1, 'a': 2} | list
'a b' | upper
'A B' | lower
'  a ' | trim ~ '|'
'xax' | trim('x')
'hello world' | title
'hello' | capitalize
'a-b' | replace('-', '+')
[1, 2, 3] | length
'abc' | count
[1, 2, 3] | first
[1, 2, 3] | last
[] | first is defined
[3, 1, 2] | sort
[3, 1, 2] | sort(reverse=true)
['b', 'A', 'c'] | sort
[1, 2, 2, 3] | unique | list
[1, 2, 3] | reverse | list
'abc' | reverse
[1, 2, 3] | sum
[1, 2, 3] | max
[1, 2, 3] | min
'abc' | list
[1, 2] | join
[1, 2] | join('-')
messages | map(attribute='role') | list
messages | map(attribute='nope', default='d') | list
['a', 'b'] | map('upper') | list
messages | selectattr('role', 'equalto', 'user') | list | length
messages | selectattr('role', '==', 'user') | map(attribute='content') | first
messages | rejectattr('role', 'equalto', 'user') | list | length
messages | selectattr('nope') | list
messages | selectattr('nope', 'defined') | list | length
[1, 0, 2] | select | list
[1, 2, 3, 4] | select('even') | list
[1, 2, 3] | reject('odd') | list
'3' | int + 1
'x' | int
'x' | int(7)
3.7 | int
'3.5' | float
3 | string ~ 'x'
-3 | abs
3.567 | round(1)
3.5 | round
'<b>' | e
'<b>' | escape
'<b>' | safe
'a\nb' | indent
'a\nb' | indent(2, true)
'a\n\nb' | indent(2, blank=true)
{'a': 1, 'b': [1, 'é<', true, none, 1.5]} | tojson
{'a': 1, 'b': [1, {'c': []}, {}]} | tojson(indent=2)
{'a': 1} | tojson(separators=(',', ':'))
{'b': 1, 'a': 2} | tojson(sort_keys=true)
'a"b\\c\n/\u2028' | tojson
messages[0] | tojson
none | tojson
'a b c' | wordcount
[1,2,3,4,5] | batch(2) | list
[1,2,3,4,5] | slice(2) | list
messages | groupby('role') | map('first') | list
{'a': {'b': 1}}.a.b
{'a': {'b': 1}}['a']['b']
{1: 'x'}[1]
range(3) | list
range(1, 4) | list
range(5, 0, -2) | list
dict(a=1, b=2)
namespace(a=1).a
'a' == "a"
1 == 1.0
1 == '1'
'a' < 'b'
[1] + [2]
[1] == [1]
{'a': 1} == {'a': 1}
true + 1
"it's"
'it\'s "x"\\ \n|\t|'
'\x41\u00e9'
1e3
1_000
0x1F
0.1 + 0.2
1e20
1e16
100000.0
0.00001
-1
+1
- -1
(messages | length) - 1
messages|length - 1
loop is defined
1 in {1: 2}
bos_token + eos_token
add_generation_prompt
'a' ~ ('b' if add_generation_prompt else '')
'x' ~ nope ~ 'y'
['a', ['b', {'c': "it's"}]]
'a\tb\\'
[ "é😀\n" ]
"%.2f" | format(3.14159)
strftime_now('%%')
'%05d|%x|%-4s|%4s|%%' % (42, 255, 'a', 'b')
1 is foo
1 | foo
foo(1)
'a' + 1
1 + none
messages.append(1)
messages[0].update({'a': 1})
{}.pop('a')
nope.x
nope['x']
nope + 'a'
none.x is defined
1 / 0
'a'[0][0]
(1, 2)[1]
'abc'.foo()
''.__class__
''.__class__.__mro__
messages.__class__
1 if nope else 2
nope == 'a'
nope != 'a'
not nope
'a' in nope
nope | length
nope | join
[nope] | list | length
raise_exception('refused: ' ~ 1)
strftime_now('x')
""".strip("\n").split("\n")

TEMPLATES = {
    "plain": "{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}",
    "trim_blocks": "{% for m in messages %}\n{{ m.role }}\n{% endfor %}\nend\n",
    "lstrip_blocks": "a\n    {% if true %}\n  b\n    {% endif %}\n  c {% if true %} d {% endif %}\n",
    "trailing_newline": "x\n",
    "two_trailing_newlines": "x\n\n",
    "dash": "a  {%- if true -%}  b  {%- endif -%}  c {{- 'd' -}}  e",
    "plus": "a\n  {%+ if true +%}\n  b\n{% endif %}c",
    "plus_expression": "a {{+ 'b' +}}\n c",
    "minus_newlines": "{%- for m in messages -%}\n\n  {{- m.role }}\n\n{%- endfor -%}\n\n",
    "comment": "a{# hidden {{ x }} #}b {#- trim -#} c\n  {# own line #}\nd",
    "raw": "{% raw %}{{ not }} {% this %}{% endraw %}|{%- raw -%}  x  {%- endraw -%}  y",
    "nested_if": "{% if false %}a{% elif messages|length > 2 %}b{% else %}c{% endif %}",
    "for_else": "{% for m in [] %}x{% else %}none{% endfor %}",
    "for_if": "{% for m in messages if m.role == 'user' %}{{ loop.index }}/{{ loop.length }}:{{ m.content }};{% endfor %}",
    "for_unpack": "{% for k, v in messages[0].items() %}{{ k }}={{ v }};{% endfor %}{% for k in messages[0] %}{{ k }};{% endfor %}",
    "for_unpack_nested": "{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
    "for_tuple": "{% for x in 1, 2, 3 %}{{ x }}{% endfor %}",
    "for_string": "{% for c in 'abc' %}{{ c }}.{% endfor %}",
    "loop": "{% for x in 'abcd' %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.previtem }}{{ loop.nextitem }}{{ loop.depth }}{{ loop.depth0 }}{{ loop.cycle('o', 'e') }}{{ loop.changed(x == 'a') }}\n{% endfor %}",
    "loop_previtem_undefined": "{% for x in 'ab' %}{{ loop.previtem is defined }}{{ loop.nextitem is defined }}{% endfor %}",
    "loop_parent": "{% for x in 'ab' %}{% set outer = loop %}{% for y in 'cd' %}{{ outer.index }}{{ loop.index }} {% endfor %}{% endfor %}",
    "loop_recursive": "{% for x in [{'c': [{'c': []}]}] recursive %}<{{ loop.depth }}{{ loop(x.c) }}>{% endfor %}",
    "break_continue": "{% for x in range(9) %}{% if x == 2 %}{% continue %}{% endif %}{% if x > 4 %}{% break %}{% endif %}{{ x }}{% endfor %}",
    "set_scope": "{% set x = 1 %}{% for i in [1, 2] %}{% set x = x + 1 %}{{ x }}{% endfor %}{{ x }}",
    "set_scope_if": "{% set x = 1 %}{% if true %}{% set x = 2 %}{% endif %}{{ x }}",
    "set_in_loop_undefined": "{% for i in [1] %}{% set y = 5 %}{% endfor %}{{ y is defined }}",
    "set_in_branch": "{% for m in messages %}{% if loop.first %}{% set z = 1 %}{% endif %}{{ z is defined }}{% endfor %}",
    "set_tuple": "{% set a, b = 1, 2 %}{{ b }}{{ a }}",
    "set_block": "{% set x %}a{{ 1 }}\n  b{% endset %}[{{ x }}]",
    "set_block_filter": "{% set x | upper | trim %} abc {% endset %}[{{ x }}]",
    "namespace": "{% set ns = namespace(found=false, n=0) %}{% for m in messages %}{% if m.role == 'user' %}{% set ns.found = true %}{% set ns.n = ns.n + 1 %}{% endif %}{% endfor %}{{ ns.found }}{{ ns.n }}",
    "namespace_undefined": "{% set ns = namespace() %}{{ ns.x is defined }}",
    "set_not_namespace": "{% set x = {'a': 1} %}{% set x.a = 2 %}{{ x.a }}",
    "macro": "{% macro say(who, what='hi', sep=': ') %}{{ who }}{{ sep }}{{ what }}{% endmacro %}{{ say('a') }}|{{ say('b', 'yo') }}|{{ say('c', sep='-') }}|{{ say(what=1, who=2) }}",
    "macro_missing": "{% macro m(a) %}[{{ a }}{{ a is defined }}]{% endmacro %}{{ m() }}",
    "macro_varargs": "{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, 3, x=4) }}",
    "macro_too_many": "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}",
    "macro_scope": "{% set x = 1 %}{% macro m() %}{{ x }}{% set x = 2 %}{{ x }}{% endmacro %}{{ m() }}{{ x }}",
    "macro_recursion": "{% macro m(n) %}{{ n }}{% if n > 0 %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(5) }}",
    "macro_of_loop": "{% macro m() %}{{ messages|length }}{% endmacro %}{% for i in [1] %}{{ m() }}{% endfor %}",
    "call": "{% macro box(t) %}<{{ t }}>{{ caller() }}</{{ t }}>{% endmacro %}{% call box('b') %}in{{ 1 }}{% endcall %}",
    "call_args": "{% macro each(xs) %}{% for x in xs %}{{ caller(x) }}{% endfor %}{% endmacro %}{% call(x) each([1, 2]) %}({{ x }}){% endcall %}",
    "filter_block": "{% filter upper %}abc{{ 'd' }}{% endfilter %}",
    "with": "{% set a = 0 %}{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}{{ a }}",
    "do": "{% do messages %}",
    "generation": "{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{% endgeneration %}{% endif %}{% endfor %}",
    "concat_in_print": "{{ '<|' ~ messages[0].role ~ '|>' + '\\n' }}",
    "inline_if_print": "{{ 'a' if messages[0].role == 'system' }}{{ 'b' if messages[0].role == 'user' }}",
    "delimiters_in_strings": "{{ '%}' }}{{ '}}' }}{% if '%}' == '%}' %}y{% endif %}{{ {'a': {'b': 1}}['a']['b'] }}{{ {'a':{}} }}",
    "lone_braces": "{ } {  { % } } {{ '{' }}{{ '}' }} #} {",
    "unicode": "{{ 'ü' }}é😀 {{ '日本' | length }} {{ '😀' | length }} {{ 'a😀b'[1] }} {{ 'a😀b'[::-1] }}",
    "newline_in_tag": "{% if\n true\n and\ttrue %}\nx{% endif %}{{\n1\n}}\r\ny",
    "crlf": "a\r\nb\rc\r\n{% if true %}\r\nd{% endif %}\r\n",
    "undefined_silent": "[{{ nope }}]{% for x in nope %}{% endfor %}{% if nope %}{% endif %}",
    "undefined_attribute": "{{ nope.a }}",
    "generation_prompt": "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{{ add_generation_prompt }}{% if add_generation_prompt and not false %}<a>{% endif %}",
    "alternation": "{% for m in messages[1:] %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}{{ m.role }}{% endfor %}",
    "refuses_system": "{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}",
    "last_user": "{% set ns = namespace(last=-1) %}{% for m in messages[::-1] %}{% set index = (messages|length - 1) - loop.index0 %}{% if ns.last < 0 and m.role == 'user' and m.content is string and not (m.content.startswith('<t>') and m.content.endswith('</t>')) %}{% set ns.last = index %}{% endif %}{% endfor %}{{ ns.last }}",
    "think": "{% for m in messages %}{% set content = m.content %}{% if '</think>' in content %}{% set reasoning = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}{% set content = content.split('</think>')[-1].lstrip('\\n') %}R({{ reasoning }}){% endif %}C({{ content }}){% endfor %}",
    "tools_none": "{%- if tools %}T{% else %}N{% endif %}{% if tools is not none %}T{% else %}N{% endif %}",
    "documents": "{{ documents is none }}{{ documents is defined }}",
    "content_parts": "{% for m in messages %}{% if m.content is string %}{{ m.content }}{% else %}{% for c in m.content %}{{ c.text }}{% endfor %}{% endif %}{% endfor %}",
    "strftime": "{% set d = strftime_now('%Y') %}{{ d | length }}{{ strftime_now is defined }}",
    "line_statement": "# for x in y\n## comment\n",
    "unclosed_expression": "{{ 1 ",
    "unclosed_block": "{% if true %}x",
    "unclosed_comment": "a {# b",
    "unexpected_end": "{% endif %}",
    "unknown_tag": "{% frobnicate %}",
    "bad_expression": "{{ 1 + }}",
    "bad_expression_2": "{{ a b }}",
    "bad_string": "{{ 'abc }}",
    "wrong_end": "{% if true %}{% endfor %}",
    "extends": "{% extends 'x' %}",
    "include": "{% include 'x' %}",
    "include_ignore": "{% include 'x' ignore missing %}",
    "import": "{% import 'x' as y %}",
    "break_outside": "{% break %}",
    "loop_outside": "{{ loop.index }}",
}


def environment_render(template, **variables):
    return _compile_jinja_template(template).render(**variables)


def record(template, messages, add, **extra):
    case = {
        "template": template,
        "messages": messages,
        "add_generation_prompt": add,
        "bos_token": extra.get("bos_token", "<s>"),
        "eos_token": extra.get("eos_token", "</s>"),
    }
    variables = dict(
        messages=messages,
        add_generation_prompt=add,
        tools=None,
        documents=None,
        bos_token="<s>",
        eos_token="</s>",
    )
    variables.update(extra)
    try:
        case["output"] = environment_render(template, **variables)
    except Exception as e:  # any refusal counts, the words are Python's own
        case["error"] = type(e).__name__ + ": " + str(e)
    return case


def main():
    cases = []
    for name, template in TEMPLATES.items():
        cases.append({"name": name, **record(template, TURN if name == "think" else TALK, True)})
    for expression in EXPRESSIONS:
        case = record("{{ " + expression + " }}", TALK, True)
        cases.append({"name": "{{ " + expression + " }}", **case})
    deepseek = (OUT / "deepseek-v3.jinja").read_text()
    # The file is what the demo model's tokenizer_config.json holds.
    demo = json.loads(
        (HERE / "../../engine-demo-model/src/main/resources/dev/tyto/demo/fairytale-v3-fp8/tokenizer_config.json").read_text()
    )["chat_template"]
    (OUT / "demo.jinja").write_text(demo)
    for name, template, bos, eos in (
        ("deepseek-v3", deepseek, "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>"),
        ("demo", demo, "<|begin_of_text|>", "<|end_of_text|>"),
    ):
        talks = (TALK, TURN, [U("Hi")], [S("a"), S("b"), U("c")], [])
        for i, talk in enumerate(talks):
            for add in (True, False):
                case = record(template, talk, add, bos_token=bos, eos_token=eos)
                del case["template"]
                cases.append({"name": f"{name} {i} {add}", "file": name + ".jinja", **case})
    document = {
        "recorded_with": {"transformers": transformers.__version__, "jinja2": jinja2.__version__},
        "cases": cases,
    }
    (OUT / "reference.json").write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    print(len(cases), "cases,", sum("error" in c for c in cases), "errors")


if __name__ == "__main__":
    main()
