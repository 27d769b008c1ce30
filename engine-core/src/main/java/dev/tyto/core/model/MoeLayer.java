package dev.tyto.core.model;

import dev.tyto.core.PassObserver;
import dev.tyto.core.spec.MoeSpec;
import dev.tyto.core.spec.RouterSpec;
import dev.tyto.core.weights.MlpWeights;
import dev.tyto.core.weights.MoeWeights;
import dev.tyto.kernels.Kernels;
import dev.tyto.kernels.WeightMatrix;
import dev.tyto.kernels.WorkerPool;
import java.util.Arrays;

/**
 * Mixture of Experts: route every row, dispatch rows to experts, run each expert once over its rows
 * (its weights are read once per pass), combine. Shared experts join the same regions. No token is
 * ever dropped.
 */
final class MoeLayer {
  private final Workers workers;
  private final LinearRegion region;
  private final RoutingControl routing;
  private final DispatchPlan plan = new DispatchPlan();
  private final LayerEvent event = new LayerEvent();
  private final Workspace logits = new Workspace();
  private final Workspace gathered = new Workspace();
  private final Workspace hidden = new Workspace();
  private final Workspace pairOut = new Workspace();
  private final Workspace sharedHidden = new Workspace();
  private final Workspace sharedOut = new Workspace();
  private final Workspace sharedScore = new Workspace();
  private int[] ids = new int[0];
  private float[] weights = new float[0];
  private final WorkerPool.Task routeTask = this::route;
  private final WorkerPool.Task gatherTask = this::gather;
  private final WorkerPool.Task combineTask = this::combine;

  // The pass and layer at work; set by forward, read by the tasks.
  private Batch batch;
  private RouterSpec router;
  private MoeWeights moe;
  private int layer;
  private int width;
  private float[] input = new float[0];
  private float[] output = new float[0];

  MoeLayer(
      Workers workers,
      LinearRegion region,
      RoutingControl routing,
      Batch batch,
      MoeSpec spec,
      MoeWeights moe) {
    this.workers = workers;
    this.region = region;
    this.routing = routing;
    this.batch = batch;
    this.router = spec.router();
    this.moe = moe;
  }

  /**
   * @param x normed residual stream [R, width]
   * @param y [R, width]
   * @throws RowException if a gate score is not a number
   */
  void forward(
      Batch batch, int layer, MoeSpec spec, MoeWeights moe, float[] x, float[] y, int width) {
    this.batch = batch;
    this.router = spec.router();
    this.moe = moe;
    this.layer = layer;
    this.width = width;
    this.input = x;
    this.output = y;
    event.begin();
    int rows = batch.rows();
    routeAll(rows);
    plan.build(router.experts(), router.topK(), rows, ids, weights);
    gateAndUp(rows, spec.expertIntermediateSize());
    down(rows, spec.expertIntermediateSize());
    workers.run(rows, (long) rows * width * (plan.topK() + 2), combineTask);
    event.end(layer, rows, plan);
  }

  private void routeAll(int rows) {
    int experts = router.experts();
    int pairs = rows * router.topK();
    if (ids.length < pairs) {
      ids = new int[pairs];
      weights = new float[pairs];
    }
    float[] g = logits.get((long) rows * experts);
    region.add(moe.router(), input, 0, width, rows, g, 0, experts);
    WeightMatrix sharedGate = moe.sharedGate();
    if (sharedGate != null) {
      region.add(sharedGate, input, 0, width, rows, sharedScore.get(rows), 0, 1);
    }
    region.run();
    workers.run(rows, (long) rows * experts * (router.topK() + 8), routeTask);
    routing.record(layer, rows, ids, weights);
    for (int r = 0; r < rows && batch.observed(); r++) {
      PassObserver observer = batch.observer(r);
      if (observer != null) {
        observer.route(layer, batch.position(r), ids, weights, r * router.topK(), router.topK());
      }
    }
  }

  private void route(int row, int worker) {
    int at = row * router.experts();
    int out = row * router.topK();
    if (!Router.route(
        workers.kernels(),
        router,
        logits.get(),
        at,
        routing.bias(layer),
        ids,
        weights,
        out,
        workers.scratch(worker))) {
      throw new RowException(
          row,
          "layer %d gives a router score that is not a number at position %d (token %d): the weights or the input are damaged"
              .formatted(layer, batch.position(row), batch.token(row)));
    }
  }

  private void gateAndUp(int rows, int inner) {
    MlpWeights shared = moe.shared();
    if (shared != null) {
      int sharedInner = shared.gate().outputs();
      float[] h = sharedHidden.get((long) rows * sharedInner);
      region.addGateUp(shared.gate(), shared.up(), input, 0, width, rows, h, 0, sharedInner);
    }
    float[] h = hidden.get((long) plan.pairs() * inner);
    float[] x = input;
    int xStride = 0; // All pairs of a single row read that row: nothing to gather.
    if (rows > 1) {
      x = gathered.get((long) plan.pairs() * width);
      xStride = width;
      workers.run(plan.pairs(), (long) plan.pairs() * width, gatherTask);
    }
    for (int i = 0; i < plan.active(); i++) {
      MlpWeights w = moe.experts().get(plan.expert(i));
      int at = plan.start(i);
      region.addGateUp(
          w.gate(), w.up(), x, at * xStride, width, plan.load(i), h, at * inner, inner);
    }
    region.run();
  }

  private void gather(int pair, int worker) {
    System.arraycopy(input, plan.row(pair) * width, gathered.get(), pair * width, width);
  }

  private void down(int rows, int inner) {
    MlpWeights shared = moe.shared();
    if (shared != null) {
      int sharedInner = shared.gate().outputs();
      float[] y = sharedOut.get((long) rows * width);
      region.add(shared.down(), sharedHidden.get(), 0, sharedInner, rows, y, 0, width);
    }
    float[] out = pairOut.get((long) plan.pairs() * width);
    for (int i = 0; i < plan.active(); i++) {
      WeightMatrix w = moe.experts().get(plan.expert(i)).down();
      int at = plan.start(i);
      region.add(w, hidden.get(), at * inner, inner, plan.load(i), out, at * width, width);
    }
    region.run();
  }

  /** In ascending order of expert, so that the sum does not depend on who computed what when. */
  private void combine(int row, int worker) {
    Kernels kernels = workers.kernels();
    int y = row * width;
    Arrays.fill(output, y, y + width, 0);
    for (int j = 0; j < plan.topK(); j++) {
      int pair = plan.pair(row, j);
      kernels.axpy(plan.weight(pair), pairOut.get(), pair * width, output, y, width);
    }
    if (moe.sharedGate() != null) {
      float[] score = sharedScore.get();
      kernels.sigmoid(score, row, 1);
      kernels.axpy(score[row], sharedOut.get(), y, output, y, width);
    } else if (moe.shared() != null) {
      kernels.add(sharedOut.get(), y, output, y, width);
    }
  }
}
