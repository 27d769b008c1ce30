package dev.tyto.loader;

import static tools.jackson.core.JsonToken.PROPERTY_NAME;
import static tools.jackson.core.JsonToken.START_OBJECT;
import static tools.jackson.core.JsonToken.VALUE_STRING;

import dev.tyto.loader.SafetensorsException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;

/** Reads {@code model.safetensors.index.json}: which shard holds which tensor. */
final class CheckpointIndex {
  private static final long MAX_BYTES = 100_000_000;
  private static final int MAX_TENSORS = 1_000_000;
  private static final int MAX_FIELDS = 100;
  private static final int MAX_SKIPPED_TOKENS = 10_000;

  private final Path file;
  private final SequencedMap<String, String> shardOf = new LinkedHashMap<>();

  private CheckpointIndex(Path file) {
    this.file = file;
  }

  /** The file name of each tensor's shard, in the order of the index; never empty. */
  static SequencedMap<String, String> read(Path file) throws SafetensorsException {
    try (SharedFile source = SharedFile.open(file)) {
      return parse(file, source);
    }
  }

  static SequencedMap<String, String> parse(Path file, ByteSource source)
      throws SafetensorsException {
    CheckpointIndex index = new CheckpointIndex(file);
    if (source.size() > MAX_BYTES) {
      throw index.malformed("has " + source.size() + " bytes, over 100 MB", null);
    }
    try (JsonParser parser =
        Json.FACTORY.createParser(
            ObjectReadContext.empty(), Json.utf8(source.stream(0, source.size())))) {
      index.parse(parser);
    } catch (JacksonException e) {
      IOException failure = Json.readFailure(e);
      if (failure instanceof SafetensorsException typed) {
        throw typed;
      }
      if (failure != null) {
        throw new SafetensorsException(
            file, null, Reason.UNREADABLE, "cannot be read (" + failure.getMessage() + ")", e);
      }
      throw index.malformed(
          Json.isMalformedUtf8(e)
              ? "is not UTF-8"
              : "is not valid JSON (" + Json.complaint(e) + ")",
          e);
    }
    if (index.shardOf.isEmpty()) {
      throw index.malformed("has no weight_map, or an empty one", null);
    }
    return index.shardOf;
  }

  private void parse(JsonParser parser) throws SafetensorsException {
    if (parser.nextToken() != START_OBJECT) {
      throw malformed("is not a JSON object", null);
    }
    int fields = 0;
    while (parser.nextToken() == PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (++fields > MAX_FIELDS) {
        throw malformed("has more than " + MAX_FIELDS + " fields", null);
      }
      if (name.equals("weight_map")) {
        parseWeightMap(parser);
      } else if (!Json.skip(parser, MAX_SKIPPED_TOKENS)) {
        throw malformed(
            "has over " + MAX_SKIPPED_TOKENS + " tokens in " + OneLine.quote(name), null);
      }
    }
    if (parser.nextToken() != null) {
      throw malformed("has more text after the JSON object", null);
    }
  }

  private void parseWeightMap(JsonParser parser) throws SafetensorsException {
    if (parser.currentToken() != START_OBJECT) {
      throw malformed("has a weight_map that is not a JSON object", null);
    }
    // A few hundred shard names for a hundred thousand tensors: keep one copy of each.
    Map<String, String> shards = new HashMap<>();
    while (parser.nextToken() == PROPERTY_NAME) {
      String tensor = parser.currentName();
      if (parser.nextToken() != VALUE_STRING) {
        throw malformed(
            "names a shard for tensor " + OneLine.quote(tensor) + " that is not a string", null);
      }
      if (shardOf.size() == MAX_TENSORS) {
        throw malformed("has a weight_map of more than " + MAX_TENSORS + " tensors", null);
      }
      String shard = parser.getString();
      if (!isPlainFileName(shard)) {
        throw new SafetensorsException(
            file,
            tensor,
            Reason.BAD_SHARD_NAME,
            "is said to be in " + OneLine.quote(shard) + ", which is not a plain file name");
      }
      shardOf.put(tensor, shards.computeIfAbsent(shard, s -> s));
    }
  }

  /** Shards lie beside the index: a name with a separator, or one that climbs, is an attack. */
  private static boolean isPlainFileName(String name) {
    return !name.isEmpty()
        && !name.equals(".")
        && !name.equals("..")
        && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
  }

  private SafetensorsException malformed(String detail, @Nullable Throwable cause) {
    return cause == null
        ? new SafetensorsException(file, null, Reason.INDEX_MALFORMED, detail)
        : new SafetensorsException(file, null, Reason.INDEX_MALFORMED, detail, cause);
  }
}
