package dev.tyto.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.core.ModelException;
import dev.tyto.loader.LoadException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user sees when something is wrong: one line, and an exit code. */
class UsageTest {
  private final FakeModels models = new FakeModels();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          generat                          | no command 'generat', did you mean 'generate'? (see 'tyto --help')
          xyzzy -m d                       | no command 'xyzzy' (see 'tyto --help')
          generate                         | Missing required parameter: 'PROMPT' (see 'tyto generate --help')
          generate Once upon a time        | the prompt is one argument: put it in quotes (see 'tyto generate --help')
          generate x --foo                 | no option --foo (see 'tyto generate --help')
          generate x --threads many        | Invalid value for option '--threads': 'many' is not an int (see 'tyto generate --help')
          generate x --threads 0           | --threads: threads is 0, but must be 1..1024
          generate x --kv-dtype f16        | Invalid value for option '--kv-dtype': 'f16' is not f32 or bf16 (see 'tyto generate --help')
          generate x --context -1          | --context is -1, but must be at least 0
          help xyzzy                       | no command 'xyzzy'
          info extra                       | nothing expected at 'extra' (see 'tyto info --help')
          logits --tokens 1                | Missing required option: '--out=FILE' (see 'tyto logits --help')
          logits --tokens 1,x --out o      | --tokens: 'x' is not a token id
          logits --tokens 1,-2 --out o     | --tokens: '-2' is not a token id
          logits --tokens 1,11 --out o     | --tokens: 11 is not in the vocabulary of 11 tokens
          logits --tokens , --out o        | --tokens: no token ids
          bench -p 300                     | -p is 300, but the model's context holds at most 299
          bench -n 1000                    | -n is 1000, but the model's context holds at most 299
          bench -p 0 -n 0                  | -p and -n are both 0: there is nothing to measure
          bench -r 0                       | --repetitions is 0, but must be at least 1
          perplexity                       | Missing required option: '--file=F' (see 'tyto perplexity --help')
          """)
  void usageErrorIsOneLineAndTwo(String line, String message) {
    Run run = Run.of(models, line.split(" +"));
    assertEquals(List.of("tyto: " + message), run.errLines());
    assertEquals(2, run.code());
    assertEquals("", run.out());
  }

  @Test
  void perplexityWindowMustFitTheModel(@org.junit.jupiter.api.io.TempDir Path folder)
      throws Exception {
    Path text = java.nio.file.Files.writeString(folder.resolve("t.txt"), "text");
    Run run = Run.of(models, "perplexity", "--file", text.toString(), "--context", "301");
    assertEquals("tyto: --context is 301, but the model's context has 300 tokens\n", run.err());
    assertEquals(2, run.code());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          info --model no/such/folder         | no/such/folder: no such folder
          info --model pom.xml                | pom.xml: not a folder: --model takes the folder that holds config.json
          perplexity --file no/such.txt       | no/such.txt: no such file
          generate x                          | demo/tokenizer.json: no such file
          """)
  void failureIsOneLineAndOne(String line, String message) {
    Run run = Run.of(models, line.split(" +"));
    assertEquals(List.of("tyto: " + message), run.errLines());
    assertEquals(1, run.code());
  }

  @Test
  void engineErrorsAreToldAsTheyAre() {
    models.failure = new LoadException(Path.of("d/config.json"), "no field hidden_size");
    assertEquals("tyto: d/config.json: no field hidden_size\n", Run.of(models, "info").err());
    models.failure = new ModelException("a logit is not a number");
    assertEquals("tyto: a logit is not a number\n", Run.of(models, "info").err());
  }

  @Test
  void unexpectedErrorsAreCalledBugs() {
    models.failure = new NullPointerException("oops");
    Run run = Run.of(models, "info");
    assertEquals(
        "tyto: java.lang.NullPointerException: oops (this is a bug in tyto; --debug prints the"
            + " trace)\n",
        run.err());
    assertEquals(1, run.code());
  }

  @Test
  void debugPrintsTheTrace() {
    models.failure = new LoadException(Path.of("d/config.json"), "no field hidden_size");
    for (String[] args : new String[][] {{"--debug", "info"}, {"info", "--debug"}}) {
      Run run = Run.of(models, args);
      assertEquals("tyto: d/config.json: no field hidden_size", run.errLines().getFirst());
      assertEquals(
          "dev.tyto.loader.LoadException: d/config.json: no field hidden_size",
          run.errLines().get(1));
      assertTrue(run.errLines().get(2).startsWith("\tat dev.tyto.cli"), run.err());
      assertEquals(1, run.code());
    }
  }

  @Test
  void anErrorOfTheJvmIsAFailureToo() {
    models.failure = new OutOfMemoryError("Java heap space");
    Run run = Run.of(models, "info");
    assertTrue(run.err().startsWith("tyto: out of memory (Java heap space)"), run.err());
    assertEquals(1, run.errLines().size());
    assertEquals(1, run.code());
  }

  @Test
  void noCommandPrintsTheHelpAsAnError() {
    Run run = Run.of(models);
    assertEquals(2, run.code());
    assertEquals("", run.out());
    assertTrue(run.err().startsWith("Usage: tyto"), run.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"generate", "chat", "info", "perplexity", "logits", "bench", "completion"})
  void everyCommandHasHelpWithExamples(String command) {
    Run run = Run.of(models, command, "--help");
    assertEquals(0, run.code());
    assertEquals("", run.err());
    assertTrue(run.out().startsWith("Usage: tyto " + command), run.out());
    assertTrue(run.out().contains("Example"), run.out());
    assertTrue(run.out().lines().allMatch(l -> l.length() <= 80), run.out());
    assertTrue(Run.of(models, "--help").out().contains("  " + command + " "));
    assertEquals(run, Run.of(models, "help", command));
  }

  @ParameterizedTest
  @ValueSource(strings = {"generate", "chat", "perplexity", "logits", "bench"})
  void everyCommandThatRunsAModelTakesThreadsAndKvDtype(String command) {
    String help = Run.of(models, command, "--help").out();
    assertTrue(help.contains("--threads=N"), help);
    assertTrue(help.contains("--kv-dtype=f32|bf16"), help);
  }

  @Test
  void versionNamesTytoJavaAndKernels() {
    Run run = Run.of(models, "--version");
    assertEquals(0, run.code());
    List<String> lines = run.out().lines().toList();
    assertTrue(lines.get(0).matches("tyto \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?"), run.out());
    assertTrue(lines.get(1).startsWith("Java " + Runtime.version().feature()), run.out());
    assertTrue(lines.get(2).startsWith("kernels "), run.out());
  }

  @Test
  void completionKnowsCommandsAndValues() {
    Run run = Run.of(models, "completion");
    assertEquals(0, run.code());
    assertTrue(run.out().startsWith("#!/usr/bin/env bash"), run.out());
    assertTrue(run.out().contains("perplexity"), run.out());
    assertTrue(run.out().contains("\"f32\"") || run.out().contains("f32 "), run.out());
  }

  @Test
  void numbersDoNotDependOnTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      String german = Run.of(models, "info").out().replaceAll("(?m)^  (this|what).*", "");
      Locale.setDefault(Locale.ROOT);
      assertEquals(Run.of(models, "info").out().replaceAll("(?m)^  (this|what).*", ""), german);
      assertTrue(german.contains("12,345,678, 2,345,678 active per token (19.0 %)"), german);
    } finally {
      Locale.setDefault(before);
    }
  }
}
