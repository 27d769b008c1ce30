/** Token ids in, token ids out: the model, the router, the cache, scheduling, sampling. */
@org.jspecify.annotations.NullMarked
module dev.tyto.core {
  requires org.slf4j;
  requires dev.tyto.kernels;
  requires jdk.jfr;
  requires jdk.management;
  requires transitive dev.tyto.loader;
  requires static org.jspecify;

  exports dev.tyto.core;
  exports dev.tyto.core.balance;
}
