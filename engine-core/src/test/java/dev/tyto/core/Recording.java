package dev.tyto.core;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Keeps everything that a pass shows, by position. */
final class Recording implements PassObserver {
  /** Expert ids and weights in the engine's order. */
  record Route(int[] ids, float[] weights) {
    /** Weight by expert. */
    public Map<Integer, Float> byExpert() {
      Map<Integer, Float> map = new TreeMap<>();
      for (int j = 0; j < ids.length; j++) {
        map.put(ids[j], weights[j]);
      }
      return map;
    }
  }

  private record Key(int layer, int position) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      return layer != other.layer
          ? Integer.compare(layer, other.layer)
          : Integer.compare(position, other.position);
    }
  }

  private final Map<Integer, float[]> logits = new TreeMap<>();
  private final Map<Key, float[]> hidden = new TreeMap<>();
  private final Map<Key, Route> routes = new TreeMap<>();

  @Override
  public void hidden(int layer, int position, float[] data, int offset, int length) {
    hidden.put(new Key(layer, position), Arrays.copyOfRange(data, offset, offset + length));
  }

  @Override
  public void route(int layer, int position, int[] ids, float[] weights, int offset, int k) {
    routes.put(
        new Key(layer, position),
        new Route(
            Arrays.copyOfRange(ids, offset, offset + k),
            Arrays.copyOfRange(weights, offset, offset + k)));
  }

  @Override
  public void logits(int position, float[] data, int offset, int length) {
    logits.put(position, Arrays.copyOfRange(data, offset, offset + length));
  }

  public int positions() {
    return logits.size();
  }

  public float[] logits(int position) {
    return logits.get(position);
  }

  public float[] hidden(int layer, int position) {
    return hidden.get(new Key(layer, position));
  }

  public Route route(int layer, int position) {
    return routes.get(new Key(layer, position));
  }

  /** All logits as bits, position after position: what must never change. */
  public int[] logitBits() {
    return logits.values().stream()
        .flatMapToInt(
            row -> IntStream.range(0, row.length).map(i -> Float.floatToRawIntBits(row[i])))
        .toArray();
  }
}
