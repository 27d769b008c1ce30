package dev.tyto.core.runtime;

import dev.tyto.core.ModelInfo;
import dev.tyto.core.cache.LatentCache;
import dev.tyto.core.family.Families;
import dev.tyto.core.spec.DecoderSpec;
import dev.tyto.core.spec.MoeSpec;
import dev.tyto.kernels.CacheType;
import dev.tyto.loader.Checkpoint;
import dev.tyto.loader.DeepSeekConfig;
import dev.tyto.loader.LoadException;
import dev.tyto.loader.ModelFolder;
import dev.tyto.loader.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Describes a model folder from its headers alone. */
public final class ModelInfos {
  private ModelInfos() {}

  /** Opens, describes, closes. */
  public static ModelInfo read(Path path) throws LoadException {
    ModelFolder folder = ModelFolder.open(path);
    try (Checkpoint checkpoint = folder.openCheckpoint()) {
      return of(folder, Families.spec(folder.config()), checkpoint);
    }
  }

  static ModelInfo of(ModelFolder folder, DecoderSpec spec, Checkpoint checkpoint)
      throws LoadException {
    int mtpLayers =
        switch (folder.config()) {
          case DeepSeekConfig c -> c.numNextnPredictLayers();
        };
    Map<String, Long> bytes = new TreeMap<>();
    for (String name : checkpoint.names()) {
      if (!ofMtp(name, spec.layers().size())) {
        Tensor t = checkpoint.tensor(name);
        bytes.merge(t.dtype().name(), t.byteSize(), Long::sum);
      }
    }
    MoeSpec moe =
        spec.layers().stream()
            .map(l -> l.feedForward())
            .filter(MoeSpec.class::isInstance)
            .map(MoeSpec.class::cast)
            .findFirst()
            .orElse(null);
    int experts = moe == null ? 0 : moe.router().experts();
    return new ModelInfo(
        folder.path(),
        folder.config().modelType(),
        spec.layers().size(),
        spec.moeLayers(),
        spec.hiddenSize(),
        spec.layers().getFirst().attention().heads(),
        spec.vocabSize(),
        spec.contextLength(),
        experts,
        moe == null ? 0 : moe.router().topK(),
        moe == null ? 0 : moe.sharedIntermediateSize() / moe.expertIntermediateSize(),
        mtpLayers,
        Parameters.total(spec),
        Parameters.active(spec),
        checkpoint.names().size(),
        bytes,
        LatentCache.bytesPerToken(spec.withoutMtp(), CacheType.BF16));
  }

  private static boolean ofMtp(String name, int layers) {
    String prefix = "model.layers.";
    if (!name.startsWith(prefix)) {
      return false;
    }
    String rest = name.substring(prefix.length());
    int dot = rest.indexOf('.');
    return dot > 0
        && rest.substring(0, dot).chars().allMatch(Character::isDigit)
        && Long.parseLong(rest.substring(0, Math.min(dot, 9))) >= layers;
  }
}
