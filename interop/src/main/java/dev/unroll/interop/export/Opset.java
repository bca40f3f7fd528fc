package dev.unroll.interop.export;

import dev.unroll.base.InputException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A version of ONNX's operators, and what a graph needs of it.
 *
 * @param version the version
 * @param needed of each version that the graph would need instead, the parts that do
 */
record Opset(int version, Map<Integer, Set<String>> needed) {

  /** The oldest version whose recurrent operators and broadcasting are those of today. */
  static final int LEAST = 7;

  /** The newest version that is known. */
  static final int MOST = 24;

  /** The version from which operators exist, or exist for the types that are used here. */
  private static final Map<String, Integer> SINCE =
      Map.ofEntries(
          Map.entry("Expand", 8),
          Map.entry("Where", 9),
          Map.entry("Scan", 9),
          Map.entry("Less", 9),
          Map.entry("NonZero", 9),
          Map.entry("Equal of floats", 11),
          Map.entry("GatherElements", 11),
          Map.entry("TopK", 11));

  /** The versions of files that belong to versions of operators, from {@link #LEAST} on. */
  private static final int[] FILES = {4, 4, 4, 5, 6, 7, 7, 7, 8, 8, 8, 8, 9, 9, 10, 10, 11, 12};

  Opset(int version) {
    this(version, new TreeMap<>());
    if (version < LEAST || version > MOST) {
      throw new InputException(
          "the opset is " + version, "{opset} takes " + LEAST + " to " + MOST + "; 17 is usual.");
    }
  }

  /** Returns the version of the file format. */
  int fileVersion() {
    return FILES[version - LEAST];
  }

  /** Notes what an operator needs that {@code part} uses. */
  void use(String operator, String part) {
    int since = SINCE.getOrDefault(operator, LEAST);
    if (since > version) {
      needed.computeIfAbsent(since, none -> new TreeSet<>()).add(operator + " of " + part);
    }
  }

  /**
   * Refuses a graph that needs a newer version.
   *
   * @throws InputException that names the least version and what needs it
   */
  void check() {
    if (needed.isEmpty()) {
      return;
    }
    int least = needed.keySet().stream().mapToInt(Integer::intValue).max().orElse(version);
    String why =
        needed.entrySet().stream()
            .map(each -> String.join(", ", each.getValue()) + " (from " + each.getKey() + " on)")
            .collect(Collectors.joining("; "));
    throw new InputException(
        "opset " + version + " has not all that the model needs: " + why,
        "Take {opset " + least + "}, the least for this model.");
  }
}
