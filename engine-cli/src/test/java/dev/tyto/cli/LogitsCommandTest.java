package dev.tyto.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tyto.core.CacheDtype;
import dev.tyto.loader.Checkpoint;
import dev.tyto.loader.DType;
import dev.tyto.loader.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogitsCommandTest {
  private final FakeModels models = new FakeModels();

  @TempDir Path folder;

  @Test
  void writesAllThatAnObserverSees() throws Exception {
    Path file = folder.resolve("model.safetensors");
    Run run = Run.of(models, "logits", "--tokens", "3,9, 10", "--out", file.toString());
    assertEquals("tyto: wrote " + file + "\n", run.err());
    assertEquals(0, run.code());

    try (Checkpoint written = Checkpoint.open(folder)) {
      assertEquals(
          Set.of(
              "logits",
              "hidden0",
              "hidden1",
              "hidden2",
              "layer1.topk_ids",
              "layer1.topk_weights",
              "layer2.topk_ids",
              "layer2.topk_weights"),
          written.names());
      assertTensor(written, "hidden2", DType.F32, 4, 0, 2, 3, 0.5f, 1, 2, 9, 0.5f, 2, 2, 10, 0.5f);
      assertTensor(
          written, "layer1.topk_weights", DType.F32, 2, 0.75f, 0.25f, 0.75f, 0.25f, 0.75f, 0.25f);
      Tensor ids = written.tensor("layer2.topk_ids");
      assertEquals(DType.I32, ids.dtype());
      assertArrayEquals(new int[] {3, 2, 1, 2, 2, 2}, read(ids).toArray(ValueLayout.JAVA_INT));
      float[] logits = read(written.tensor("logits")).toArray(ValueLayout.JAVA_FLOAT);
      assertEquals(List.of(3L, 11L), written.tensor("logits").shape());
      for (int i = 0; i < logits.length; i++) {
        assertEquals(FakeModel.logit(i / 11, i % 11), logits[i]);
      }
    }
  }

  @Test
  void readsIdsFromStandardInput() {
    Path file = folder.resolve("o.safetensors");
    Run run =
        Run.withInput(
            models,
            "1 2\n3,4\n",
            "logits",
            "--tokens",
            "-",
            "--out",
            file.toString(),
            "--kv-dtype",
            "f32");
    assertEquals(0, run.code(), run.err());
    assertEquals(4, Objects.requireNonNull(models.loadedWith).contextLength());
    assertEquals(CacheDtype.F32, models.loadedWith.cacheDtype());
  }

  @Test
  void aFolderThatIsNotThereIsAFailure() {
    Path file = folder.resolve("no").resolve("o.safetensors");
    Run run = Run.of(models, "logits", "--tokens", "1", "--out", file.toString());
    assertEquals(1, run.code());
    assertEquals(1, run.errLines().size(), run.err());
    assertFalse(Files.exists(file));
  }

  private static void assertTensor(
      Checkpoint checkpoint, String name, DType dtype, long width, float... expected)
      throws Exception {
    Tensor tensor = checkpoint.tensor(name);
    assertEquals(dtype, tensor.dtype());
    assertEquals(List.of(expected.length / width, width), tensor.shape());
    assertArrayEquals(expected, read(tensor).toArray(ValueLayout.JAVA_FLOAT));
  }

  private static MemorySegment read(Tensor tensor) throws Exception {
    // Of ints, so that its elements are aligned.
    MemorySegment bytes =
        MemorySegment.ofArray(new int[Math.toIntExact(tensor.byteSize() / Integer.BYTES)]);
    tensor.copyTo(0, bytes, 0, tensor.byteSize());
    return bytes;
  }
}
