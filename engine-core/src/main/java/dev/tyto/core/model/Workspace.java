package dev.tyto.core.model;

/** A float buffer that grows to the largest size asked for and stays. */
final class Workspace {
  private float[] data = new float[0];

  /** At least {@code length} floats, with whatever they held before or zeros. */
  float[] get(long length) {
    if (data.length < length) {
      data = new float[Math.toIntExact(length)];
    }
    return data;
  }

  /** The buffer as last grown. */
  float[] get() {
    return data;
  }
}
