package dev.tyto.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What holds for all files. */
class SafetensorsPropertyTest {
  private static Path folder = Path.of("");

  record Declared(String name, DType dtype, List<Long> shape) {
    long bytes() {
      return dtype.byteSize(shape.stream().reduce(1L, (a, b) -> a * b));
    }
  }

  @BeforeContainer
  static void createFolder() throws IOException {
    folder = Files.createTempDirectory("safetensors-properties");
  }

  @AfterContainer
  static void deleteFolder() throws IOException {
    Files.deleteIfExists(folder.resolve("t"));
    Files.delete(folder);
  }

  @Provide
  Arbitrary<String> names() {
    // Any text at all, except half a surrogate pair; jqwik makes those, too.
    return Arbitraries.strings()
        .all()
        .ofMaxLength(20)
        .filter(HeaderParser::isUnicode)
        .filter(name -> !name.equals("__metadata__"));
  }

  @Provide
  Arbitrary<List<Declared>> tensors() {
    Arbitrary<List<Long>> shapes =
        Arbitraries.longs().between(0, 6).list().ofMaxSize(4).map(List::copyOf);
    return Combinators.combine(names(), Arbitraries.of(DType.class), shapes)
        .as(Declared::new)
        .filter(t -> t.shape().stream().reduce((long) t.dtype().bits(), (a, b) -> a * b) % 8 == 0)
        .list()
        .ofMaxSize(8)
        .uniqueElements(Declared::name);
  }

  @Provide
  Arbitrary<Map<String, String>> metadata() {
    return Arbitraries.maps(names(), names()).ofMaxSize(4);
  }

  private static byte[] write(
      List<Declared> tensors, Map<String, String> metadata, Map<String, byte[]> data)
      throws IOException {
    Path path = folder.resolve("t");
    SafetensorsWriter.Builder builder = SafetensorsWriter.to(path);
    metadata.forEach(builder::metadata);
    tensors.forEach(
        t -> builder.tensor(t.name(), t.dtype(), t.shape().stream().mapToLong(d -> d).toArray()));
    try (SafetensorsWriter writer = builder.open()) {
      for (Declared tensor : tensors) {
        writer.write(tensor.name(), MemorySegment.ofArray(data.get(tensor.name())));
      }
      writer.commit();
    }
    return Files.readAllBytes(path);
  }

  private static Map<String, byte[]> randomData(List<Declared> tensors, long seed) {
    Random random = new Random(seed);
    Map<String, byte[]> data = new HashMap<>();
    for (Declared tensor : tensors) {
      byte[] bytes = new byte[Math.toIntExact(tensor.bytes())];
      random.nextBytes(bytes);
      data.put(tensor.name(), bytes);
    }
    return data;
  }

  @Property(tries = 100, seed = "20251125")
  void whatIsWrittenIsRead(
      @ForAll("tensors") List<Declared> tensors,
      @ForAll("metadata") Map<String, String> metadata,
      @ForAll long seed)
      throws IOException {
    Map<String, byte[]> data = randomData(tensors, seed);
    byte[] bytes = write(tensors, metadata, data);

    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("t"))) {
      assertEquals(metadata, file.metadata());
      assertEquals(data.keySet(), new HashSet<>(file.tensors().keySet()));
      for (Declared declared : tensors) {
        Tensor tensor = file.tensor(declared.name()).orElseThrow();
        assertEquals(declared.dtype(), tensor.dtype());
        assertEquals(declared.shape(), tensor.shape());
        byte[] copy = new byte[Math.toIntExact(tensor.byteSize())];
        tensor.copyTo(0, MemorySegment.ofArray(copy), 0, copy.length);
        assertArrayEquals(data.get(declared.name()), copy);
        assertArrayEquals(copy, tensor.mapped().toArray(ValueLayout.JAVA_BYTE));
        assertEquals(0, tensorOffset(bytes, tensor) % Math.max(1, tensor.dtype().bits() / 8));
      }
    }
    assertArrayEquals(bytes, write(tensors.reversed(), metadata, data));
  }

  private static long tensorOffset(byte[] file, Tensor tensor) throws SafetensorsException {
    SafetensorsHeader header = HeaderReader.read(tensor.file(), RawFile.source(file));
    return header.dataStart()
        + header.tensors().stream()
            .filter(t -> t.name().equals(tensor.name()))
            .findFirst()
            .orElseThrow()
            .begin();
  }

  /** Whatever happens to a file, it is read as some consistent file or rejected. */
  @Property(tries = 2000, seed = "20251125")
  void damageIsRejectedOrHarmless(@ForAll("tensors") List<Declared> tensors, @ForAll long seed) {
    byte[] bytes = inMemory(tensors);
    Random random = new Random(seed);
    byte[] damaged = damage(bytes, random);
    try {
      SafetensorsHeader header = HeaderReader.read(Path.of("f"), RawFile.source(damaged));
      long covered = header.tensors().stream().mapToLong(TensorInfo::byteSize).sum();
      assertEquals(damaged.length, header.dataStart() + covered);
    } catch (SafetensorsException e) {
      assertEquals(1, e.getMessage().lines().count());
    }
  }

  /** What the writer would write, with zeros as data. */
  private static byte[] inMemory(List<Declared> tensors) {
    List<TensorInfo> placed =
        HeaderWriter.layOut(
            tensors.stream()
                .map(t -> new TensorInfo(t.name(), t.dtype(), t.shape(), 0, t.bytes()))
                .toList());
    byte[] header = HeaderWriter.encode(Map.of(), placed);
    long data = placed.stream().mapToLong(TensorInfo::byteSize).sum();
    return Arrays.copyOf(header, Math.toIntExact(header.length + data));
  }

  private static byte[] damage(byte[] bytes, Random random) {
    byte[] damaged = bytes.clone();
    int header = damaged.length - 8;
    switch (random.nextInt(3)) {
      case 0 -> damaged[8 + random.nextInt(header)] = (byte) random.nextInt(256);
      case 1 -> damaged = Arrays.copyOf(bytes, random.nextInt(bytes.length + 20));
      default -> {
        byte[] digits = String.valueOf(random.nextInt(100)).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(
            digits,
            0,
            damaged,
            8 + random.nextInt(Math.max(1, header - 1)),
            Math.min(digits.length, 1));
      }
    }
    return damaged;
  }
}
