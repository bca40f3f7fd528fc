package dev.unroll;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What callers give to methods that take any number of arguments. */
final class Arguments {

  private Arguments() {}

  /**
   * Returns arguments as a list.
   *
   * @param name what the method calls them
   * @throws NullPointerException if they are null or one of them is
   */
  @SafeVarargs
  static <V> List<V> all(String name, V... values) {
    var all = new ArrayList<V>();
    for (V each : Objects.requireNonNull(values, name)) {
      all.add(Objects.requireNonNull(each, "one of " + name));
    }
    return List.copyOf(all);
  }
}
