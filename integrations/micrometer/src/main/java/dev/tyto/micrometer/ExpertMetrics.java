package dev.tyto.micrometer;

import dev.tyto.core.ExpertStatistics;
import dev.tyto.core.Model;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/**
 * Shows a model's expert statistics as meters:
 *
 * <pre>{@code
 * new ExpertMetrics(model, Tags.of("model", "deepseek-v2-lite")).bindTo(registry);
 * }</pre>
 *
 * <ul>
 *   <li>{@code tyto.passes}, {@code tyto.rows}: counters of passes and of their rows;
 *   <li>{@code tyto.experts.max.vio}, {@code tyto.experts.gini}, {@code tyto.experts.entropy}: per
 *       layer (tag {@code layer}), of all rows since the statistics were last reset;
 *   <li>{@code tyto.experts.rows}: rows of each expert (tags {@code layer}, {@code expert}), only
 *       if asked for, since there may be tens of thousands.
 * </ul>
 *
 * <p>A snapshot is taken at most once per interval, whatever the number of meters. After {@link
 * Model#resetExpertStatistics} the counters start at zero again, as after a restart.
 */
public final class ExpertMetrics implements MeterBinder {
  private final SnapshotCache snapshots;
  private final Iterable<Tag> tags;
  private final boolean perExpert;

  /** Metrics of a model without those per expert, from a snapshot every five seconds. */
  public ExpertMetrics(Model model, Iterable<Tag> tags) {
    this(model, tags, false, Duration.ofSeconds(5));
  }

  /**
   * Metrics of a model.
   *
   * @param tags added to every meter
   * @param perExpert whether each expert has a meter of its own
   * @param interval how old a snapshot may be
   */
  public ExpertMetrics(Model model, Iterable<Tag> tags, boolean perExpert, Duration interval) {
    this.snapshots = new SnapshotCache(model::expertStatistics, interval);
    this.tags = tags;
    this.perExpert = perExpert;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    counter(registry, "tyto.passes", "Forward passes", Tags.empty(), ExpertStatistics::passes);
    counter(registry, "tyto.rows", "Rows of all passes", Tags.empty(), ExpertStatistics::rows);
    for (int i = 0; i < snapshots.get().layers().size(); i++) {
      bindLayer(registry, i);
    }
  }

  private void bindLayer(MeterRegistry registry, int index) {
    ExpertStatistics.Layer layer = snapshots.get().layers().get(index);
    Tags layerTag = Tags.of("layer", Integer.toString(layer.layer()));
    gauge(
        registry,
        "tyto.experts.max.vio",
        "Largest load of an expert / mean load - 1",
        layerTag,
        s -> s.layers().get(index).maxVio());
    gauge(
        registry,
        "tyto.experts.gini",
        "Gini coefficient of the experts' loads",
        layerTag,
        s -> s.layers().get(index).gini());
    gauge(
        registry,
        "tyto.experts.entropy",
        "Entropy of the experts' loads in bits",
        layerTag,
        s -> s.layers().get(index).entropy());
    for (int e = 0; perExpert && e < layer.experts(); e++) {
      int expert = e;
      counter(
          registry,
          "tyto.experts.rows",
          "Rows sent to an expert",
          layerTag.and("expert", Integer.toString(expert)),
          s -> s.layers().get(index).count(expert));
    }
  }

  private void counter(
      MeterRegistry registry,
      String name,
      String description,
      Tags own,
      ToDoubleFunction<ExpertStatistics> value) {
    FunctionCounter.builder(name, snapshots, s -> value.applyAsDouble(s.get()))
        .description(description)
        .tags(own.and(tags))
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String description,
      Tags own,
      ToDoubleFunction<ExpertStatistics> value) {
    Gauge.builder(name, snapshots, s -> value.applyAsDouble(s.get()))
        .description(description)
        .tags(own.and(tags))
        // A registry holds what it measures weakly otherwise, and this binder is often temporary.
        .strongReference(true)
        .register(registry);
  }
}
