package dev.tyto.text;

import dev.tyto.loader.LoadException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What the native tokenizer does not tell about a tokenizer.json: the ids of tokens, and which are
 * special.
 */
final class Vocabulary {
  private final Map<String, Integer> ids = new HashMap<>();
  private final BitSet known = new BitSet();
  private final BitSet special = new BitSet();

  private Vocabulary() {}

  /**
   * Reads the vocabulary and added tokens of a tokenizer.json.
   *
   * @throws LoadException if it is not JSON, or has no vocabulary, or an id is not valid
   */
  static Vocabulary read(Path file, byte[] json) throws LoadException {
    Vocabulary vocabulary = new Vocabulary();
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new LoadException(file, "is not a JSON object");
      }
      vocabulary.readDocument(parser);
    } catch (JacksonException e) {
      throw new LoadException(file, "is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new LoadException(file, String.valueOf(e.getMessage()), e);
    }
    if (vocabulary.ids.isEmpty()) {
      throw new LoadException(file, "has no model.vocab");
    }
    return vocabulary;
  }

  private void readDocument(JsonParser parser) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      if (field.equals("added_tokens") && value == JsonToken.START_ARRAY) {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
          readAddedToken(parser);
        }
      } else if (field.equals("model") && value == JsonToken.START_OBJECT) {
        readModel(parser);
      } else {
        parser.skipChildren();
      }
    }
  }

  private void readModel(JsonParser parser) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      if (!field.equals("vocab")) {
        parser.skipChildren();
      } else if (value == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          String token = parser.currentName();
          parser.nextToken();
          add(token, id(parser));
        }
      } else if (value == JsonToken.START_ARRAY) {
        readPieces(parser);
      }
    }
  }

  /** A unigram model's list of pieces with scores: the index is the id. */
  private void readPieces(JsonParser parser) {
    for (int id = 0; parser.nextToken() == JsonToken.START_ARRAY; id++) {
      if (parser.nextToken() == JsonToken.VALUE_STRING) {
        add(parser.getString(), id);
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        parser.skipChildren();
      }
    }
  }

  private void readAddedToken(JsonParser parser) {
    int id = -1;
    String content = "";
    boolean isSpecial = false;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "id" -> id = id(parser);
        case "content" -> content = parser.getString();
        case "special" -> isSpecial = parser.getBooleanValue();
        default -> parser.skipChildren();
      }
    }
    if (id < 0) {
      throw new IllegalArgumentException("an added token has no id");
    }
    add(content, id);
    special.set(id, isSpecial);
  }

  private static int id(JsonParser parser) {
    int id = parser.currentToken() == JsonToken.VALUE_NUMBER_INT ? parser.getIntValue() : -1;
    // A bit for each id up to the largest is kept: no model is near this.
    if (id < 0 || id >= 1 << 24) {
      throw new IllegalArgumentException("a token has an id that is not in 0..16777215");
    }
    return id;
  }

  private void add(String token, int id) {
    ids.put(token, id);
    known.set(id);
  }

  /** The id of a token as spelled in the file; -1 if there is none. */
  int idOf(String token) {
    return ids.getOrDefault(token, -1);
  }

  /** Whether decoding leaves the id out if special tokens are not wanted. */
  boolean isSpecial(int id) {
    return special.get(id);
  }

  /** Whether any token has the id. */
  boolean isKnown(int id) {
    return known.get(id);
  }

  /** Number of ids. */
  int size() {
    return known.cardinality();
  }
}
