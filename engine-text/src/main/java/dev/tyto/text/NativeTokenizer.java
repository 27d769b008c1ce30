package dev.tyto.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import dev.tyto.loader.LoadException;
import dev.tyto.loader.TokenizerConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * A tokenizer.json run by Hugging Face's own library, which DJL carries. The library comes out of
 * DJL's jar into its cache folder ({@code ~/.djl.ai/tokenizers}, moved by {@code DJL_CACHE_DIR} or
 * {@code ENGINE_CACHE_DIR}), without any network.
 */
final class NativeTokenizer implements Tokenizer, AutoCloseable {
  /** The largest of published models have some 20 MB. */
  private static final long MAX_FILE_SIZE = 256L << 20;

  static {
    // Without the first DJL asks a cloud's metadata address who we are and reports it; without the
    // second it looks for GPUs, and on a machine with one downloads another build of the library.
    System.getProperties().putIfAbsent("OPT_OUT_TRACKING", "true");
    System.getProperties().putIfAbsent("RUST_FLAVOR", "cpu");
  }

  private final HuggingFaceTokenizer tokenizer;
  private final Vocabulary vocabulary;
  private final int bos;
  private final int eos;

  /** Readers use the native tokenizer, the writer frees it: no call ever meets freed memory. */
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  private boolean closed;

  private NativeTokenizer(HuggingFaceTokenizer tokenizer, Vocabulary vocabulary, int bos, int eos) {
    this.tokenizer = tokenizer;
    this.vocabulary = vocabulary;
    this.bos = bos;
    this.eos = eos;
  }

  /**
   * Loads a tokenizer.
   *
   * @param file the tokenizer.json
   * @param config whether and which tokens stand around a text
   * @throws LoadException if the file cannot be used, or the native library not be loaded
   */
  static NativeTokenizer load(Path file, TokenizerConfig config) throws LoadException {
    byte[] json = read(file);
    Vocabulary vocabulary = Vocabulary.read(file, json);
    int bos = -1;
    if (Boolean.TRUE.equals(config.addBosToken()) && config.bosToken() != null) {
      bos = require(file, vocabulary, config.bosToken(), "bos_token");
    }
    int eos = -1;
    if (Boolean.TRUE.equals(config.addEosToken()) && config.eosToken() != null) {
      eos = require(file, vocabulary, config.eosToken(), "eos_token");
    }
    return new NativeTokenizer(loadNative(file, json), vocabulary, bos, eos);
  }

  private static byte[] read(Path file) throws LoadException {
    try {
      if (Files.size(file) > MAX_FILE_SIZE) {
        throw new LoadException(
            file, "has " + Files.size(file) + " bytes, over the limit of 256 MiB");
      }
      return Files.readAllBytes(file);
    } catch (LoadException e) {
      throw e;
    } catch (IOException e) {
      throw new LoadException(file, "cannot be read: " + e, e);
    }
  }

  private static int require(Path file, Vocabulary vocabulary, String token, String field)
      throws LoadException {
    int id = vocabulary.idOf(token);
    if (id < 0) {
      throw new LoadException(
          file, "lacks the token " + token + " that tokenizer_config.json names as " + field);
    }
    return id;
  }

  private static HuggingFaceTokenizer loadNative(Path file, byte[] json) throws LoadException {
    Thread thread = Thread.currentThread();
    ClassLoader context = thread.getContextClassLoader();
    // DJL looks for its library through the context class loader, which may not see it.
    thread.setContextClassLoader(HuggingFaceTokenizer.class.getClassLoader());
    try {
      LibUtils.checkStatus();
    } catch (RuntimeException | LinkageError | AssertionError e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      throw new LoadException(
          file,
          "the native tokenizer library cannot be loaded on %s %s (%s); it has builds for Linux"
                  .formatted(System.getProperty("os.name"), System.getProperty("os.arch"), root)
              + " (glibc) on x86-64 and ARM64, macOS on ARM64 and Windows on x86-64",
          e);
    } finally {
      thread.setContextClassLoader(context);
    }
    try {
      return HuggingFaceTokenizer.newInstance(
          new ByteArrayInputStream(json),
          Map.of("truncation", "DO_NOT_TRUNCATE", "padding", "DO_NOT_PAD"));
    } catch (IOException | RuntimeException e) {
      throw new LoadException(file, "is not a tokenizer: " + e.getMessage(), e);
    }
  }

  @Override
  public int[] encode(String text, boolean addSpecialTokens) {
    String valid = withoutLoneSurrogates(text);
    long[] ids = use(t -> t.encode(valid, addSpecialTokens, false).getIds());
    boolean first = addSpecialTokens && bos >= 0 && (ids.length == 0 || ids[0] != bos);
    boolean last = addSpecialTokens && eos >= 0 && (ids.length == 0 || ids[ids.length - 1] != eos);
    int[] result = new int[ids.length + (first ? 1 : 0) + (last ? 1 : 0)];
    int start = first ? 1 : 0;
    for (int i = 0; i < ids.length; i++) {
      result[start + i] = (int) ids[i];
    }
    if (first) {
      result[0] = bos;
    }
    if (last) {
      result[result.length - 1] = eos;
    }
    return result;
  }

  @Override
  public String decode(int[] ids, boolean skipSpecialTokens) {
    long[] wide = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0) {
        throw new IllegalArgumentException("the token id " + ids[i] + " is negative");
      }
      wide[i] = ids[i];
    }
    return use(t -> t.decode(wide, skipSpecialTokens));
  }

  @Override
  public TokenDecoder newDecoder(boolean skipSpecialTokens) {
    return new IncrementalDecoder(
        ids -> decode(ids, skipSpecialTokens),
        id ->
            id >= 0
                && (!vocabulary.isKnown(id) || (skipSpecialTokens && vocabulary.isSpecial(id))));
  }

  @Override
  public int vocabSize() {
    return vocabulary.size();
  }

  @Override
  public OptionalInt idOf(String token) {
    int id = vocabulary.idOf(token);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public boolean isSpecial(int id) {
    return id >= 0 && vocabulary.isSpecial(id);
  }

  private <T> T use(Function<HuggingFaceTokenizer, T> call) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the tokenizer is closed");
      }
      return call.apply(tokenizer);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Waits for calls that run. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        tokenizer.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Half a surrogate pair has no UTF-8; it becomes U+FFFD, as in any encoder. */
  private static String withoutLoneSurrogates(String text) {
    int[] codePoints = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        codePoints = text.codePoints().map(p -> p >= 0xd800 && p <= 0xdfff ? 0xfffd : p).toArray();
        break;
      }
    }
    return codePoints == null ? text : new String(codePoints, 0, codePoints.length);
  }
}
