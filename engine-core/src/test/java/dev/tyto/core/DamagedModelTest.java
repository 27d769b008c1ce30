package dev.tyto.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint in which one token's embedding is not a number. */
class DamagedModelTest {
  private static final Golden GOLDEN = new Golden("v3-tiny-bf16");
  private static final int BAD_TOKEN = 777;

  @TempDir static Path folder;
  private static int[] prompt;

  @BeforeAll
  static void damage() throws IOException {
    try (Stream<Path> files = Files.list(GOLDEN.folder())) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    Pattern embedding =
        Pattern.compile(
            "\"model.embed_tokens.weight\":\\{\"dtype\":\"BF16\",\"shape\":\\[\\d+,(\\d+)\\],"
                + "\"data_offsets\":\\[(\\d+),");
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) bytes.getLong(0);
        String json = new String(bytes.array(), 8, header, StandardCharsets.UTF_8);
        Matcher found = embedding.matcher(json.replace(" ", ""));
        if (found.find()) {
          int width = Integer.parseInt(found.group(1));
          int start = 8 + header + Integer.parseInt(found.group(2));
          bytes.putShort(start + 2 * BAD_TOKEN * width, (short) 0x7FC0);
          Files.write(file, bytes.array());
        }
      }
    }
    int[] all = GOLDEN.prompts().get(2);
    prompt = Arrays.copyOf(all, 40);
    assertTrue(Arrays.stream(prompt).noneMatch(t -> t == BAD_TOKEN));
  }

  @Test
  void theErrorNamesLayerPositionAndTokenAndTheSessionCanGoOn() throws IOException {
    int[] bad = prompt.clone();
    bad[7] = BAD_TOKEN;
    try (Model model = Model.load(folder, LoadOptions.defaults());
        Session session = model.newSession()) {
      ModelException e =
          assertThrows(ModelException.class, () -> session.evaluate(bad, new PassObserver() {}));
      assertTrue(e.getMessage().contains("layer 1"), e.getMessage());
      assertTrue(e.getMessage().contains("position 7"), e.getMessage());
      assertTrue(e.getMessage().contains("token " + BAD_TOKEN), e.getMessage());
      assertEquals(0, model.expertStatistics().rows(), "a pass that failed does not count");

      Generation g = session.generate(new int[0], SamplingOptions.GREEDY, 3, Set.of());
      assertThrows(ModelException.class, g::hasNext);
      assertEquals(FinishReason.FAILED, g.finishReason());
      session.truncate(7);
      assertEquals(
          FinishReason.MAX_TOKENS,
          session.generate(new int[] {3}, SamplingOptions.GREEDY, 3, Set.of()).finishReason());
    }
  }

  /** Sessions that share passes with failing ones: the same tokens as if alone. */
  @Test
  void otherSessionsGoOn() throws Exception {
    try (Model model = Model.load(folder, LoadOptions.defaults().withPrefillChunk(16));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Integer> alone = generate(model);
      model.resetExpertStatistics();
      int good = 4;
      List<Future<List<Integer>>> results = new ArrayList<>();
      List<Future<?>> failures = new ArrayList<>();
      for (int i = 0; i < good; i++) {
        results.add(threads.submit(() -> generate(model)));
        failures.add(threads.submit(() -> failAtOnce(model)));
      }
      for (Future<List<Integer>> result : results) {
        assertEquals(alone, result.get());
      }
      for (Future<?> failure : failures) {
        failure.get();
      }
      // Each row of the good sessions counts once, although passes were run again.
      assertEquals((long) good * (prompt.length + 24 - 1), model.expertStatistics().rows());
    }
  }

  private static List<Integer> generate(Model model) {
    try (Session session = model.newSession()) {
      List<Integer> ids = new ArrayList<>();
      session
          .generate(prompt, SamplingOptions.GREEDY, 24, Set.of())
          .forEachRemaining(token -> ids.add(token.id()));
      return ids;
    }
  }

  private static void failAtOnce(Model model) {
    try (Session session = model.newSession()) {
      for (int i = 0; i < 5; i++) {
        int[] bad = {BAD_TOKEN};
        assertThrows(ModelException.class, () -> session.evaluate(bad, new PassObserver() {}));
        session.truncate(0);
      }
    }
  }
}
