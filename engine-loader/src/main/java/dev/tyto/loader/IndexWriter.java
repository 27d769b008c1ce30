package dev.tyto.loader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/** Writes {@code model.safetensors.index.json}: which file holds which tensor. */
final class IndexWriter {
  private IndexWriter() {}

  static void write(Path file, Map<String, String> fileOf, long totalBytes) throws IOException {
    try (var out = Files.newOutputStream(file);
        JsonGenerator json = Json.FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      json.writeName("metadata").writeStartObject();
      json.writeName("total_size").writeNumber(totalBytes);
      json.writeEndObject();
      json.writeName("weight_map").writeStartObject();
      for (Map.Entry<String, String> entry : new TreeMap<>(fileOf).entrySet()) {
        json.writeName(entry.getKey()).writeString(entry.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    }
  }
}
