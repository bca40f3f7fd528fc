package dev.unroll.interop.torch;

import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.Tensor;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one {@code torch.nn.RNN}, {@code GRU} or {@code LSTM}, or of one of their cells,
 * under a common prefix.
 *
 * @param prefix what the names begin with, such as {@code encoder.rnn.}
 * @param ways by layer and direction, {@code 0} and {@code 0_reverse}, the tensors by their names
 *     without prefix and suffix, such as {@code weight_ih}
 */
record TorchModule(String prefix, Map<Way, Map<String, Tensor>> ways) {

  private static final Pattern NAME =
      Pattern.compile(
          "(.{0,4000}?)(weight_ih|weight_hh|weight_hr|bias_ih|bias_hh)(?:_l(\\d{1,4})(_reverse)?)?");

  /**
   * One direction of one layer.
   *
   * @param layer counted from 0
   * @param reverse whether it reads from the last step to the first
   */
  record Way(int layer, boolean reverse) implements Comparable<Way> {
    @Override
    public int compareTo(Way other) {
      return layer != other.layer
          ? Integer.compare(layer, other.layer)
          : Boolean.compare(reverse, other.reverse);
    }

    @Override
    public String toString() {
      return "_l" + layer + (reverse ? "_reverse" : "");
    }
  }

  /** A module without weights yet. */
  TorchModule(String prefix) {
    this(prefix, new TreeMap<>());
  }

  /**
   * Which weight a name means.
   *
   * @param kind its name without prefix and suffix
   */
  record Place(String prefix, Way way, String kind) {

    /** Reads a name; null where it is not one of a recurrent layer. */
    static @Nullable Place of(String name) {
      Matcher matcher = NAME.matcher(name);
      if (!matcher.matches()) {
        return null;
      }
      int layer = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
      return new Place(
          matcher.group(1), new Way(layer, matcher.group(4) != null), matcher.group(2));
    }
  }

  /**
   * Adds a weight.
   *
   * @throws InputException if there is one already, under a name such as {@code weight_ih} beside
   *     {@code weight_ih_l0}
   */
  void put(Place place, Tensor tensor) {
    var weights = ways.computeIfAbsent(place.way, way -> new TreeMap<>());
    if (weights.putIfAbsent(place.kind, tensor) != null) {
      throw new InputException(
          "two names mean " + prefix + place.kind + place.way,
          "Leave one of the tensors out when you save the state dictionary.");
    }
  }
}
