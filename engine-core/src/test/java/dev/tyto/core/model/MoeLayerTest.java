package dev.tyto.core.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.core.spec.MoeSpec;
import dev.tyto.core.spec.RouterSpec;
import dev.tyto.core.spec.RouterSpec.GroupScore;
import dev.tyto.core.spec.RouterSpec.Score;
import dev.tyto.core.weights.MoeWeights;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The layer against plain loops over doubles, for every form of router. */
class MoeLayerTest {
  private static final int WIDTH = 40;
  private static final int EXPERTS = 12;

  private final RandomMoe random = new RandomMoe(3);

  @AfterEach
  void close() {
    random.close();
  }

  private static RouterSpec router(Score score, boolean normalize) {
    return new RouterSpec(EXPERTS, 3, score, true, 3, 2, GroupScore.TOP2_SUM, normalize, 1.5f);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 64})
  void everyRouterAndSharedGate(int rows) {
    for (Score score : Score.values()) {
      for (int shared : new int[] {0, 24}) {
        for (boolean gate : new boolean[] {false, true}) {
          if (shared > 0 || !gate) {
            boolean normalize = score == Score.SIGMOID;
            MoeSpec spec = new MoeSpec(router(score, normalize), 20, shared, gate);
            compare(spec, random.weights(spec, WIDTH), rows, 3);
          }
        }
      }
    }
  }

  @Test
  void allTokensToTheSameExperts() {
    MoeSpec spec = new MoeSpec(router(Score.SIGMOID, true), 20, 24, false);
    MoeWeights w = random.weights(spec, WIDTH);
    Arrays.fill(w.selectionBias(), 4, 7, 10f);
    compare(spec, w, 33, 2);
  }

  @Test
  void threadsAndCompanyDoNotChangeABit() {
    MoeSpec spec = new MoeSpec(router(Score.SIGMOID, true), 20, 24, true);
    MoeWeights w = random.weights(spec, WIDTH);
    float[] x = random.floats(50 * WIDTH);
    float[] all = random.run(spec, w, x, 50, 1);
    for (int threads : new int[] {2, 5}) {
      assertArrayEquals(all, random.run(spec, w, x, 50, threads), 0);
    }
    for (int r = 0; r < 50; r++) {
      float[] own = Arrays.copyOfRange(x, r * WIDTH, (r + 1) * WIDTH);
      assertArrayEquals(
          Arrays.copyOfRange(all, r * WIDTH, (r + 1) * WIDTH),
          random.run(spec, w, own, 1, 2),
          0,
          "row " + r);
    }
  }

  @Test
  void aScoreThatIsNotANumberNamesLayerPositionAndToken() {
    MoeSpec spec = new MoeSpec(router(Score.SIGMOID, true), 20, 0, false);
    float[] x = random.floats(9 * WIDTH);
    x[5 * WIDTH + 3] = Float.NaN;
    RowException e =
        assertThrows(
            RowException.class, () -> random.run(spec, random.weights(spec, WIDTH), x, 9, 2));
    assertEquals(5, e.row());
    assertTrue(e.getMessage().contains("layer 0"), e.getMessage());
    assertTrue(e.getMessage().contains("position 105"), e.getMessage());
    assertTrue(e.getMessage().contains("token 1005"), e.getMessage());
  }

  private void compare(MoeSpec spec, MoeWeights w, int rows, int threads) {
    float[] x = random.floats(rows * WIDTH);
    float[] y = random.run(spec, w, x, rows, threads);
    for (int r = 0; r < rows; r++) {
      double[] expected = random.expected(spec, w, x, r, WIDTH);
      for (int i = 0; i < WIDTH; i++) {
        assertEquals(expected[i], y[r * WIDTH + i], 2e-5, spec + " row " + r + " column " + i);
      }
    }
  }
}
