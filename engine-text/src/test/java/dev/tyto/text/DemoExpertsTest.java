package dev.tyto.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.core.CacheDtype;
import dev.tyto.core.ExpertStatistics;
import dev.tyto.core.LoadOptions;
import dev.tyto.core.Model;
import dev.tyto.core.PassObserver;
import dev.tyto.core.Session;
import dev.tyto.core.balance.LoadBalancer;
import dev.tyto.demo.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The experts of the demo model on its held-out text: counted, and balanced. */
class DemoExpertsTest {
  private static final int WINDOW = 256;
  private static final int WINDOWS = 208;
  private static final int FIRST_HELD_OUT = 156;
  private static final int LAYERS = 5;
  private static final int EXPERTS = 16;

  private static TextModel text;
  private static Model model;
  private static int[] ids;

  @BeforeAll
  static void load() throws IOException {
    LoadOptions options = LoadOptions.defaults().withCacheDtype(CacheDtype.F32);
    text = TextModel.load(DemoModel.folder(), options);
    model = text.model();
    ids = text.tokenizer().encode(Files.readString(resource("valid.txt")), false);
  }

  @AfterAll
  static void close() {
    text.close();
  }

  private static Path resource(String name) {
    return Path.of("src/test/resources/demo", name);
  }

  /** Counts routes, one after the other. */
  private static final class Loop implements PassObserver {
    final long[][] counts = new long[LAYERS + 1][EXPERTS];

    @Override
    public boolean wantsLogits() {
      return false;
    }

    @Override
    public void route(int layer, int position, int[] chosen, float[] weights, int at, int k) {
      for (int j = at; j < at + k; j++) {
        counts[layer][chosen[j]]++;
      }
    }
  }

  @Test
  void loadsAreThoseOfAPlainLoopAndMaxVioIsTheReferences() throws IOException {
    JsonNode routing =
        JsonMapper.shared().readTree(Files.readString(resource("golden-fp8.json"))).get("routing");
    Loop loop = new Loop();
    model.resetExpertStatistics();
    try (Session session = model.newSession()) {
      for (int at = 0; at < 8192; at += WINDOW) {
        session.truncate(0);
        session.evaluate(Arrays.copyOfRange(ids, at, at + WINDOW), loop);
      }
    }
    ExpertStatistics statistics = model.expertStatistics();
    assertEquals(8192, statistics.rows());
    assertEquals(LAYERS, statistics.layers().size());
    for (ExpertStatistics.Layer layer : statistics.layers()) {
      assertArrayEquals(loop.counts[layer.layer()], layer.counts());
      double expected = routing.get("maxvio").get("" + layer.layer()).asDouble();
      // One near tie that falls the other way moves it by 1 / 2048.
      assertEquals(expected, layer.maxVio(), 2.1 / 2048, "layer " + layer.layer());
    }
  }

  @Test
  void biasesOfZeroAreAdapted() {
    float[][] start = new float[LAYERS + 1][EXPERTS];
    adapt(start, 0.01, 200);
  }

  @Test
  void anExpertThatTakesAllIsBroughtBack() {
    float[][] start = new float[LAYERS + 1][];
    for (int l = 1; l <= LAYERS; l++) {
      start[l] = model.selectionBias(l);
      start[l][3] += 1;
    }
    double before = adapt(start, 0.02, 120);
    assertTrue(before > 2, "MaxVio before " + before);
  }

  /** Adapts on the first three quarters of the text; measures on the rest. */
  private static double adapt(float[][] start, double gamma, int passes) {
    float[][] original = new float[LAYERS + 1][];
    for (int l = 1; l <= LAYERS; l++) {
      original[l] = model.selectionBias(l);
      model.setSelectionBias(l, start[l]);
    }
    try (Session session = model.newSession()) {
      Loop nothing = new Loop();
      Measure before = Measure.of(session);
      model.setLoadBalancer(LoadBalancer.decaying(gamma, passes, 1));
      for (int p = 0; p < passes; p++) {
        session.truncate(0);
        session.evaluate(window(p % FIRST_HELD_OUT), nothing);
      }
      model.setLoadBalancer(null);
      Measure after = Measure.of(session);
      assertTrue(after.maxVio < 0.6, "MaxVio after " + after.maxVio);
      assertTrue(after.maxVio < before.maxVio, before + " -> " + after);
      assertTrue(after.perplexity <= before.perplexity, before + " -> " + after);
      return before.maxVio;
    } finally {
      model.setLoadBalancer(null);
      for (int l = 1; l <= LAYERS; l++) {
        model.setSelectionBias(l, original[l]);
      }
    }
  }

  private static int[] window(int w) {
    return Arrays.copyOfRange(ids, w * WINDOW, (w + 1) * WINDOW);
  }

  /** On the last quarter of the text. */
  private record Measure(double maxVio, double perplexity) {
    static Measure of(Session session) {
      model.resetExpertStatistics();
      double nll = 0;
      int predictions = 0;
      for (int w = FIRST_HELD_OUT; w < WINDOWS; w++) {
        int[] window = window(w);
        Nll sum = new Nll(window);
        session.truncate(0);
        session.evaluate(window, sum);
        nll += sum.value;
        predictions += WINDOW - 1;
      }
      double maxVio =
          model.expertStatistics().layers().stream()
              .mapToDouble(ExpertStatistics.Layer::maxVio)
              .average()
              .orElseThrow();
      return new Measure(maxVio, Math.exp(nll / predictions));
    }
  }

  private static final class Nll implements PassObserver {
    private final int[] window;
    private double value;

    Nll(int[] window) {
      this.window = window;
    }

    @Override
    public void logits(int position, float[] data, int offset, int length) {
      if (position + 1 < window.length) {
        double sum = 0;
        for (int i = offset; i < offset + length; i++) {
          sum += Math.exp(data[i] - data[offset]);
        }
        value += Math.log(sum) + data[offset] - data[offset + window[position + 1]];
      }
    }
  }
}
