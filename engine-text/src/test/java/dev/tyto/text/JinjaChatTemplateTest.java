package dev.tyto.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tyto.loader.TokenizerConfig;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JinjaChatTemplateTest {
  private static final List<ChatMessage> TALK =
      List.of(ChatMessage.system("S"), ChatMessage.user("{{ bos_token }}"));

  private static ChatTemplate template(String source) {
    return new JinjaChatTemplate(
        source,
        Map.of("bos_token", "<s>"),
        () -> ZonedDateTime.of(2026, 11, 25, 0, 0, 0, 0, ZoneOffset.UTC));
  }

  @Test
  void givesTheVariablesThatTransformersGives() {
    assertEquals(
        "<s>|TrueTrueFalse|system:S|user:{{ bos_token }}|True 25 Nov",
        template(
                "{{ bos_token }}|{{ tools is none }}{{ documents is none }}{{ eos_token is defined"
                    + " }}{% for m in messages %}|{{ m.role }}:{{ m['content'] }}{% endfor %}|{{"
                    + " add_generation_prompt }} {{ strftime_now('%d %b') }}")
            .render(TALK, true));
    assertEquals("False", template("{{ add_generation_prompt }}").render(TALK, false));
  }

  @Test
  void takesTheSpecialTokensOfTheTokenizerConfig() {
    TokenizerConfig config =
        new TokenizerConfig(null, "<b>", "<e>", "<p>", null, null, null, null, Map.of());
    assertEquals(
        "<b><e><p>False",
        JinjaChatTemplate.of(
                "{{ bos_token }}{{ eos_token }}{{ pad_token }}{{ unk_token is defined }}", config)
            .render(List.of(), true));
  }

  @Test
  void saysWhatWentWrong() {
    assertEquals(
        "the chat template refuses the conversation: roles must alternate",
        message("{{ raise_exception('roles must alternate') }}"));
    assertEquals("the chat template failed: line 2: 'x' is undefined", message("a\n{{ x.y }}"));
    assertEquals("the chat template failed: line 1: unknown tag 'frob'", message("{% frob %}"));
  }

  private static String message(String source) {
    ChatTemplate template = template(source);
    return assertThrows(ChatTemplateException.class, () -> template.render(TALK, true))
        .getMessage();
  }
}
