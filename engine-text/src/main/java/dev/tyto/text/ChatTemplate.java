package dev.tyto.text;

import java.util.List;

/**
 * Turns a conversation into the text that the model was trained to continue, as Hugging Face's
 * {@code apply_chat_template} does. Safe for use by many threads at once.
 *
 * <p>A message's content is put into the text as it is. If a user writes a special token's text
 * (such as {@code <|assistant|>}) into a message, the tokenizer recognises it, exactly as with
 * Hugging Face's {@code transformers}: strip such text from untrusted messages if that matters to
 * you.
 */
public interface ChatTemplate {
  /**
   * The conversation as text, special tokens spelled out.
   *
   * @param messages oldest first
   * @param addGenerationPrompt whether to end with the opening of an answer by the model
   * @throws ChatTemplateException if the template refuses the messages, or fails, or runs over its
   *     limits of time and size
   */
  String render(List<ChatMessage> messages, boolean addGenerationPrompt);
}
