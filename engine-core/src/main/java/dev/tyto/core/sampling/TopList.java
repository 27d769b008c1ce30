package dev.tyto.core.sampling;

/**
 * The largest elements of an array, by (value, lower index first). Order is that of one long key
 * per element: the float in an order-preserving integer form above, the inverted index below.
 */
final class TopList {
  private TopList() {}

  static long key(float value, int index) {
    int bits = Float.floatToIntBits(value + 0f);
    int ordered = bits ^ ((bits >> 31) & 0x7fffffff);
    return ((long) ordered << 32) | (~index & 0xffffffffL);
  }

  static int index(long key) {
    return ~(int) key;
  }

  /** The k-th largest key; {@code heap} is scratch of k or more and then holds the k largest. */
  static long kthKey(float[] x, int offset, int length, int k, long[] heap) {
    int size = 0;
    for (int i = 0; i < length; i++) {
      long key = key(x[offset + i], i);
      if (size < k) {
        heap[size] = key;
        siftUp(heap, size++);
      } else if (key > heap[0]) {
        heap[0] = key;
        siftDown(heap, size);
      }
    }
    return heap[0];
  }

  private static void siftUp(long[] heap, int at) {
    int i = at;
    while (i > 0) {
      int parent = (i - 1) / 2;
      if (heap[parent] <= heap[i]) {
        return;
      }
      swap(heap, i, parent);
      i = parent;
    }
  }

  private static void siftDown(long[] heap, int size) {
    int i = 0;
    while (true) {
      int child = 2 * i + 1;
      if (child >= size) {
        return;
      }
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[i] <= heap[child]) {
        return;
      }
      swap(heap, i, child);
      i = child;
    }
  }

  private static void swap(long[] heap, int i, int j) {
    long t = heap[i];
    heap[i] = heap[j];
    heap[j] = t;
  }
}
