package dev.unroll.server.json;

import java.util.List;

/**
 * A value, or a list of such values: {@code "a"} or {@code ["a", "b"]}.
 *
 * @param values all of them
 * @param <T> what each is
 */
public record OneOrMany<T>(List<T> values) {
  /** Copies the list. */
  public OneOrMany {
    values = List.copyOf(values);
  }
}
