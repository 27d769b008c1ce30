/**
 * The Jinja2 that chat templates are written in: the language as Hugging Face's {@code
 * transformers} sets it up (trim_blocks, lstrip_blocks, loop controls), without what a prompt has
 * no use for (inheritance, includes, auto-escaping). Not exported.
 *
 * <p>The way of a template: {@link dev.tyto.text.jinja.Lexer} → {@link
 * dev.tyto.text.jinja.StatementParser} and {@link dev.tyto.text.jinja.ExpressionParser} → {@link
 * dev.tyto.text.jinja.Interpreter} and {@link dev.tyto.text.jinja.Evaluator}, whose every step and
 * allocation is paid from a {@link dev.tyto.text.jinja.Budget}.
 *
 * <p>A template is untrusted. Its values are strings, numbers, booleans, none, lists, tuples,
 * dicts, namespaces and the callables of this package, and nothing here reflects: there is no way
 * from a template to a Java class, a file or a clock other than {@code strftime_now}.
 *
 * <p>Values are {@link String}, {@link Long}, {@link Double}, {@link Boolean}, {@link
 * dev.tyto.text.jinja.None}, {@link dev.tyto.text.jinja.Undefined}, {@link java.util.List}, {@link
 * dev.tyto.text.jinja.Tuple}, {@link java.util.Map}, {@link dev.tyto.text.jinja.Namespace} and
 * {@link dev.tyto.text.jinja.Callable}.
 */
package dev.tyto.text.jinja;
