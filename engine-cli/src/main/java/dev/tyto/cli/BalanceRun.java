package dev.tyto.cli;

import dev.tyto.core.ExpertStatistics;
import dev.tyto.core.Model;
import dev.tyto.core.Session;
import dev.tyto.core.balance.LoadBalancer;
import dev.tyto.core.balance.LoadBalancer.Step;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Adapts on the first part of a text and measures on the rest. */
final class BalanceRun {
  private final Model model;
  private final TextWindows adapted;
  private final TextWindows measured;

  /**
   * @throws Failure if the text has fewer than two windows
   */
  BalanceRun(Model model, TextWindows windows) {
    if (windows.count() < 2) {
      throw new Failure(
          "the text fills only one window of %s: give more text, or a smaller --context"
              .formatted(Formats.tokens(windows.length())));
    }
    int held = Math.max(1, windows.count() / 4);
    this.model = model;
    this.adapted = windows.part(0, windows.count() - held);
    this.measured = windows.part(windows.count() - held, windows.count());
  }

  /** What the held-out part shows. */
  record Measure(Perplexity perplexity, ExpertStatistics statistics, Map<Integer, float[]> biases) {
    double meanMaxVio() {
      return statistics.layers().stream()
          .mapToDouble(ExpertStatistics.Layer::maxVio)
          .average()
          .orElse(0);
    }
  }

  int measuredWindows() {
    return measured.count();
  }

  /** A model without selection biases has nothing to adapt. */
  void requireBiases(Path folder) {
    if (biases().isEmpty()) {
      throw new Failure(
          folder
              + ": the model's routers have no selection bias (e_score_correction_bias) to adapt");
    }
  }

  /** Sets all biases to zero. */
  void zero() {
    biases().forEach((layer, bias) -> model.setSelectionBias(layer, new float[bias.length]));
  }

  private Map<Integer, float[]> biases() {
    Map<Integer, float[]> biases = new TreeMap<>();
    for (ExpertStatistics.Layer layer : model.expertStatistics().layers()) {
      try {
        biases.put(layer.layer(), model.selectionBias(layer.layer()));
      } catch (IllegalArgumentException none) {
        // A layer without selection bias has nothing to adapt.
      }
    }
    return biases;
  }

  Measure measure(Session session, Runnable windowDone) {
    model.resetExpertStatistics();
    Perplexity perplexity = measured.perplexity(session, windowDone);
    return new Measure(perplexity, model.expertStatistics(), biases());
  }

  /** Makes the steps; adds the mean MaxVio of each pass, before its step, to a list. */
  void adapt(
      Session session, LoadBalancer balancer, int steps, List<Double> maxVio, Runnable stepDone) {
    model.setLoadBalancer(balancer);
    try {
      for (int s = 0; s < steps; s++) {
        adapted.run(session, s % adapted.count());
        Step last = balancer.lastStep();
        if (last != null) {
          maxVio.add(last.meanMaxVio());
        }
        stepDone.run();
      }
    } finally {
      model.setLoadBalancer(null);
    }
  }
}
