package dev.unroll.server.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroll.base.InputException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON into records. A component that is not {@code @Nullable} must be there, a field that no
 * component has must not, and each value must be of its type and in the range that {@link Field}
 * gives. {@link Schemas} publishes the same rules.
 */
public final class Binder {

  /** Whole numbers that every reader of JSON knows exactly. */
  private static final double LARGEST_WHOLE = 9_007_199_254_740_991.0;

  private final Limits limits;

  /**
   * How much a request may hold.
   *
   * @param inputs most of them
   * @param characters most UTF-16 units of a text
   */
  public record Limits(int inputs, int characters) {}

  /** Creates a reader of requests. */
  public Binder(Limits limits) {
    this.limits = limits;
  }

  /**
   * Returns the record that JSON describes.
   *
   * @throws InvalidJson if a field is missing, unknown, of another type or out of its range
   */
  public <R> R record(JsonNode node, Class<R> type) {
    return type.cast(record(node, type, ""));
  }

  private Object record(JsonNode node, Class<?> type, String path) {
    if (!node.isObject()) {
      throw wrong(path.isEmpty() ? "the body" : path, node, "an object");
    }
    Shape shape = Shape.of(type);
    Set<String> unknown = new LinkedHashSet<>();
    node.fieldNames().forEachRemaining(unknown::add);
    @Nullable Object[] values = new @Nullable Object[shape.parts().size()];
    for (int i = 0; i < values.length; i++) {
      Shape.Part part = shape.parts().get(i);
      unknown.remove(part.name());
      values[i] = component(node.get(part.name()), part, child(path, part.name()));
    }
    if (!unknown.isEmpty() && !shape.lenient()) {
      String known = String.join(", ", shape.parts().stream().map(Shape.Part::name).toList());
      throw InvalidJson.value(
          child(path, unknown.iterator().next()), "is not a field here; fields are " + known);
    }
    return shape.create(values);
  }

  private static String child(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private @Nullable Object component(@Nullable JsonNode node, Shape.Part part, String path) {
    if (node == null || node.isNull()) {
      if (part.optional()) {
        return null;
      }
      throw InvalidJson.value(path, node == null ? "is missing" : "is null");
    }
    return value(node, part.type(), part.field(), path);
  }

  private Object value(JsonNode node, Type type, @Nullable Field field, String path) {
    if (type instanceof ParameterizedType of) {
      Type inner = of.getActualTypeArguments()[0];
      if (of.getRawType() == OneOrMany.class) {
        boolean many =
            node.isArray() && !(inner instanceof ParameterizedType list && isOne(list, node));
        checkSize(many ? node.size() : 1, path);
        return new OneOrMany<>(
            many ? list(node, inner, field, path) : List.of(value(node, inner, field, path)));
      }
      if (of.getRawType() == Map.class) {
        return map(node, of.getActualTypeArguments()[1], field, path);
      }
      return list(node, inner, field, path);
    }
    Class<?> plain = (Class<?>) type;
    if (plain == JsonNode.class) {
      check(node, path);
      return node;
    }
    if (plain == String.class) {
      return text(node, field, path);
    }
    if (plain == Boolean.class) {
      if (!node.isBoolean()) {
        throw wrong(path, node, "true or false");
      }
      return node.booleanValue();
    }
    if (plain.isRecord()) {
      return record(node, plain, path);
    }
    return number(node, plain, field, path);
  }

  /** Depth of nesting distinguishes one list from a list of lists. */
  private static boolean isOne(ParameterizedType list, JsonNode node) {
    int deep = 1;
    Type inner = list.getActualTypeArguments()[0];
    while (inner instanceof ParameterizedType further) {
      deep++;
      inner = further.getActualTypeArguments()[0];
    }
    JsonNode first = node;
    int found = 0;
    while (first != null && first.isArray()) {
      found++;
      first = first.get(0);
    }
    return found <= deep;
  }

  /** Inputs are bounded; the tokens, words and rows of one are as long as the body lets them. */
  private void checkSize(int inputs, String path) {
    if (inputs > limits.inputs) {
      throw new TooMuch(path + " has " + inputs + " inputs, at most " + limits.inputs);
    }
  }

  /** Checks what an endpoint reads by itself. */
  private void check(JsonNode node, String path) {
    if (node.isTextual()) {
      text(node, null, path);
    }
    if (node.isArray() && !node.path(0).isNumber()) {
      checkSize(node.size(), path);
    }
    for (int i = 0; i < node.size() && node.isArray(); i++) {
      check(node.get(i), path + "[" + i + "]");
    }
  }

  private List<Object> list(JsonNode node, Type inner, @Nullable Field field, String path) {
    if (!node.isArray()) {
      throw wrong(path, node, "a list");
    }
    var values = new ArrayList<Object>();
    for (int i = 0; i < node.size(); i++) {
      boolean gap = inner == Double.class && node.get(i).isNull() && field != null && field.gaps();
      values.add(gap ? Double.NaN : value(node.get(i), inner, field, path + "[" + i + "]"));
    }
    return values;
  }

  private Map<String, Object> map(JsonNode node, Type inner, @Nullable Field field, String path) {
    if (!node.isObject()) {
      throw wrong(path, node, "an object");
    }
    var values = new LinkedHashMap<String, Object>();
    for (Map.Entry<String, JsonNode> each : node.properties()) {
      values.put(each.getKey(), value(each.getValue(), inner, field, path + "." + each.getKey()));
    }
    return values;
  }

  private String text(JsonNode node, @Nullable Field field, String path) {
    if (!node.isTextual()) {
      throw wrong(path, node, "a text");
    }
    String text = node.textValue();
    int most = field == null || field.longest() == 0 ? limits.characters : field.longest();
    if (text.length() > most) {
      throw new TooMuch(path + " has " + text.length() + " characters, at most " + most);
    }
    int surrogate = loneSurrogate(text);
    if (surrogate >= 0) {
      throw InvalidJson.value(path, "has half a surrogate pair at " + surrogate);
    }
    if (field != null && field.oneOf().length > 0 && !List.of(field.oneOf()).contains(text)) {
      throw InvalidJson.value(
          path, "is " + shortened(text) + ", must be one of " + String.join(", ", field.oneOf()));
    }
    return text;
  }

  private static int loneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isHighSurrogate(text.charAt(i))
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(text.charAt(i))) {
        return i;
      }
    }
    return -1;
  }

  private static Object number(JsonNode node, Class<?> type, @Nullable Field field, String path) {
    if (!node.isNumber()) {
      throw wrong(path, node, "a number");
    }
    if (type == Long.class && node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue(); // a seed, of which every bit counts
    }
    double value = node.doubleValue();
    boolean whole = type != Double.class;
    if (!Double.isFinite(value)) {
      throw InvalidJson.value(path, "is too large for a number");
    }
    if (whole && (value != Math.rint(value) || Math.abs(value) > LARGEST_WHOLE)) {
      throw InvalidJson.value(path, "is not a whole number of at most 2^53 - 1");
    }
    double min = field == null ? Double.NEGATIVE_INFINITY : field.min();
    double max = field == null ? Double.POSITIVE_INFINITY : field.max();
    if (type == Integer.class) {
      min = Math.max(min, Integer.MIN_VALUE);
      max = Math.min(max, Integer.MAX_VALUE);
    }
    if (value < min || value > max) {
      throw InvalidJson.value(
          path, "is " + shortened(node.asText()) + ", must be " + Schemas.range(min, max));
    }
    if (!whole) {
      return value;
    }
    return type == Integer.class ? (Object) (int) value : (Object) (long) value;
  }

  private static InvalidJson wrong(String path, JsonNode node, String wanted) {
    String found =
        switch (node.getNodeType()) {
          case STRING -> "a text";
          case NUMBER -> "a number";
          case BOOLEAN -> "true or false";
          case ARRAY -> "a list";
          case OBJECT -> "an object";
          default -> "null";
        };
    return InvalidJson.value(path, "is " + found + ", must be " + wanted);
  }

  private static String shortened(String text) {
    return InputException.quoted(text, 50);
  }

  /** A text or a list that is longer than what is taken. */
  public static final class TooMuch extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooMuch(String message) {
      super(message);
    }
  }
}
