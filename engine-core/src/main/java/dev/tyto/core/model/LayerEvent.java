package dev.tyto.core.model;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * A layer of experts in a pass. Off unless a recording asks for it: there are as many as layers
 * times passes. One instance is used again and again.
 */
@Name("dev.tyto.ExpertLayer")
@Label("Expert layer")
@Category({"Tyto", "Inference"})
@Description("Routing, dispatch, experts and combination of one layer in one pass")
@StackTrace(false)
@Enabled(false)
final class LayerEvent extends Event {
  @Label("Layer")
  int layer;

  @Label("Rows")
  int rows;

  @Label("Active experts")
  @Description("Experts that at least one row went to")
  int activeExperts;

  @Label("Largest load")
  @Description("Rows of the busiest expert")
  int largestLoad;

  void end(int layer, int rows, DispatchPlan plan) {
    end();
    if (shouldCommit()) {
      this.layer = layer;
      this.rows = rows;
      activeExperts = plan.active();
      largestLoad = 0;
      for (int i = 0; i < plan.active(); i++) {
        largestLoad = Math.max(largestLoad, plan.load(i));
      }
      commit();
    }
  }
}
