package dev.unroll.interop.export;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one way of a layer carries from step to step, as values of a graph.
 *
 * @param a a⟨t⟩, [batch][outputs]
 * @param c c⟨t⟩, [batch][H]; null without a memory cell
 */
record State(String a, @Nullable String c) {

  /** Returns the values that there are. */
  List<String> values() {
    var values = new ArrayList<String>();
    values.add(a);
    if (c != null) {
      values.add(c);
    }
    return values;
  }
}
