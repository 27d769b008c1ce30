/** The {@code tyto} command. */
@org.jspecify.annotations.NullMarked
module dev.tyto.cli {
  requires dev.tyto.core;
  requires dev.tyto.demo;
  requires dev.tyto.kernels;
  requires dev.tyto.loader;
  requires dev.tyto.text;
  requires info.picocli;
  requires java.desktop;
  requires jdk.management;
  requires jdk.unsupported;
  requires me.tongfei.progressbar;
  requires org.jline.reader;
  requires org.jline.terminal;
  requires xchart;
  requires static org.jspecify;

  // Picocli fills in the fields that carry its annotations.
  opens dev.tyto.cli to
      info.picocli;
}
