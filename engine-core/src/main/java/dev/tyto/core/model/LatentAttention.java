package dev.tyto.core.model;

import dev.tyto.core.cache.LatentCache;
import dev.tyto.core.spec.MlaSpec;
import dev.tyto.core.weights.MlaWeights;
import dev.tyto.kernels.Kernels;
import dev.tyto.kernels.WorkerPool;
import java.util.Objects;

/**
 * Absorbed multi-head latent attention (DeepSeek-V2, section 2.1): queries go into the latent
 * space, so that the cache holds one latent and one rotated key per token for all heads. The
 * canonical form in prefill and decode alike: what a row computes does not depend on the other rows
 * of the pass.
 */
final class LatentAttention {
  /** Fewer heads per task would read the cache too often for what they compute. */
  private static final int HEADS_AT_LEAST = 4;

  private final Workers workers;
  private final RopeTable rope;
  private final LinearRegion region;
  private final float epsilon;

  private final Workspace queryDown = new Workspace();
  private final Workspace query = new Workspace();
  private final Workspace kv = new Workspace();
  private final Workspace absorbed = new Workspace();
  private final Workspace latentOut = new Workspace();
  private final Workspace values = new Workspace();
  private final Workspace[] spanOut;
  private final Workspace[] spanStats;
  private final WorkerPool.Task keysTask = this::keys;
  private final WorkerPool.Task queriesTask = this::queries;
  private final WorkerPool.Task attendTask = this::attend;

  // The pass and layer at work; set by forward, read by the tasks.
  private Batch batch;
  private MlaSpec spec;
  private MlaWeights weights;
  private int layer;
  private int headsPerTask;
  private int headTasks;

  LatentAttention(
      Workers workers,
      RopeTable rope,
      LinearRegion region,
      float epsilon,
      Batch batch,
      MlaSpec spec,
      MlaWeights weights) {
    this.workers = workers;
    this.rope = rope;
    this.region = region;
    this.epsilon = epsilon;
    this.batch = batch;
    this.spec = spec;
    this.weights = weights;
    this.spanOut = new Workspace[workers.threads()];
    this.spanStats = new Workspace[workers.threads()];
    for (int i = 0; i < spanOut.length; i++) {
      spanOut[i] = new Workspace();
      spanStats[i] = new Workspace();
    }
  }

  /**
   * Attends for all rows of a pass: stores their keys, then {@code y = attention(x)}.
   *
   * @param x normed residual stream [R, D]
   * @param y [R, D]
   */
  void forward(
      Batch batch, int layer, MlaSpec spec, MlaWeights weights, float[] x, float[] y, int width) {
    this.batch = batch;
    this.layer = layer;
    this.spec = spec;
    this.weights = weights;
    int rows = batch.rows();
    project(x, width, rows);
    workers.run(rows, (long) rows * spec.cacheWidth() * 8, keysTask);
    absorb(rows);
    attendAll(rows);
    int valueWidth = spec.heads() * spec.valueDim();
    float[] v = values.get((long) rows * valueWidth);
    int latentWidth = spec.heads() * spec.latentRank();
    for (int h = 0; h < spec.heads(); h++) {
      region.add(
          weights.valueUp().get(h),
          latentOut.get(),
          h * spec.latentRank(),
          latentWidth,
          rows,
          v,
          h * spec.valueDim(),
          valueWidth);
    }
    region.run();
    region.add(weights.output(), v, 0, valueWidth, rows, y, 0, width);
    region.run();
  }

  /** Queries and, for the cache, latents and rope keys. */
  private void project(float[] x, int width, int rows) {
    int queryWidth = spec.heads() * spec.queryDim();
    float[] q = query.get((long) rows * queryWidth);
    float[] k = kv.get((long) rows * spec.cacheWidth());
    region.add(weights.kvDown(), x, 0, width, rows, k, 0, spec.cacheWidth());
    if (weights.queryDown() == null) {
      region.add(weights.query(), x, 0, width, rows, q, 0, queryWidth);
      region.run();
      return;
    }
    int rank = spec.queryRank();
    float[] c = queryDown.get((long) rows * rank);
    region.add(weights.queryDown(), x, 0, width, rows, c, 0, rank);
    region.run();
    float[] norm = Objects.requireNonNull(weights.queryNorm());
    for (int r = 0; r < rows; r++) {
      workers.kernels().rmsNorm(c, r * rank, norm, epsilon, rank, c, r * rank);
    }
    region.add(weights.query(), c, 0, rank, rows, q, 0, queryWidth);
    region.run();
  }

  /** Norms a row's latent, rotates its key, stores both. */
  private void keys(int row, int worker) {
    Kernels kernels = workers.kernels();
    float[] k = kv.get();
    int width = spec.cacheWidth();
    int latent = spec.latentRank();
    int at = row * width;
    int position = batch.position(row);
    kernels.rmsNorm(k, at, weights.kvNorm(), epsilon, latent, k, at);
    kernels.ropeInterleaved(
        k,
        at + latent,
        rope.cos(position),
        rope.sin(position),
        rope.offset(position),
        rope.pairs());
    LatentCache cache = batch.cache(row);
    kernels.store(k, at, width, cache.type(), cache.block(position), cache.offset(layer, position));
  }

  /** Per head, the query's nope part into the latent space and its rope part rotated beside it. */
  private void absorb(int rows) {
    int queryWidth = spec.heads() * spec.queryDim();
    int absorbedWidth = spec.heads() * spec.cacheWidth();
    float[] a = absorbed.get((long) rows * absorbedWidth);
    for (int h = 0; h < spec.heads(); h++) {
      region.add(
          weights.keyUp().get(h),
          query.get(),
          h * spec.queryDim(),
          queryWidth,
          rows,
          a,
          h * spec.cacheWidth(),
          absorbedWidth);
    }
    region.run();
    workers.run(rows, (long) rows * spec.heads() * spec.ropeDim() * 8, queriesTask);
  }

  private void queries(int row, int worker) {
    int position = batch.position(row);
    float[] a = absorbed.get();
    for (int h = 0; h < spec.heads(); h++) {
      int from = (row * spec.heads() + h) * spec.queryDim() + spec.nopeDim();
      int to = (row * spec.heads() + h) * spec.cacheWidth() + spec.latentRank();
      System.arraycopy(query.get(), from, a, to, spec.ropeDim());
      workers
          .kernels()
          .ropeInterleaved(
              a, to, rope.cos(position), rope.sin(position), rope.offset(position), rope.pairs());
    }
  }

  private void attendAll(int rows) {
    latentOut.get((long) rows * spec.heads() * spec.latentRank());
    int wanted = (workers.threads() * 2 + rows - 1) / rows;
    headsPerTask =
        Math.min(spec.heads(), Math.max(HEADS_AT_LEAST, (spec.heads() + wanted - 1) / wanted));
    headTasks = (spec.heads() + headsPerTask - 1) / headsPerTask;
    long work = 0;
    for (int r = 0; r < rows; r++) {
      work += (long) (batch.position(r) + 1) * spec.heads() * spec.cacheWidth() * 2;
    }
    workers.run(rows * headTasks, work, attendTask);
  }

  /** One row and group of heads against all spans of its session, in ascending order. */
  private void attend(int index, int worker) {
    Kernels kernels = workers.kernels();
    int row = index / headTasks;
    int firstHead = index % headTasks * headsPerTask;
    int heads = Math.min(headsPerTask, spec.heads() - firstHead);
    int latent = spec.latentRank();
    int q = (row * spec.heads() + firstHead) * spec.cacheWidth();
    int out = (row * spec.heads() + firstHead) * latent;
    int keys = batch.position(row) + 1;
    LatentCache cache = batch.cache(row);
    float[] acc = latentOut.get();
    float[] stats = spanStats[worker].get(4L * spec.heads());
    float[] part = spanOut[worker].get((long) spec.heads() * latent);
    int partStats = 2 * spec.heads();
    for (int start = 0; start < keys; start += Kernels.SPAN) {
      boolean first = start == 0;
      kernels.attendLatentSpan(
          absorbed.get(),
          q,
          heads,
          latent,
          spec.ropeDim(),
          spec.softmaxScale(),
          cache.type(),
          cache.block(start),
          cache.offset(layer, start),
          Math.min(Kernels.SPAN, keys - start),
          first ? acc : part,
          first ? out : 0,
          stats,
          first ? 0 : partStats,
          workers.scratch(worker));
      if (!first) {
        kernels.mergeSpan(heads, latent, acc, out, stats, 0, part, 0, stats, partStats);
      }
    }
    kernels.normalizeSpans(heads, latent, acc, out, stats, 0);
  }
}
