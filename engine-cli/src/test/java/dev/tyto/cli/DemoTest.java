package dev.tyto.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The commands with the demo model, against the reference results in its golden.json. */
class DemoTest {
  private static final String ONCE =
      " there lived a king who had a son who was so fond of his father and mother that he was very"
          + " fond of his mother and mother, and he was so fond of his mother that he loved her"
          + " dearly, and he loved her dearly, and was very happy.\n"
          + "One day, when he was out hunting";
  private static final String STORY =
      "There was once a king who had three sons. The eldest was called Frederick, and he was so"
          + " fond of his sons that he was obliged to go out into the world to seek his fortune.\n"
          + "The eldest son was very angry at this, and said to him, 'I will go and seek my";

  @Test
  void generatePrintsTheContinuationAndNothingElse() {
    Run run = run("generate --temperature 0 --kv-dtype f32 --max-tokens 64", "Once upon a time");
    assertEquals(0, run.code(), run.err());
    assertEquals(ONCE + "\n", run.out());
    assertEquals(1, run.errLines().size(), run.err());
    assertTrue(
        run.err()
            .matches(
                "tyto: prompt 5 tokens, [0-9.]+ tokens/s; generated 64 tokens, [0-9.]+ tokens/s;"
                    + " stopped after --max-tokens 64\n"),
        run.err());
  }

  @Test
  void generateReadsThePromptFromStandardInput() {
    Run run =
        Run.withInput(
            Models.real(),
            "Once upon a time",
            "generate --quiet --temperature 0 --kv-dtype f32 -n 3 --threads 1 -".split(" "));
    assertEquals(new Run(0, " there lived a\n", ""), run);
  }

  @Test
  void stopStringsEndTheText() {
    Run run = run("generate -q --temperature 0 --kv-dtype f32 --stop king", "Once upon a time");
    assertEquals(new Run(0, " there lived a \n", ""), run);
  }

  @Test
  void theDrawnSeedRepeatsTheText() {
    Run first = run("generate -n 12", "Once upon a time");
    String seed = first.errLines().getFirst();
    assertTrue(seed.matches("tyto: seed \\d+"), first.err());
    Run again = run("generate -q -n 12 --seed " + seed.substring(11), "Once upon a time");
    assertEquals(new Run(0, first.out(), ""), again);
  }

  @Test
  void logprobsGoToStandardError() {
    Run run =
        run("generate -q --temperature 0 -n 2 --logprobs 2 --kv-dtype f32", "Once upon a time");
    assertEquals(" there lived\n", run.out());
    List<String> lines = run.errLines();
    assertEquals(2, lines.size(), run.err());
    assertTrue(
        lines.getFirst().matches(" +5 +436 +-0\\.\\d{4}  \" there\" +\\|  \" there\" -0.* -.*"),
        run.err());
  }

  @Test
  void aPromptOverTheContextIsAFailure() {
    Run run = run("generate", "king ".repeat(300));
    assertEquals(1, run.code());
    assertEquals("", run.out());
    assertTrue(
        run.errLines()
            .getLast()
            .matches("tyto: the prompt has \\d+ tokens, but the context holds 256 tokens: .*"),
        run.err());
  }

  @Test
  void chatAnswersLineByLine() {
    Run run =
        Run.withInput(
            Models.real(),
            "Tell me a story.\n\n/reset\nTell me a story.\n/exit\nnot read\n",
            "chat --temperature 0 --kv-dtype f32 -n 64".split(" "));
    assertEquals(0, run.code(), run.err());
    assertEquals(STORY + "\n" + STORY + "\n", run.out());
    assertTrue(
        run.err().matches("(\\[64 tokens, [0-9.]+ tokens/s, --max-tokens reached]\n){2}"),
        run.err());
  }

  @Test
  void chatKeepsTheConversation() {
    Run run =
        Run.withInput(
            Models.real(),
            "Tell me a story.\nTell me a story.\n/history\n",
            "chat --quiet --temperature 0 --kv-dtype f32 -n 10".split(" "));
    List<String> answers = run.out().lines().toList();
    assertEquals("There was once a king who had three sons.", answers.getFirst());
    assertEquals(
        List.of(
            "user: Tell me a story.",
            "assistant: " + answers.getFirst(),
            "user: Tell me a story.",
            "assistant: " + answers.getLast()),
        run.errLines());
  }

  @Test
  void aChatOverTheContextFailsInAScript() {
    Run run =
        Run.withInput(
            Models.real(),
            "Tell me a story.\nTell me a story.\n",
            "chat --quiet --ignore-eos".split(" "));
    assertEquals(1, run.code());
    assertEquals("tyto: the conversation no longer fits the context of the model\n", run.err());
  }

  @Test
  void perplexityFollowsTheRuleOfTheReference() throws URISyntaxException {
    Path text =
        Path.of(Objects.requireNonNull(DemoTest.class.getResource("valid-beginning.txt")).toURI());
    Run run = run("perplexity --tokens 600 --kv-dtype f32 --json --file", text.toString());
    assertEquals(0, run.code(), run.err());
    // The first two windows in golden.json.
    double nll = 719.4847 + 650.7466;
    assertEquals(nll, Double.parseDouble(run.json("nll_sum")), 0.05);
    double perplexity = Math.exp(nll / 510);
    assertEquals(perplexity, Double.parseDouble(run.json("perplexity")), perplexity * 5e-4);
    assertEquals("512", run.json("tokens"));
    assertEquals("510", run.json("predictions"));
    assertEquals("2", run.json("windows"));
    assertEquals("256", run.json("context"));
  }

  @Test
  void benchMeasures() {
    Run run = run("bench -p 16 -n 8 -r 2 --warmup 0", "--json");
    assertEquals(0, run.code(), run.err());
    assertTrue(Double.parseDouble(run.json("prefill_tokens_per_second")) > 0);
    assertTrue(Double.parseDouble(run.json("decode_tokens_per_second")) > 0);
  }

  private static Run run(String line, String lastArgument) {
    String[] words = (line + " x").split(" ");
    words[words.length - 1] = lastArgument;
    return Run.of(Models.real(), words);
  }
}
