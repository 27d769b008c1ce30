package dev.tyto.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files, tensors and offsets over 2 and 4 GiB; sparse, so that they take no disk. */
class LargeFileTest {
  private static final long BIG = (5L << 30) + 8;

  @TempDir Path folder;

  @Test
  void tensorsBeyond4GiBAreRead() throws IOException {
    String header =
        RawFile.header(
            RawFile.tensor("big", "U8", "[" + BIG + "]", "[0," + BIG + "]"),
            RawFile.tensor("last", "F32", "[2]", "[" + BIG + "," + (BIG + 8) + "]"));
    byte[] start = RawFile.file(header, 0);
    Path path = folder.resolve("large.safetensors");
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(start), 0);
      channel.write(ByteBuffer.wrap(new byte[] {7}), start.length + BIG - 1);
      byte[] one = {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40};
      channel.write(ByteBuffer.wrap(one), start.length + BIG);
    }
    try (SafetensorsFile file = SafetensorsFile.open(path);
        Arena arena = Arena.ofConfined()) {
      assertEquals(BIG + 8, file.dataBytes());
      Tensor big = file.tensor("big").orElseThrow();
      assertEquals(BIG, big.byteSize());
      assertEquals(7, big.mapped().get(ValueLayout.JAVA_BYTE, BIG - 1));
      byte[] end = new byte[4];
      big.copyTo(BIG - 4, MemorySegment.ofArray(end), 0, 4);
      assertArrayEquals(new byte[] {0, 0, 0, 7}, end);

      MemorySegment floats = arena.allocate(8);
      file.tensor("last").orElseThrow().copyTo(0, floats, 0, 8);
      assertArrayEquals(new float[] {1, 2}, floats.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
    }
  }
}
