package dev.unroll.server.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.unroll.base.InputException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The fields of a request that stand in the query of its address, because its body is not JSON:
 * those whose {@link Field} says so. The numbers of a list stand between commas.
 */
public final class Query {

  private Query() {}

  /**
   * Returns the fields of a query as an object of JSON.
   *
   * @param query by name all values
   * @param type the record that they are components of
   * @throws InvalidJson if one has no place there, stands there twice, or is not of its type
   */
  public static ObjectNode read(Map<String, List<String>> query, Class<?> type) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    List<Shape.Part> parts = Shape.of(type).query();
    query.forEach((name, values) -> tree.set(name, value(name, values, parts)));
    return tree;
  }

  /**
   * Refuses a query that has fields, where the body has them.
   *
   * @param query by name all values
   * @param type the record that they are components of
   * @throws InvalidJson if there is one
   */
  public static void refuse(Map<String, List<String>> query, Class<?> type) {
    for (Shape.Part part : Shape.of(type).query()) {
      if (query.containsKey(part.name())) {
        throw InvalidJson.value(part.name(), "stands in the query; write it into the body");
      }
    }
  }

  private static JsonNode value(String name, List<String> values, List<Shape.Part> parts) {
    if (values.size() != 1) {
      throw new InvalidJson(InvalidJson.Kind.SYNTAX, name, "the query has " + name + " twice");
    }
    for (Shape.Part part : parts) {
      if (part.name().equals(name)) {
        return part.type() == String.class
            ? JsonNodeFactory.instance.textNode(values.getFirst())
            : numbers(name, values.getFirst());
      }
    }
    String known = parts.stream().map(Shape.Part::name).collect(Collectors.joining(", "));
    throw InvalidJson.value(name, "is not a field of the query; fields are " + known);
  }

  private static JsonNode numbers(String name, String list) {
    var numbers = JsonNodeFactory.instance.arrayNode();
    for (String each : list.split(",", -1)) {
      try {
        numbers.add(Double.parseDouble(each));
      } catch (NumberFormatException e) {
        throw InvalidJson.value(
            name, "has " + InputException.quoted(each, 50) + ", must be numbers between commas");
      }
    }
    return numbers;
  }
}
