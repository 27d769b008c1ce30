package dev.tyto.kernels;

/**
 * Working memory of one thread for kernels that need some (fp32 panels, attention scores). Create
 * one per worker, keep it, and never use one in two threads at a time. Grows on demand and then
 * stays: no allocation in steady state.
 */
public final class KernelScratch {
  /** Creates an empty scratch. */
  public KernelScratch() {}
}
