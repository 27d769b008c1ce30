package dev.tyto.core.family;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tyto.core.spec.RopeSpec;
import org.junit.jupiter.api.Test;

/** Values of DeepSeek-V3's own YaRN (dims 64, theta 10000, factor 40, original 4096). */
class RopeSpecTest {
  private static final RopeSpec V3 = new RopeSpec(64, 10000, new RopeSpec.Yarn(40, 4096, 32, 1, 1));

  @Test
  void fastFrequenciesStayAndSlowOnesAreDivided() {
    double[] f = V3.frequencies();
    double[] plain = new RopeSpec(64, 10000, null).frequencies();
    assertEquals(32, f.length);
    // correction dims: low = floor(10.47) = 10, high = ceil(22.51) = 23
    for (int j = 0; j <= 10; j++) {
      assertEquals(plain[j], f[j], 0, "pair " + j);
    }
    for (int j = 23; j < 32; j++) {
      assertEquals(plain[j] / 40, f[j], 1e-18, "pair " + j);
    }
    double ramp = (16 - 10) / 13.0;
    assertEquals(plain[16] / 40 * ramp + plain[16] * (1 - ramp), f[16], 1e-15);
  }

  @Test
  void mscaleIsTheReportsFormula() {
    assertEquals(0.1 * 0.707 * Math.log(40) + 1, RopeSpec.mscale(40, 0.707), 1e-12);
    assertEquals(1, RopeSpec.mscale(1, 1), 0);
  }
}
