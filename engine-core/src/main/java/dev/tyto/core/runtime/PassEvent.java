package dev.tyto.core.runtime;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Percentage;
import jdk.jfr.StackTrace;

/** One pass. One instance is used again and again. */
@Name("dev.tyto.Pass")
@Label("Pass")
@Category({"Tyto", "Inference"})
@Description("One forward pass over rows of one or many sessions, and the draw of their tokens")
@StackTrace(false)
final class PassEvent extends Event {
  @Label("Rows")
  int rows;

  @Label("Rows with logits")
  int logitRows;

  @Label("Token-expert pairs")
  @Description("Rows times experts per row, over all layers with experts")
  long pairs;

  @Label("Workers")
  int workers;

  @Label("Idle share of the workers")
  @Description("Part of the workers' time in which they had nothing to do or waited for others")
  @Percentage
  float idleShare;
}
