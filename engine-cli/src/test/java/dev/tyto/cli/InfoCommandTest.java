package dev.tyto.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.core.CacheDtype;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class InfoCommandTest {
  @Test
  void jsonHasStableKeys() {
    Run run = Run.of(new FakeModels(), "info", "--json");
    assertEquals(0, run.code(), run.err());
    assertEquals("\"deepseek_v3\"", run.json("model_type"));
    assertEquals("12345678", run.json("total_parameters"));
    assertEquals("2345678", run.json("active_parameters"));
    assertEquals("3145728", run.json("weight_bytes"));
    assertEquals("1000", run.json("kv_bytes_per_token_bf16"));
    assertEquals("2048000", run.json("kv_bytes_per_1k_tokens_f32"));
    assertEquals("true", run.json("weights_fit"));
  }

  @Test
  void whatFitsIsToldInTokensAndSessions() {
    String text = report(new MachineMemory(10 << 20, 4 << 20));
    assertTrue(text.contains("the weights and 1,048 tokens of bf16 KV cache: 3 sessions"), text);
    assertTrue(text.contains("KV cache bf16"), text);
    assertTrue(text.contains("1000.0 KiB per 1k tokens"), text);
  }

  @Test
  void aModelThatDoesNotFitSaysHowMuchIsMissing() {
    String text = report(new MachineMemory(10 << 20, 1 << 20));
    assertTrue(text.contains("the weights do not: 2.00 MiB are missing"), text);
  }

  @Test
  void lessThanOneSessionIsToldToo() {
    MemoryPlan plan =
        MemoryPlan.of(FakeModels.info(Path.of("m")), new MachineMemory(1 << 30, (3 << 20) + 2500));
    assertEquals(2, plan.tokensThatFit(CacheDtype.BF16));
    assertEquals(1, plan.tokensThatFit(CacheDtype.F32));
    String text = new InfoReport(FakeModels.info(Path.of("m")), plan).toText();
    assertTrue(text.contains("2 tokens of bf16 KV cache: less than one session"), text);
  }

  @Test
  void thisMachineHasMemory() {
    MachineMemory memory = MachineMemory.read();
    assertTrue(memory.total() > 1 << 28);
    assertTrue(memory.available() > 0 && memory.available() <= memory.total());
  }

  private static String report(MachineMemory machine) {
    var info = FakeModels.info(Path.of("m"));
    String text = new InfoReport(info, MemoryPlan.of(info, machine)).toText();
    assertFalse(text.endsWith("\n"));
    return text;
  }
}
