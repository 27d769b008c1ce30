package dev.tyto.cli;

import java.util.List;

/**
 * The results of one speed test.
 *
 * @param samples tokens per second of each run
 */
record Speeds(List<Double> samples) {
  Speeds {
    samples = List.copyOf(samples);
  }

  double median() {
    double[] sorted = samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The sample standard deviation; 0 for one run. */
  double deviation() {
    double mean = samples.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    double squares = samples.stream().mapToDouble(s -> (s - mean) * (s - mean)).sum();
    return samples.size() < 2 ? 0 : Math.sqrt(squares / (samples.size() - 1));
  }
}
