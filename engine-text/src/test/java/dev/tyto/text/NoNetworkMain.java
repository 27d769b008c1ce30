package dev.tyto.text;

import dev.tyto.loader.TokenizerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Loads and uses a tokenizer in a JVM in which every way to the network tells and fails. */
final class NoNetworkMain {
  private NoNetworkMain() {}

  @SuppressWarnings("deprecation") // the only hook below every socket of java.net
  public static void main(String[] args) throws Exception {
    Socket.setSocketImplFactory(
        () -> {
          System.out.println("NETWORK: a socket was made");
          throw new IllegalStateException("no network here");
        });
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            System.out.println("NETWORK: " + uri);
            return List.of(
                new Proxy(
                    Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), 9)));
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException e) {}
        });
    TokenizerConfig config =
        new TokenizerConfig(null, null, null, null, null, null, null, null, Map.of());
    try (NativeTokenizer tokenizer = NativeTokenizer.load(Path.of(args[0]), config)) {
      System.out.println("IDS: " + tokenizer.encode("Once upon a time", false).length);
    }
  }
}
