package dev.tyto.loader;

import java.util.List;

/** A tensor as a file header describes it; the range is relative to the start of the data. */
record TensorInfo(String name, DType dtype, List<Long> shape, long begin, long end) {
  long byteSize() {
    return end - begin;
  }
}
