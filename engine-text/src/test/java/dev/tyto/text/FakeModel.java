package dev.tyto.text;

import dev.tyto.core.ContextOverflowException;
import dev.tyto.core.FinishReason;
import dev.tyto.core.GenerationStats;
import dev.tyto.core.SamplingOptions;
import dev.tyto.core.Token;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A model that answers what it is told to, byte by byte: token ids are the bytes of UTF-8, {@link
 * #EOS} ends a text and {@link #MARK}, {@code <m>}, is special. It keeps the rules of the core's
 * sessions and counts what it was asked to run.
 */
final class FakeModel {
  static final int EOS = 256;
  static final int MARK = 257;

  final Deque<int[]> answers = new ArrayDeque<>();
  final List<int[]> prefills = new ArrayList<>();
  final AtomicInteger openSessions = new AtomicInteger();
  int contextLength = 1000;

  /** Where set, a generation stops after its tokens until it is cancelled. */
  boolean endless;

  @Nullable RuntimeException failure;
  @Nullable FakeSession lastSession;
  @Nullable Set<Integer> lastStopIds;

  void answer(String text) {
    int[] bytes = bytes(text);
    int[] ids = Arrays.copyOf(bytes, bytes.length + 1);
    ids[bytes.length] = EOS;
    answers.add(ids);
  }

  static int[] bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[bytes.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = bytes[i] & 0xff;
    }
    return ids;
  }

  TextEngine engine(@Nullable ChatTemplate template) {
    return new TextEngine(
        new ByteTokenizer(),
        template,
        Set.of(EOS),
        contextLength,
        () -> {
          openSessions.incrementAndGet();
          lastSession = new FakeSession();
          return lastSession;
        });
  }

  /** Encodes {@code <eos>} and {@code <m>} as one token each, all else as bytes. */
  static final class ByteTokenizer implements Tokenizer {
    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
      List<Integer> ids = new ArrayList<>();
      int position = 0;
      while (position < text.length()) {
        if (text.startsWith("<eos>", position)) {
          ids.add(EOS);
          position += 5;
        } else if (text.startsWith("<m>", position)) {
          ids.add(MARK);
          position += 3;
        } else {
          int next = position + Character.charCount(text.codePointAt(position));
          for (int b : bytes(text.substring(position, next))) {
            ids.add(b);
          }
          position = next;
        }
      }
      return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (int id : ids) {
        if (id < 256) {
          bytes.write(id);
        } else if (!skipSpecialTokens) {
          bytes.writeBytes((id == EOS ? "<eos>" : "<m>").getBytes(StandardCharsets.UTF_8));
        }
      }
      return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public int vocabSize() {
      return 258;
    }

    @Override
    public OptionalInt idOf(String token) {
      return switch (token) {
        case "<eos>" -> OptionalInt.of(EOS);
        case "<m>" -> OptionalInt.of(MARK);
        case "a" -> OptionalInt.of('a');
        default -> OptionalInt.empty();
      };
    }

    @Override
    public boolean isSpecial(int id) {
      return id >= 256;
    }

    @Override
    public TokenDecoder newDecoder(boolean skipSpecialTokens) {
      return new IncrementalDecoder(
          ids -> decode(ids, skipSpecialTokens), id -> skipSpecialTokens && isSpecial(id));
    }
  }

  final class FakeSession implements TokenSession {
    final List<Integer> tokens = new ArrayList<>();
    boolean closed;

    @Override
    public int[] tokens() {
      return tokens.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public void truncate(int length) {
      tokens.subList(length, tokens.size()).clear();
    }

    @Override
    public TokenGeneration generate(
        int[] prompt, SamplingOptions sampling, int maxTokens, Set<Integer> stopIds) {
      if (tokens.size() + prompt.length > contextLength) {
        throw new ContextOverflowException(tokens.size(), prompt.length, contextLength);
      }
      prefills.add(prompt);
      lastStopIds = stopIds;
      for (int id : prompt) {
        tokens.add(id);
      }
      return new FakeGeneration(this, answers.removeFirst(), maxTokens, stopIds);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        openSessions.decrementAndGet();
      }
    }
  }

  final class FakeGeneration implements TokenSession.TokenGeneration {
    private final FakeSession session;
    private final int[] ids;
    private final int maxTokens;
    private final Set<Integer> stopIds;
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private int taken;
    private boolean stopped;

    FakeGeneration(FakeSession session, int[] ids, int maxTokens, Set<Integer> stopIds) {
      this.session = session;
      this.ids = ids;
      this.maxTokens = maxTokens;
      this.stopIds = stopIds;
    }

    @Override
    public boolean hasNext() {
      if (cancelled.getCount() == 0) {
        return false;
      }
      if (taken < ids.length && taken < maxTokens && !stopped) {
        return true;
      }
      RuntimeException thrown = failure;
      if (thrown != null) {
        throw thrown;
      }
      if (endless) {
        try {
          cancelled.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      return false;
    }

    @Override
    public Token next() {
      int id = ids[taken++];
      session.tokens.add(id);
      stopped = stopIds.contains(id);
      return new Token(id, session.tokens.size() - 1, Float.NaN, List.of());
    }

    @Override
    public void cancel() {
      cancelled.countDown();
    }

    @Override
    public FinishReason finishReason() {
      return stopped
          ? FinishReason.STOP
          : cancelled.getCount() == 0
              ? FinishReason.CANCELLED
              : taken == maxTokens ? FinishReason.MAX_TOKENS : FinishReason.CONTEXT_FULL;
    }

    @Override
    public GenerationStats stats() {
      return new GenerationStats(prefills.getLast().length, taken, 1, 1, 0, 0, 0);
    }
  }
}
