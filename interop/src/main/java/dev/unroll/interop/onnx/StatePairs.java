package dev.unroll.interop.onnx;

import dev.unroll.base.InputException;
import dev.unroll.interop.onnx.graph.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Finds by their names which outputs are the next values of which inputs. A name is taken apart
 * into words; what is left without the words that mean before or after must be the same.
 */
final class StatePairs {

  private static final Set<String> BEFORE =
      Set.of("0", "past", "prev", "previous", "old", "init", "initial", "start", "last");

  private static final Set<String> AFTER =
      Set.of("n", "present", "next", "new", "final", "last", "y", "updated");

  /** They count at the end of a name only. */
  private static final Set<String> ENDS = Set.of("0", "n");

  /** These may as well be what a network reads and computes, if no state is spoken of. */
  private static final Set<String> IN = Set.of("in", "input");

  private static final Set<String> OUT = Set.of("out", "output");

  private static final Set<String> STATES =
      Set.of(
          "h", "c", "s", "hx", "cx", "hidden", "cell", "state", "states", "memory", "mem", "carry",
          "cache", "rnn", "lstm", "gru");

  /** What is left of a name, and whether it says before or after, or in or out. */
  private record Stem(List<String> words, boolean timed, boolean directed) {

    static Stem of(String name, Set<String> timed, Set<String> directed) {
      var words = new ArrayList<String>();
      boolean isTimed = false;
      boolean isDirected = false;
      List<String> all = words(name);
      for (int i = 0; i < all.size(); i++) {
        String word = all.get(i);
        boolean index = ENDS.contains(word) && i < all.size() - 1; // lstm.0.state
        boolean time = timed.contains(word) && !index;
        boolean direction = directed.contains(word);
        if (!time && !direction) {
          words.add(word);
        }
        isTimed |= time;
        isDirected |= direction;
      }
      return new Stem(words, isTimed, isDirected);
    }

    /** Splits at what is no letter or digit, before capitals, and h0 and hn into two words. */
    private static List<String> words(String name) {
      String spaced =
          name.replaceAll("([a-z0-9])([A-Z])", "$1 $2")
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^a-z0-9]+", " ")
              .replaceAll("\\b([a-z]+)0\\b", "$1 0")
              .replaceAll("\\b([hcs])n\\b", "$1 n")
              .replaceAll("\\b([hc])y\\b", "$1x");
      return List.of(spaced.strip().split(" "));
    }

    boolean isState() {
      return words.stream().anyMatch(STATES::contains);
    }
  }

  private StatePairs() {}

  /** Returns, for each input that is a state, the output that is its next value. */
  static Map<String, String> find(List<Value> inputs, List<Value> outputs) {
    var pairs = new LinkedHashMap<String, String>();
    for (Value input : inputs) {
      List<Value> next = outputs.stream().filter(each -> isNext(input, each)).toList();
      if (next.size() == 1 && !pairs.containsValue(next.getFirst().name())) {
        pairs.put(input.name(), next.getFirst().name());
      }
    }
    return pairs;
  }

  private static boolean isNext(Value input, Value output) {
    Stem before = Stem.of(input.name(), BEFORE, IN);
    Stem after = Stem.of(output.name(), AFTER, OUT);
    boolean said = before.timed && after.timed;
    return !before.words.isEmpty()
        && before.words.equals(after.words)
        && (said || before.isState())
        && fit(input, output);
  }

  private static boolean fit(Value input, Value output) {
    if (input.type() != null && output.type() != null && input.type() != output.type()) {
      return false;
    }
    List<String> before = input.axes();
    List<String> after = output.axes();
    if (before == null || after == null) {
      return true;
    }
    boolean fit = before.size() == after.size();
    for (int i = 0; fit && i < before.size(); i++) {
      boolean numbers = isNumber(before.get(i)) && isNumber(after.get(i));
      fit = !numbers || before.get(i).equals(after.get(i));
    }
    return fit;
  }

  private static boolean isNumber(String axis) {
    return axis.matches("[0-9]+");
  }

  /**
   * Checks pairs that somebody named.
   *
   * @throws InputException if there are no such inputs or outputs, or they do not fit each other
   */
  static void check(Map<String, String> pairs, List<Value> inputs, List<Value> outputs) {
    for (var each : pairs.entrySet()) {
      Value input = named(each.getKey(), "input", inputs);
      Value output = named(each.getValue(), "output", outputs);
      if (!fit(input, output)) {
        throw new InputException(
            output + " is not a next value of " + input, "Name a pair of one type and one shape.");
      }
    }
  }

  private static Value named(String name, String kind, List<Value> values) {
    return values.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "has no " + kind + " " + name,
                    "It has "
                        + String.join(", ", values.stream().map(Value::name).toList())
                        + "."));
  }
}
