package dev.tyto.core.runtime;

import dev.tyto.core.model.Batch;
import dev.tyto.core.model.RoutingControl;
import dev.tyto.core.model.Workers;

/** Tells the flight recorder about each pass. Used by the scheduler's thread. */
final class PassMeter {
  private final Workers workers;
  private final RoutingControl routing;
  private final PassEvent event = new PassEvent();
  private long start;
  private long busy;
  private long region;

  PassMeter(Workers workers, RoutingControl routing) {
    this.workers = workers;
    this.routing = routing;
  }

  void begin() {
    event.begin();
    start = System.nanoTime();
    busy = workers.busyNanos();
    region = workers.regionNanos();
  }

  void end(Batch batch) {
    event.end();
    if (event.shouldCommit()) {
      long wall = System.nanoTime() - start;
      // Outside shared regions the scheduler's thread works alone.
      long worked = workers.busyNanos() - busy + wall - (workers.regionNanos() - region);
      event.rows = batch.rows();
      event.logitRows = batch.logitRows();
      event.pairs = routing.passPairs();
      event.workers = workers.threads();
      event.idleShare = Math.clamp(1 - (float) worked / ((float) wall * workers.threads()), 0, 1);
      event.commit();
    }
  }
}
