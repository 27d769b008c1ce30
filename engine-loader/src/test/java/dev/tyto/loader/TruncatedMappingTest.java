package dev.tyto.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file truncated while it is mapped must not kill the process. */
class TruncatedMappingTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"-Xint, 10", "-Xbatch, 20000"})
  void theProcessSurvivesInterpretedAndCompiled(String mode, String warmUp) throws Exception {
    int bytes = 4 << 20;
    String header =
        RawFile.header(RawFile.tensor("w", "U8", "[" + bytes + "]", "[0," + bytes + "]"));
    Path file = Files.write(folder.resolve("t.safetensors"), RawFile.file(header, bytes));

    ForkedJvm.Result result =
        ForkedJvm.run(TruncationProbe.class, List.of(mode), file.toString(), warmUp);

    assertEquals("copy: CHANGED\nmapped: InternalError\nalive\n", result.output());
    assertEquals(0, result.exitCode());
  }
}
