package dev.tyto.core.runtime;

import dev.tyto.core.ExpertStatistics;
import dev.tyto.core.LoadOptions;
import dev.tyto.core.Model;
import dev.tyto.core.ModelInfo;
import dev.tyto.core.SamplingOptions;
import dev.tyto.core.Session;
import dev.tyto.core.balance.LoadBalancer;
import dev.tyto.core.cache.LatentCache;
import dev.tyto.core.family.Families;
import dev.tyto.core.model.Decoder;
import dev.tyto.core.model.RoutingControl;
import dev.tyto.core.model.Workers;
import dev.tyto.core.sampling.Sampler;
import dev.tyto.core.spec.DecoderSpec;
import dev.tyto.core.spec.TensorNames;
import dev.tyto.core.weights.DecoderWeights;
import dev.tyto.core.weights.WeightLoader;
import dev.tyto.kernels.CacheType;
import dev.tyto.kernels.WorkerPool;
import dev.tyto.loader.Checkpoint;
import dev.tyto.loader.CheckpointOverlay;
import dev.tyto.loader.GenerationConfig;
import dev.tyto.loader.LoadException;
import dev.tyto.loader.ModelFolder;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A model in this process. Owns the weights' arena, the workers, the scheduler, the sessions. */
public final class LocalModel implements Model {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final ModelInfo info;
  private final GenerationConfig generationConfig;
  private final DecoderSpec spec;
  private final @Nullable DecoderSpec draftSpec;
  private final CacheType cacheType;
  private final int contextLength;
  private final Arena arena;
  private final WorkerPool pool;
  private final RoutingControl routing;
  private final Scheduler scheduler;

  private final ReentrantLock lock = new ReentrantLock();
  private final Set<LocalSession> sessions = new HashSet<>();
  private boolean closed;

  private LocalModel(
      ModelInfo info,
      GenerationConfig generationConfig,
      DecoderSpec spec,
      LoadOptions options,
      DecoderWeights weights,
      Arena arena,
      WorkerPool pool,
      Workers workers,
      Drafting.@Nullable DraftModel draftModel) {
    this.info = info;
    this.generationConfig = generationConfig;
    this.spec = spec;
    this.cacheType =
        switch (options.cacheDtype()) {
          case BF16 -> CacheType.BF16;
          case F32 -> CacheType.F32;
        };
    this.contextLength =
        options.contextLength() == 0 ? spec.contextLength() : options.contextLength();
    this.arena = arena;
    this.pool = pool;
    this.draftSpec = draftModel == null ? null : draftModel.spec();
    Decoder decoder = new Decoder(spec, weights, workers);
    this.routing = decoder.routing();
    this.scheduler =
        new Scheduler(
            decoder,
            workers,
            spec.vocabSize(),
            options.prefillChunk(),
            Drafting.drafter(
                options, decoder, spec.vocabSize(), draftModel, new Sampler(workers.kernels())),
            new DraftPolicy(options.draftLength()),
            "tyto-scheduler-" + COUNT.incrementAndGet());
  }

  /** Loads a model folder; see {@link Model#load(Path, LoadOptions)}. */
  @SuppressWarnings("MustBeClosedChecker") // the model that is returned owns the arena
  public static Model load(Path path, LoadOptions options) throws LoadException {
    ModelFolder folder = ModelFolder.open(path);
    DecoderSpec full = Families.spec(folder.config());
    if (options.contextLength() > full.contextLength()) {
      throw new IllegalArgumentException(
          "contextLength is "
              + options.contextLength()
              + ", but "
              + path
              + " was made for at most "
              + full.contextLength());
    }
    Arena arena = Arena.ofShared();
    WorkerPool pool = new WorkerPool(options.threads(), "tyto-worker");
    try (Checkpoint checkpoint = folder.openCheckpoint()) {
      DecoderSpec spec = Drafting.spec(full, checkpoint, options, path);
      ModelInfo info = ModelInfos.of(folder, full, checkpoint);
      MemoryCheck.weightsFit(path, info.weightBytes());
      WeightLoader.Loaded loaded =
          WeightLoader.load(
              spec,
              checkpoint,
              arena,
              pool,
              options.weights(),
              info.weightBytes(),
              options.progress());
      Workers workers = new Workers(pool);
      LocalModel model =
          new LocalModel(
              info,
              folder.generationConfig(),
              spec,
              options,
              loaded.weights(),
              arena,
              pool,
              workers,
              Drafting.load(options, spec, arena, pool, workers));
      model.scheduler.start();
      return model;
    } catch (LoadException | RuntimeException | Error e) {
      pool.close();
      arena.close();
      throw e;
    }
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public GenerationConfig generationConfig() {
    return generationConfig;
  }

  @Override
  public int contextLength() {
    return contextLength;
  }

  @Override
  public int vocabSize() {
    return spec.vocabSize();
  }

  @Override
  public Session newSession() {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the model is closed");
      }
      LatentCache draftCache = draftSpec == null ? null : new LatentCache(draftSpec, cacheType);
      LocalSession session = new LocalSession(this, new LatentCache(spec, cacheType), draftCache);
      sessions.add(session);
      return session;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public ExpertStatistics expertStatistics() {
    return routing.statistics();
  }

  @Override
  public void resetExpertStatistics() {
    routing.resetStatistics();
  }

  @Override
  public float[] selectionBias(int layer) {
    return routing.biases().get(layer);
  }

  @Override
  public void setSelectionBias(int layer, float[] bias) {
    routing.biases().set(layer, bias);
  }

  @Override
  public void saveSelectionBiases(Path folder) throws IOException {
    routing.biases().requirePresent();
    CheckpointOverlay overlay = new CheckpointOverlay(info.folder());
    for (int l = 0; l < spec.layers().size(); l++) {
      if (routing.biases().has(l)) {
        float[] bias = routing.biases().get(l);
        overlay.tensor(spec.names().of(TensorNames.Role.ROUTER_BIAS, l), bias, bias.length);
      }
    }
    overlay.metadata("tyto", "selection biases adapted to a load").write(folder);
  }

  @Override
  public void setLoadBalancer(@Nullable LoadBalancer balancer) {
    routing.balancer(balancer);
  }

  @Override
  public void close() {
    Set<LocalSession> open;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      open = Set.copyOf(sessions);
    } finally {
      lock.unlock();
    }
    scheduler.close();
    for (LocalSession session : open) {
      session.close();
    }
    pool.close();
    arena.close();
  }

  Scheduler scheduler() {
    return scheduler;
  }

  void forget(LocalSession session) {
    lock.lock();
    try {
      sessions.remove(session);
    } finally {
      lock.unlock();
    }
  }

  /** Biases must name tokens that exist. */
  void checkSampling(SamplingOptions sampling) {
    for (int id : sampling.logitBias().keySet()) {
      if (id < 0 || id >= vocabSize()) {
        throw new IllegalArgumentException(
            "logitBias names token id %d, which is not in the vocabulary of %d"
                .formatted(id, vocabSize()));
      }
    }
  }
}
