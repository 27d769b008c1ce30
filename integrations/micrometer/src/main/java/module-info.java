/** Passes, rows and the balance of experts as Micrometer meters. */
@org.jspecify.annotations.NullMarked
module dev.tyto.micrometer {
  requires transitive dev.tyto.core;
  requires transitive micrometer.core;
  requires static org.jspecify;

  exports dev.tyto.micrometer;
}
