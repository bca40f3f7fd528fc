package dev.unroll.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Changes of JSON that stays JSON, mostly: values of other types and sizes, left out or doubled.
 */
final class JsonMutations {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "\"\"",
          "\"x\"",
          "\"NaN\"",
          "-1",
          "0",
          "1",
          "2",
          "3",
          "0.5",
          "-0.5",
          "1.5",
          "-0.0",
          "1e39",
          "1e308",
          "1e999",
          "-1e999",
          "1e-400",
          "127",
          "128",
          "65536",
          "1000000",
          "2147483647",
          "2147483648",
          "-2147483648",
          "4294967297",
          "9223372036854775807",
          "9223372036854775808",
          "1000000000000000000000000000000",
          "[]",
          "{}",
          "[[]]",
          "[{}]",
          "[null]",
          "[0]",
          "[-1]",
          "[\"\"]",
          "[\"a\",\"a\"]",
          "{\"a\":1}",
          "{\"\":{}}",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\\u001b[31m\"",
          "\"\\u2028\"",
          "\"lstm\"",
          "\"both\"",
          "\"last\"",
          "\"../x\"",
          "\"/dev/zero\"",
          "\"file.json\"",
          "NaN",
          "Infinity",
          "01",
          "+1",
          "'x'",
          "\"%s\"",
          "[0.1,0.5,0.9]",
          "[0.9,0.5,0.1]");

  private static final int DEEP = 40;
  private static final int LONG = 20_000;

  private JsonMutations() {}

  /** Returns the bytes of a text that was changed. */
  static byte[] mutate(byte[] seed, byte[] other, Dice dice) {
    if (dice.once(8)) {
      return ByteMutations.mutate(seed, other, dice);
    }
    String own = new String(seed, StandardCharsets.UTF_8);
    return mutate(own, new String(other, StandardCharsets.UTF_8), dice)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Returns a text that was changed. */
  static String mutate(String seed, String other, Dice dice) {
    try {
      JsonNode tree = JSON.readTree(seed);
      List<JsonNode> others = values(JSON.readTree(other));
      for (int i = dice.few(3); i > 0; i--) {
        List<ContainerNode<?>> places = places(tree);
        if (places.isEmpty()) {
          return dice.pick(VALUES);
        }
        mutate(dice.pick(places), others, dice);
      }
      return JSON.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      return other; // a seed that is no JSON, which a mutant of two may be
    }
  }

  /** All objects and lists that are not empty. */
  private static List<ContainerNode<?>> places(JsonNode tree) {
    var places = new ArrayList<ContainerNode<?>>();
    if (tree instanceof ContainerNode<?> container && !container.isEmpty()) {
      places.add(container);
      container.forEach(child -> places.addAll(places(child)));
    }
    return places;
  }

  private static List<JsonNode> values(JsonNode tree) {
    var values = new ArrayList<JsonNode>(List.of(tree));
    tree.forEach(child -> values.addAll(values(child)));
    return values;
  }

  private static void mutate(ContainerNode<?> place, List<JsonNode> others, Dice dice) {
    if (place instanceof ObjectNode object) {
      var names = new ArrayList<String>();
      object.fieldNames().forEachRemaining(names::add);
      String name = dice.pick(names);
      switch (dice.below(8)) {
        case 0 -> object.remove(name);
        case 1 ->
            object.set(dice.pick(List.of("", "x", "format", "units", name + "2")), value(dice));
        case 2 -> object.set(name, object.get(dice.pick(names)));
        case 3 -> object.set(name, doubled(object.get(name)));
        case 4 -> object.set(name, like(object.get(name), others, dice));
        default -> object.set(name, changed(object.get(name), dice));
      }
    } else if (place instanceof ArrayNode list) {
      int at = dice.below(list.size());
      switch (dice.below(8)) {
        case 0 -> list.remove(at);
        case 1 -> list.insert(at, list.get(dice.below(list.size())).deepCopy());
        case 2 -> list.insert(at, value(dice));
        case 3 -> list.set(at, list.get(dice.below(list.size())));
        case 4 -> list.removeAll();
        case 5 -> list.set(at, like(list.get(at), others, dice));
        default -> list.set(at, changed(list.get(at), dice));
      }
    }
  }

  /** A value of another file, of the same type where there is one. */
  private static JsonNode like(JsonNode own, List<JsonNode> others, Dice dice) {
    List<JsonNode> same =
        others.stream().filter(each -> each.getNodeType() == own.getNodeType()).toList();
    return dice.pick(same.isEmpty() ? others : same).deepCopy();
  }

  /** An object with all of its names twice. */
  private static JsonNode doubled(JsonNode value) {
    String text = value.toString();
    boolean object = value instanceof ObjectNode && !value.isEmpty();
    return raw(object ? "{" + inner(text) + "," + inner(text) + "}" : text);
  }

  private static String inner(String text) {
    return text.substring(1, text.length() - 1);
  }

  private static JsonNode changed(JsonNode value, Dice dice) {
    if (value.isNumber() && dice.once(2)) {
      double number = value.asDouble();
      String less = value.isIntegralNumber() ? "" + (value.asLong() - 1) : "" + -number;
      String more = value.isIntegralNumber() ? "" + (value.asLong() + 1) : "" + 1e6 * number;
      return raw(dice.pick(List.of(less, more, "" + (long) number, value + "e0", value + "000")));
    }
    if (value.isTextual() && dice.once(2)) {
      String text = value.asText();
      return JsonNodeFactory.instance.textNode(
          dice.pick(
              List.of(
                  text + "x",
                  text.isEmpty() ? "y" : text.substring(1),
                  " " + text,
                  text + "\u0000",
                  text + "\ud83d",
                  text.repeat(1 + 1000 / (1 + text.length())),
                  text.toUpperCase(java.util.Locale.ROOT))));
    }
    return value(dice);
  }

  private static JsonNode value(Dice dice) {
    return switch (dice.below(40)) {
      case 0 -> raw("[".repeat(DEEP) + "]".repeat(DEEP));
      case 1 -> raw("{\"a\":".repeat(DEEP) + "1" + "}".repeat(DEEP));
      case 2 -> raw("[" + "1,".repeat(LONG) + "1]");
      case 3 -> raw("\"" + "a".repeat(LONG) + "\"");
      case 4 -> raw("9".repeat(LONG));
      default -> raw(dice.pick(VALUES));
    };
  }

  private static JsonNode raw(String text) {
    return new POJONode(new RawValue(text));
  }

  /** Writes an object whose values are JSON already. */
  static String object(Map<String, String> members) {
    var parts = new ArrayList<String>();
    members.forEach((name, value) -> parts.add(text(name) + ":" + value));
    return "{" + String.join(",", parts) + "}";
  }

  /** Returns a text as JSON. */
  static String text(String text) {
    return JsonNodeFactory.instance.textNode(text).toString();
  }
}
