package dev.tyto.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BenchCommandTest {
  private final FakeModels models = new FakeModels();

  @Test
  void jsonHasStableKeys() {
    Run run =
        Run.of(
            models,
            "bench",
            "-p",
            "20",
            "-n",
            "10",
            "-r",
            "3",
            "-t",
            "2",
            "--warmup",
            "0",
            "--json");
    assertEquals("", run.err());
    // The fake prefills one token a second, and decodes two.
    assertEquals("1.0", run.json("prefill_tokens_per_second"));
    assertEquals(10 / 5.5, Double.parseDouble(run.json("decode_tokens_per_second")), 1e-12);
    assertEquals("[1.0, 1.0, 1.0]", run.json("prefill_samples"));
    assertEquals("3", run.json("repetitions"));
    assertEquals("20", run.json("prompt_tokens"));
    assertEquals("10", run.json("generate_tokens"));
    assertEquals("2", run.json("threads"));
    assertEquals("\"bf16\"", run.json("kv_dtype"));
    assertEquals("\"demo\"", run.json("model"));
  }

  @Test
  void defaultsAreLoweredToWhatTheContextHolds() {
    Run run = Run.of(models, "bench", "-r", "1", "--warmup", "0", "--kv-dtype", "F32");
    assertEquals("tyto: -p is 299: the model's context holds no more\n", run.err());
    assertTrue(run.out().contains(" pp299 | 1.00 ± 0.00 |"), run.out());
    assertTrue(run.out().contains("  tg64 |"), run.out());
    assertTrue(run.out().contains("| f32 |"), run.out());
    assertEquals(300, Objects.requireNonNull(models.loadedWith).contextLength());
  }

  @Test
  void zeroLeavesATestOut() {
    Run run = Run.of(models, "bench", "-p", "0", "-n", "5", "-r", "1", "--warmup", "0");
    assertEquals(3, run.out().lines().count(), run.out());
    assertTrue(run.out().contains("|  tg5 |"), run.out());
    Run json = Run.of(models, "bench", "-p", "0", "-n", "5", "-r", "1", "--warmup", "0", "--json");
    assertEquals("null", json.json("prefill_tokens_per_second"));
    assertEquals("[]", json.json("prefill_samples"));
  }

  @Test
  void theFigureIsTheMedian() {
    assertEquals(3, new Speeds(List.of(100.0, 1.0, 3.0)).median());
    assertEquals(2, new Speeds(List.of(3.0, 1.0)).median());
    assertEquals(Math.sqrt(2), new Speeds(List.of(3.0, 1.0)).deviation(), 1e-12);
    assertEquals(0, new Speeds(List.of(3.0)).deviation());
  }
}
