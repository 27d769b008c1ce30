/** Numbers in, numbers out: the kernels of Tyto, scalar and SIMD, with the same bits. */
@org.jspecify.annotations.NullMarked
module dev.tyto.kernels {
  requires org.slf4j;
  requires static jdk.incubator.vector;
  // Only to read two JVM flags; the kernels run without.
  requires static java.management;
  requires static jdk.management;
  requires static org.jspecify;

  exports dev.tyto.kernels;
}
