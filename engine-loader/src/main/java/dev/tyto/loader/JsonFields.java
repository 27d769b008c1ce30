package dev.tyto.loader;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a JSON object of a configuration file, typed and range-checked. Every problem
 * becomes a {@link ConfigException} that names the field.
 *
 * <p>"Optional" fields may be absent or null. "Required" ones may be neither.
 */
final class JsonFields {
  private final Path file;
  private final String prefix;
  private final JsonNode object;

  JsonFields(Path file, String prefix, JsonNode object) {
    this.file = file;
    this.prefix = prefix;
    this.object = object;
  }

  Path file() {
    return file;
  }

  /** Whether the field is there, be it null. */
  boolean contains(String field) {
    return object.has(field);
  }

  /** Whether the field is there and not null. */
  boolean has(String field) {
    return object.hasNonNull(field);
  }

  int requiredInt(String field, int min, int max) throws ConfigException {
    return toInt(field, required(field), min, max);
  }

  int optionalInt(String field, int ifAbsent, int min, int max) throws ConfigException {
    JsonNode value = optional(field);
    return value == null ? ifAbsent : toInt(field, value, min, max);
  }

  @Nullable Integer nullableInt(String field, int min, int max) throws ConfigException {
    JsonNode value = optional(field);
    return value == null ? null : (Integer) toInt(field, value, min, max);
  }

  /** An integer or an array of them. */
  List<Integer> ints(String field, int min, int max) throws ConfigException {
    JsonNode value = optional(field);
    List<Integer> ints = new ArrayList<>();
    if (value != null && value.isArray()) {
      for (JsonNode element : value) {
        ints.add(toInt(field, element, min, max));
      }
    } else if (value != null) {
      ints.add(toInt(field, value, min, max));
    }
    return ints;
  }

  double requiredPositive(String field) throws ConfigException {
    return positive(field, toDouble(field, required(field)));
  }

  double optionalPositive(String field, double ifAbsent) throws ConfigException {
    JsonNode value = optional(field);
    return value == null ? ifAbsent : positive(field, toDouble(field, value));
  }

  @Nullable Double nullableDouble(String field, double min, double max) throws ConfigException {
    JsonNode value = optional(field);
    if (value == null) {
      return null;
    }
    double number = toDouble(field, value);
    if (number < min || number > max) {
      throw wrong(field, "is " + number + ", but must be from " + min + " to " + max);
    }
    return number;
  }

  @Nullable Boolean nullableBoolean(String field) throws ConfigException {
    JsonNode value = optional(field);
    if (value == null) {
      return null;
    }
    if (!value.isBoolean()) {
      throw wrongType(field, value, "true or false");
    }
    return value.booleanValue();
  }

  boolean optionalBoolean(String field, boolean ifAbsent) throws ConfigException {
    Boolean value = nullableBoolean(field);
    return value == null ? ifAbsent : value;
  }

  @Nullable String nullableString(String field) throws ConfigException {
    JsonNode value = optional(field);
    if (value == null) {
      return null;
    }
    if (!value.isString()) {
      throw wrongType(field, value, "a string");
    }
    return value.stringValue();
  }

  /** The fields of a nested object. */
  @Nullable JsonFields nullableObject(String field) throws ConfigException {
    JsonNode value = optional(field);
    if (value == null) {
      return null;
    }
    if (!value.isObject()) {
      throw wrongType(field, value, "an object");
    }
    return new JsonFields(file, prefix + field + ".", value);
  }

  /** The objects of an array. */
  List<JsonFields> objects(String field) throws ConfigException {
    JsonNode value = required(field);
    List<JsonFields> objects = new ArrayList<>();
    for (JsonNode element : value) {
      if (!element.isObject()) {
        throw wrongType(field, element, "an array of objects");
      }
      objects.add(new JsonFields(file, prefix + field + "[" + objects.size() + "].", element));
    }
    return objects;
  }

  /** What a field holds, to decide between the forms that it may have. */
  @Nullable JsonNode optional(String field) {
    JsonNode value = object.get(field);
    return value == null || value.isNull() ? null : value;
  }

  ConfigException wrong(String field, String problem) {
    String path = prefix + field;
    return new ConfigException(file, path, OneLine.quote(path) + " " + problem);
  }

  ConfigException wrongType(String field, JsonNode value, String expected) {
    return wrong(field, "is " + describe(value) + ", but must be " + expected);
  }

  private JsonNode required(String field) throws ConfigException {
    JsonNode value = object.get(field);
    if (value == null) {
      throw wrong(field, "is missing");
    }
    if (value.isNull()) {
      throw wrong(field, "is null, but this model needs it");
    }
    return value;
  }

  private int toInt(String field, JsonNode value, int min, int max) throws ConfigException {
    if (!value.isIntegralNumber()) {
      throw wrongType(field, value, "a whole number");
    }
    OptionalInt number = value.intValueOpt();
    if (number.isEmpty() || number.getAsInt() < min || number.getAsInt() > max) {
      throw wrong(field, "is " + describe(value) + ", but must be from " + min + " to " + max);
    }
    return number.getAsInt();
  }

  private double toDouble(String field, JsonNode value) throws ConfigException {
    if (!value.isNumber()) {
      throw wrongType(field, value, "a number");
    }
    double number = value.asDouble();
    if (!Double.isFinite(number)) {
      throw wrong(field, "is too large a number");
    }
    return number;
  }

  private double positive(String field, double number) throws ConfigException {
    if (!(number > 0)) {
      throw wrong(field, "is " + number + ", but must be above 0");
    }
    return number;
  }

  private static String describe(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      case STRING -> "the string " + OneLine.quote(value.stringValue());
      case NULL -> "null";
      default -> {
        String text = value.toString();
        yield text.length() > 40 ? text.substring(0, 40) + "..." : text;
      }
    };
  }
}
