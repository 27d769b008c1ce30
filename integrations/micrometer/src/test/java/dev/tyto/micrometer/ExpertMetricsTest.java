package dev.tyto.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.core.ExpertStatistics;
import dev.tyto.core.Model;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExpertMetricsTest {
  private final AtomicInteger snapshots = new AtomicInteger();
  private long passes = 3;

  /** A model that has statistics and nothing else. */
  private Model model() {
    return (Model)
        Proxy.newProxyInstance(
            Model.class.getClassLoader(),
            new Class<?>[] {Model.class},
            (proxy, method, args) -> {
              assertEquals("expertStatistics", method.getName());
              snapshots.incrementAndGet();
              return new ExpertStatistics(passes, 40, List.of(layer(1, 9, 11), layer(4, 5, 15)));
            });
  }

  private static ExpertStatistics.Layer layer(int layer, long... counts) {
    return new ExpertStatistics.Layer(layer, 20, counts, new double[2], new long[1]);
  }

  @Test
  void everyLayerHasItsMeters() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    new ExpertMetrics(model(), Tags.of("model", "m")).bindTo(registry);
    assertEquals(3, registry.get("tyto.passes").tag("model", "m").functionCounter().count());
    assertEquals(40, registry.get("tyto.rows").functionCounter().count());
    assertEquals(
        0.5, registry.get("tyto.experts.max.vio").tag("layer", "4").gauge().value(), 1e-12);
    assertEquals(0.05, registry.get("tyto.experts.gini").tag("layer", "1").gauge().value(), 1e-12);
    assertTrue(registry.get("tyto.experts.entropy").tag("layer", "1").gauge().value() > 0.99);
    assertTrue(registry.find("tyto.experts.rows").meters().isEmpty());
    assertEquals(1, snapshots.get(), "one snapshot for all meters");
  }

  @Test
  void eachExpertHasACounterIfAskedFor() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    new ExpertMetrics(model(), Tags.empty(), true, Duration.ofHours(1)).bindTo(registry);
    assertEquals(4, registry.get("tyto.experts.rows").meters().size());
    assertEquals(
        15,
        registry
            .get("tyto.experts.rows")
            .tag("layer", "4")
            .tag("expert", "1")
            .functionCounter()
            .count());
  }

  @Test
  void anOldSnapshotIsReplaced() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    new ExpertMetrics(model(), Tags.empty(), false, Duration.ZERO).bindTo(registry);
    passes = 5;
    assertEquals(5, registry.get("tyto.passes").functionCounter().count());
  }
}
