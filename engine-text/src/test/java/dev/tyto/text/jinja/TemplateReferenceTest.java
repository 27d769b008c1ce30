package dev.tyto.text.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every case that {@code tools/text-fixtures/record_templates.py} recorded from transformers and
 * Jinja2 renders to the same text, or fails where they fail.
 */
class TemplateReferenceTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final ZonedDateTime NOW =
      ZonedDateTime.of(2026, 11, 5, 9, 3, 7, 0, ZoneOffset.UTC);

  @TestFactory
  Stream<DynamicTest> rendersAsTransformersDoes() throws IOException {
    JsonNode document = MAPPER.readTree(read("/templates/reference.json"));
    List<JsonNode> cases = document.get("cases").valueStream().toList();
    assertTrue(cases.size() > 350, () -> cases.size() + " cases");
    return cases.stream()
        .map(c -> DynamicTest.dynamicTest(c.get("name").asString(), () -> check(c)));
  }

  private static void check(JsonNode c) throws IOException {
    if (c.has("error")) {
      assertThrows(TemplateException.class, () -> render(c), c.get("error").asString());
    } else {
      assertEquals(c.get("output").asString(), render(c));
    }
  }

  private static String render(JsonNode c) throws IOException {
    Map<String, Object> variables = new HashMap<>();
    variables.put("messages", MAPPER.convertValue(c.get("messages"), List.class));
    variables.put("add_generation_prompt", c.get("add_generation_prompt").asBoolean());
    variables.put("tools", null);
    variables.put("documents", null);
    variables.put("bos_token", c.get("bos_token").asString());
    variables.put("eos_token", c.get("eos_token").asString());
    String template =
        c.has("file")
            ? read("/templates/" + c.get("file").asString())
            : c.get("template").asString();
    return Template.compile(template).render(variables, () -> NOW);
  }

  private static String read(String resource) throws IOException {
    try (InputStream in = TemplateReferenceTest.class.getResourceAsStream(resource)) {
      return new String(
          Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
