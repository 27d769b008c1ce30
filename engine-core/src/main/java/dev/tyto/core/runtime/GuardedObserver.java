package dev.tyto.core.runtime;

import dev.tyto.core.PassObserver;
import org.jspecify.annotations.Nullable;

/** Keeps an observer's exception from ending a pass that other sessions share. */
final class GuardedObserver implements PassObserver {
  private final PassObserver observer;
  private @Nullable RuntimeException failure;

  GuardedObserver(PassObserver observer) {
    this.observer = observer;
  }

  @Nullable RuntimeException failure() {
    return failure;
  }

  @Override
  public boolean wantsLogits() {
    return observer.wantsLogits();
  }

  @Override
  public void hidden(int layer, int position, float[] data, int offset, int length) {
    guard(() -> observer.hidden(layer, position, data, offset, length));
  }

  @Override
  public void route(int layer, int position, int[] ids, float[] weights, int offset, int k) {
    guard(() -> observer.route(layer, position, ids, weights, offset, k));
  }

  @Override
  public void logits(int position, float[] data, int offset, int length) {
    guard(() -> observer.logits(position, data, offset, length));
  }

  private void guard(Runnable call) {
    if (failure == null) {
      try {
        call.run();
      } catch (RuntimeException e) {
        failure = e;
      }
    }
  }
}
