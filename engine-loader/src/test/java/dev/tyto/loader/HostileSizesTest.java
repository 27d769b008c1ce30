package dev.tyto.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Files of 99 MB that are made to exhaust memory do not exhaust even a small heap. */
class HostileSizesTest {
  @Test
  void aSmallHeapSuffices() throws Exception {
    ForkedJvm.Result result =
        ForkedJvm.run(HostileSizesProbe.class, List.of("-Xmx256m", "-XX:+UseSerialGC"));

    assertEquals(
        """
        spaces: read, SafetensorsHeader
        long name: LIMIT_EXCEEDED
        long metadata: LIMIT_EXCEEDED
        many metadata: LIMIT_EXCEEDED
        many tensors: LIMIT_EXCEEDED
        deep: LIMIT_EXCEEDED
        many dimensions: LIMIT_EXCEEDED
        long number: LIMIT_EXCEEDED
        long unknown field: LIMIT_EXCEEDED
        long unknown string: HEADER_MALFORMED
        many unknown fields: LIMIT_EXCEEDED
        index of spaces: INDEX_MALFORMED
        index of many tensors: INDEX_MALFORMED
        index of many fields: INDEX_MALFORMED
        index with long metadata: INDEX_MALFORMED
        """,
        result.output());
    assertEquals(0, result.exitCode());
  }
}
