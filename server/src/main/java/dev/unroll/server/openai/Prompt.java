package dev.unroll.server.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroll.model.LanguageModel;
import dev.unroll.server.http.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a text begins with.
 *
 * @param text its letters
 * @param ids its tokens
 * @param offsets finds where they begin in the text
 */
record Prompt(String text, int[] ids, Supplier<List<Integer>> offsets) {

  /**
   * Returns the prompts of a request: a text, a list of texts, the ids of one, or a list of those.
   *
   * @param field by which messages name them
   */
  static List<Prompt> of(@Nullable JsonNode node, LanguageModel model, String field) {
    if (node == null) {
      return List.of(ofText("", model));
    }
    if (node.isEmpty() && node.isArray()) {
      throw Problem.ofField(400, field, "'" + field + "' has no text: give at least one.");
    }
    if (!node.isArray()) {
      return List.of(one(node, model, field));
    }
    if (node.get(0).isNumber()) {
      return List.of(ofIds(node, model, field));
    }
    var prompts = new ArrayList<Prompt>();
    node.forEach(each -> prompts.add(one(each, model, field)));
    return prompts;
  }

  private static Prompt one(JsonNode node, LanguageModel model, String field) {
    if (node.isTextual()) {
      return ofText(node.textValue(), model);
    }
    if (node.isArray()) {
      return ofIds(node, model, field);
    }
    throw wrong(field);
  }

  private static Problem wrong(String field) {
    return Problem.ofField(
        400,
        field,
        "'"
            + field
            + "' must be a text, a list of texts, a list of token ids, or a list of such lists.");
  }

  private static Prompt ofText(String text, LanguageModel model) {
    return new Prompt(text, model.promptIds(text), () -> Offsets.ofText(text, model.tokenizer()));
  }

  private static Prompt ofIds(JsonNode node, LanguageModel model, String field) {
    int[] ids = new int[node.size()];
    int most = model.tokenizer().size() - 1;
    for (int i = 0; i < ids.length; i++) {
      JsonNode id = node.get(i);
      if (!id.isIntegralNumber()) {
        throw wrong(field);
      }
      if (!id.canConvertToInt() || id.intValue() < 0 || id.intValue() > most) {
        throw Problem.ofField(
            400, field, "'" + field + "' has a token that is not in 0 … " + most + ".");
      }
      ids[i] = id.intValue();
    }
    return new Prompt(
        model.tokenizer().decode(ids), ids, () -> Offsets.ofIds(ids, model.tokenizer()));
  }
}
