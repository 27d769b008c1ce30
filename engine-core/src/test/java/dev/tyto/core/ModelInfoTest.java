package dev.tyto.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelInfoTest {
  /** Counted by hand from config.json. */
  @Test
  void countsTheParametersOfAFixture() throws IOException {
    ModelInfo info = ModelInfo.read(new Golden("v3-tiny-mtp").folder());
    int d = 64;
    int attention = 48 * d + 48 + 4 * 32 * 48 + 56 * d + 40 + 4 * 40 * 40 + d * 96;
    int dense = 3 * 136 * d;
    int expert = 3 * 56 * d;
    int fixed = 2 * 521 * d + d + 3 * (attention + 2 * d) + dense + 2 * 16 * d;
    assertEquals(fixed + 2 * 17 * expert, info.totalParameters());
    assertEquals(fixed - 520 * d + 2 * 5 * expert, info.activeParameters());
    assertEquals(3, info.layers());
    assertEquals(2, info.moeLayers());
    assertEquals(1, info.mtpLayers());
    assertEquals(3 * (40 + 16) * 2, info.cacheBytesPerToken());
  }

  @Test
  void countsBytesByDtypeWithoutTheMtpModule() throws IOException {
    Map<String, Long> bytes =
        ModelInfo.read(new Golden("v3-tiny-mtp").folder()).weightBytesByFormat();
    ModelInfo info = ModelInfo.read(new Golden("v3-tiny-mtp").folder());
    // Selection biases are the only weights that are not parameters: 2 layers of 16 in BF16.
    assertEquals(Map.of("BF16", 2 * (info.totalParameters() + 32)), bytes);
  }
}
