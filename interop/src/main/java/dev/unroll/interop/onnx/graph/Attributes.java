package dev.unroll.interop.onnx.graph;

import dev.unroll.interop.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The attributes of a node: by name a {@code Long}, {@code Float}, {@code String}, {@link Tensor},
 * a {@code Graph}, or a list of numbers or texts.
 */
public record Attributes(Map<String, Object> values) {

  /** No attributes. */
  public static final Attributes NONE = new Attributes(Map.of());

  /** Stands for a value of a kind that no supported operator has. */
  static final Object OTHER = new Object();

  /** Creates attributes with a copy of the map, sorted by name. */
  public Attributes {
    values = Collections.unmodifiableMap(new TreeMap<>(values));
  }

  /** Whether there is an attribute of this name. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** A whole number, or {@code usual} where there is none. */
  public long number(String name, long usual) {
    return get(name, Long.class).orElse(usual);
  }

  /** A float, or {@code usual} where there is none. */
  public float real(String name, float usual) {
    return get(name, Float.class).orElse(usual);
  }

  /** A text, or {@code usual} where there is none. */
  public String text(String name, String usual) {
    return get(name, String.class).orElse(usual);
  }

  /** Whole numbers, or {@code usual} where there are none. */
  public List<Long> numbers(String name, List<Long> usual) {
    return list(name, Long.class).orElse(usual);
  }

  /** Floats; none where the attribute is missing. */
  public List<Float> reals(String name) {
    return list(name, Float.class).orElse(List.of());
  }

  /** Texts; none where the attribute is missing. */
  public List<String> texts(String name) {
    return list(name, String.class).orElse(List.of());
  }

  /** A tensor, if there is one. */
  public Optional<Tensor> tensor(String name) {
    return get(name, Tensor.class);
  }

  /** A value of some class, if there is one. */
  <T> Optional<T> get(String name, Class<T> type) {
    Object value = values.get(name);
    if (value != null && !type.isInstance(value)) {
      throw wrongType(name);
    }
    return Optional.ofNullable(value).map(type::cast);
  }

  private <T> Optional<List<T>> list(String name, Class<T> type) {
    return get(name, List.class)
        .map(
            list -> {
              for (Object each : list) {
                if (!type.isInstance(each)) {
                  throw wrongType(name);
                }
              }
              @SuppressWarnings("unchecked")
              List<T> typed = list;
              return typed;
            });
  }

  private static IllegalArgumentException wrongType(String name) {
    return new IllegalArgumentException("the attribute " + name + " has another type");
  }
}
