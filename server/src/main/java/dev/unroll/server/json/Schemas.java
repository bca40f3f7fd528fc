package dev.unroll.server.json;

import static dev.unroll.file.Json.object;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The JSON schemas (2020-12) of records: the rules by which {@link Binder} reads them. */
public final class Schemas {

  private final Map<String, Object> named = new TreeMap<>();
  private final boolean closed;

  /**
   * Creates an empty collection.
   *
   * @param closed whether records have no further fields
   */
  public Schemas(boolean closed) {
    this.closed = closed;
  }

  /** Returns the schemas of all records so far, by their names. */
  public Map<String, Object> named() {
    return named;
  }

  /** Returns a reference to the schema of a record, which is added with all it is made of. */
  public Map<String, Object> reference(Class<?> type) {
    if (!named.containsKey(type.getSimpleName())) {
      named.put(type.getSimpleName(), Map.of()); // while it is being described
      named.put(type.getSimpleName(), ofRecord(type));
    }
    return object("$ref", "#/components/schemas/" + type.getSimpleName());
  }

  /** Returns what may stand in the query of a request, as parameters of OpenAPI. */
  public List<Map<String, Object>> parameters(Class<?> type) {
    return Shape.of(type).query().stream().map(this::parameter).toList();
  }

  private Map<String, Object> parameter(Shape.Part part) {
    var parameter = object("name", part.name(), "in", "query", "required", false);
    if (part.field() != null) {
      parameter.put("description", part.field().value());
    }
    if (part.type() != String.class) { // 0.1,0.9
      parameter.put("style", "form");
      parameter.put("explode", false);
    }
    parameter.put("schema", ofType(part.type(), part.field()));
    return parameter;
  }

  static String range(double min, double max) {
    if (max == Double.POSITIVE_INFINITY) {
      return "at least " + number(min);
    }
    return min == Double.NEGATIVE_INFINITY
        ? "at most " + number(max)
        : "in " + number(min) + " … " + number(max);
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.format(Locale.ROOT, "%d", (long) value)
        : Double.toString(value);
  }

  private Map<String, Object> ofRecord(Class<?> type) {
    var properties = new LinkedHashMap<String, Object>();
    var required = new ArrayList<String>();
    Shape shape = Shape.of(type);
    for (Shape.Part part : shape.parts()) {
      properties.put(part.name(), ofPart(part));
      if (!part.optional()) {
        required.add(part.name());
      }
    }
    var schema = new LinkedHashMap<String, Object>();
    schema.put("type", "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    if (closed && !shape.lenient()) {
      schema.put("additionalProperties", false);
    }
    return schema;
  }

  private Map<String, Object> ofPart(Shape.Part part) {
    Field field = part.field();
    var schema = new LinkedHashMap<>(ofType(part.type(), field));
    if (part.optional() && schema.get("type") instanceof String one) {
      schema.put("type", List.of(one, "null"));
      if (schema.get("enum") instanceof List<?> values) {
        var withNull = new ArrayList<@Nullable Object>(values);
        withNull.add(null);
        schema.put("enum", withNull);
      }
    }
    if (field != null) {
      schema.put("description", field.value());
    }
    return schema;
  }

  private Map<String, Object> ofType(Type type, @Nullable Field field) {
    if (type instanceof ParameterizedType of) {
      Type[] inner = of.getActualTypeArguments();
      if (of.getRawType() == OneOrMany.class) {
        Map<String, Object> one = ofType(inner[0], field);
        return object("anyOf", List.of(one, object("type", "array", "items", one)));
      }
      return of.getRawType() == Map.class
          ? object("type", "object", "additionalProperties", ofType(inner[1], field))
          : object("type", "array", "items", ofType(inner[0], field));
    }
    Class<?> plain = (Class<?>) type;
    var schema = new LinkedHashMap<String, Object>();
    if (plain == String.class) {
      schema.put("type", "string");
      if (field != null && field.oneOf().length > 0) {
        schema.put("enum", List.of(field.oneOf()));
      }
      if (field != null && field.longest() > 0) {
        schema.put("maxLength", field.longest());
      }
    } else if (plain == Boolean.class) {
      schema.put("type", "boolean");
    } else if (plain == float[].class) {
      return object("type", "array", "items", ofType(Float.class, field));
    } else if (plain == JsonNode.class || plain == Object.class) {
      return Map.of();
    } else if (plain.isRecord()) {
      return reference(plain);
    } else {
      boolean whole = plain == Integer.class || plain == Long.class;
      // a number that is not finite is written as null
      boolean known = closed && (field == null || !field.gaps());
      schema.put("type", whole ? "integer" : known ? "number" : List.of("number", "null"));
      if (field != null) {
        bound(schema, "minimum", field.min());
        bound(schema, "maximum", field.max());
      }
    }
    return schema;
  }

  private static void bound(Map<String, Object> schema, String name, double value) {
    if (Double.isFinite(value)) {
      boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
      schema.put(name, whole ? (Object) (long) value : (Object) value);
    }
  }
}
