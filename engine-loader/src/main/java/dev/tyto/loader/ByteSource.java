package dev.tyto.loader;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Bytes at positions: a file, or an array in a test. */
interface ByteSource {
  /** Bytes there were when the source was opened. */
  long size();

  /**
   * Reads some bytes from a position, like {@link java.nio.channels.FileChannel#read(ByteBuffer,
   * long)}; -1 at the end.
   */
  int read(ByteBuffer target, long position) throws IOException;

  /** The bytes from {@code start}, exactly {@code length} of them, as a stream. */
  default InputStream stream(long start, long length) {
    return new InputStream() {
      private long position = start;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, target.length);
        long left = start + length - position;
        if (left == 0) {
          return count == 0 ? 0 : -1;
        }
        int wanted = (int) Math.min(count, left);
        int got = ByteSource.this.read(ByteBuffer.wrap(target, offset, wanted), position);
        if (got < 0) {
          throw new EOFException("the file ends at byte " + position);
        }
        position += got;
        return got;
      }
    };
  }
}
