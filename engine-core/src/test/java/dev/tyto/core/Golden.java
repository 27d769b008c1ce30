package dev.tyto.core;

import dev.tyto.loader.SafetensorsFile;
import dev.tyto.loader.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A fixture computed by DeepSeek's official inference code; see its README. */
record Golden(String name) {
  /** All fixtures. */
  public static final List<String> ALL =
      List.of("v2-lite-tiny", "v2-tiny", "v3-tiny-bf16", "v3-tiny-fp8", "v3-tiny-mtp");

  public Path folder() {
    return Path.of("src/test/resources/golden", name);
  }

  /** The three prompts, of 1, 17 and 96 tokens. */
  public List<int[]> prompts() throws IOException {
    String json = Files.readString(folder().resolve("tokens.json"));
    Matcher all =
        Pattern.compile("\"prompts\":\\s*\\[(\\[.*?\\])\\]", Pattern.DOTALL).matcher(json);
    if (!all.find()) {
      throw new IOException("no prompts in " + name);
    }
    return Pattern.compile("\\[([^\\]]*)\\]")
        .matcher(all.group(1))
        .results()
        .map(m -> Pattern.compile("\\d+").matcher(m.group(1)).results())
        .map(ids -> ids.mapToInt(id -> Integer.parseInt(id.group())).toArray())
        .toList();
  }

  /** An F32 tensor of golden.safetensors. */
  public float[] floats(String tensor) throws IOException {
    return read(tensor).toArray(ValueLayout.JAVA_FLOAT);
  }

  /** An I32 tensor of golden.safetensors. */
  public int[] ints(String tensor) throws IOException {
    return read(tensor).toArray(ValueLayout.JAVA_INT);
  }

  /** Whether golden.safetensors has it. */
  public boolean has(String tensor) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(folder().resolve("golden.safetensors"))) {
      return file.tensor(tensor).isPresent();
    }
  }

  private MemorySegment read(String tensor) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(folder().resolve("golden.safetensors"))) {
      Tensor t = file.tensor(tensor).orElseThrow();
      MemorySegment copy = Arena.ofAuto().allocate(t.byteSize(), 8);
      t.copyTo(0, copy, 0, t.byteSize());
      return copy;
    }
  }
}
