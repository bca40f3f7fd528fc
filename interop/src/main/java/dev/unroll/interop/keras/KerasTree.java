package dev.unroll.interop.keras;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.file.Json;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.weights.NetworkHint;
import dev.unroll.network.Cells;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The layers of a file that has weights only, found from what they look like: kinds by the number
 * and the shapes of their weights, order by which reads as many numbers as another gives.
 */
final class KerasTree {

  private static final String FIX =
      "Import the .keras file instead, which describes the layers: model.save(\"model.keras\").";

  /** More layers than anybody stacks. */
  private static final int MOST_LAYERS = 64;

  private static final int MOST_STEPS = 10_000;

  private final String file;
  private final Hdf5File weights;
  private final NetworkHint hint;
  private int steps;

  /**
   * Begins a search.
   *
   * @param file what messages call the file
   * @param hint what the weights do not say: the order of recurrent layers by the names of their
   *     groups, and of each, in that order or else that of the names, cell and direction
   */
  KerasTree(String file, Hdf5File weights, NetworkHint hint) {
    this.file = file;
    this.weights = weights;
    this.hint = hint;
  }

  /**
   * A layer that was found.
   *
   * @param rank 0 for an embedding, 1 for recurrent layers, 2 for a linear layer
   * @param inputs the width of what it reads
   * @param outputs the width of what it gives
   */
  private record Found(KerasLayer layer, int rank, int inputs, int outputs) {

    /** Its name without the number, and the number: those of one class are in their order. */
    String base() {
      return layer.name().replaceAll("_[0-9]+$", "");
    }

    int number() {
      String rest = layer.name().substring(base().length());
      return rest.isEmpty() || rest.length() > 9 ? 0 : Integer.parseInt(rest.substring(1));
    }
  }

  /**
   * The layers, the first next to the input, with options that give them their form.
   *
   * @throws InputException if there are others, or if they fit in no order or in several
   */
  List<KerasLayer> layers() {
    if (weights.texts("", KerasWeights.OfKeras2.LAYERS) != null) {
      throw InputException.in(file, "weights of Keras 2, without the layers they belong to", FIX);
    }
    String root =
        weights.hasGroup("layers")
            ? "layers"
            : weights.hasGroup(KerasWeights.OfKeras3.OLD_LAYERS)
                ? KerasWeights.OfKeras3.OLD_LAYERS
                : "";
    List<String> names = names(root);
    var all = new ArrayList<Found>();
    int recurrent = 0;
    for (String name : names) {
      String path = root.isEmpty() ? name : root + "/" + name;
      if (isRecurrent(path)) {
        all.add(recurrent(name, path, described(recurrent)));
        recurrent++;
      } else if (weights.hasDataset(inner(path) + "/vars/0")) {
        all.add(linear(name, path));
      }
    }
    if (all.size() > MOST_LAYERS
        || (!hint.layers().isEmpty() && hint.layers().size() != recurrent)) {
      throw InputException.in(
          file, all.size() + " layers, of which " + recurrent + " are recurrent", FIX);
    }
    return order(all).stream().map(Found::layer).toList();
  }

  /**
   * The groups of layers: first the recurrent ones that the hint lists, then the others by name.
   */
  private List<String> names(String root) {
    var names = new ArrayList<String>();
    for (String listed : hint.recurrent()) {
      names.add(listed.replaceAll("[./]+$", ""));
    }
    for (String name : weights.children(root)) {
      boolean other = root.isEmpty() && Set.of("vars", "optimizer").contains(name);
      if (!other && !names.contains(name)) {
        names.add(name);
      }
    }
    return names;
  }

  private NetworkHint.@Nullable Layer described(int recurrent) {
    return recurrent < hint.layers().size() ? hint.layers().get(recurrent) : null;
  }

  private boolean isRecurrent(String path) {
    return weights.hasDataset(path + "/cell/vars/0") || isBothWays(path);
  }

  private boolean isBothWays(String path) {
    return weights.hasDataset(path + "/forward_layer/cell/vars/0");
  }

  /** The group of what a TimeDistributed repeats, or of the layer itself. */
  private String inner(String path) {
    return weights.hasDataset(path + "/layer/vars/0") ? path + "/layer" : path;
  }

  private Found linear(String name, String path) {
    String inner = inner(path);
    Shape kernel = matrix(inner + "/vars/0");
    boolean biased = weights.hasDataset(inner + "/vars/1");
    boolean embeds = !biased && name.contains("embedding");
    Map<String, Object> dense =
        Json.object("name", name, "use_bias", biased, "activation", "linear");
    Map<String, Object> options =
        inner.equals(path)
            ? dense
            : Json.object("layer", Json.object("class_name", "Dense", "config", dense));
    String kind = embeds ? "Embedding" : inner.equals(path) ? "Dense" : "TimeDistributed";
    return new Found(
        layer(kind, name, options, path), embeds ? 0 : 2, kernel.axis(0), kernel.axis(1));
  }

  private Found recurrent(String name, String path, NetworkHint.@Nullable Layer hinted) {
    boolean both = isBothWays(path);
    boolean summed = hinted != null && hinted.direction() == Direction.SUM;
    boolean relu = hinted != null && hinted.cell().equals(Cells.RNN_RELU);
    String cell = (both ? path + "/forward_layer" : path) + "/cell";
    Shape kernel = matrix(cell + "/vars/0");
    Shape recurrent = matrix(cell + "/vars/1");
    int units = recurrent.axis(0);
    int gates = units == 0 ? 0 : recurrent.axis(1) / units;
    String kind = gates == 4 ? "LSTM" : gates == 3 ? "GRU" : "SimpleRNN";
    boolean biased = weights.hasDataset(cell + "/vars/2");
    Map<String, Object> options =
        Json.object("units", (long) units, "use_bias", biased, "return_sequences", true);
    options.put("activation", relu ? "relu" : "tanh");
    if (both) {
      Map<String, Object> inner = Json.object("class_name", kind, "config", options);
      options = Json.object("merge_mode", summed ? "sum" : "concat", "layer", inner);
    }
    int width = both && !summed ? 2 * units : units;
    return new Found(
        layer(both ? "Bidirectional" : kind, name, options, path), 1, kernel.axis(0), width);
  }

  private KerasLayer layer(String kind, String name, Map<String, Object> options, String path) {
    return new KerasLayer(file, kind, name, new Json.Reader(name, options), path);
  }

  private Shape matrix(String path) {
    Shape shape = weights.dataset(path).shape();
    if (shape.rank() != 2) {
      throw InputException.in(
          file, path + " of shape " + shape + " belongs to none of our layers", FIX);
    }
    return shape;
  }

  private List<Found> order(List<Found> all) {
    all.sort(
        Comparator.comparingInt(Found::rank)
            .thenComparing(Found::base)
            .thenComparingInt(Found::number));
    var orders = new ArrayList<List<Found>>();
    extend(new ArrayList<>(), all, orders);
    if (orders.size() == 1) {
      return orders.getFirst();
    }
    String names = String.join(", ", all.stream().map(each -> each.layer.name()).toList());
    throw InputException.in(
        file,
        "its layers " + names + " fit " + (orders.isEmpty() ? "in no order" : "in several orders"),
        FIX);
  }

  /** Finds up to two orders in which each layer reads what the one before gives. */
  private void extend(List<Found> begun, List<Found> left, List<List<Found>> orders) {
    if (++steps > MOST_STEPS) {
      throw InputException.in(file, "its layers fit in too many orders", FIX);
    }
    if (left.isEmpty()) {
      orders.add(List.copyOf(begun));
    }
    for (Found next : left) {
      boolean fits = begun.isEmpty() || begun.getLast().outputs == next.inputs;
      boolean turn = left.stream().noneMatch(other -> isBefore(other, next));
      if (fits && turn && orders.size() < 2) {
        begun.add(next);
        extend(begun, left.stream().filter(other -> !other.equals(next)).toList(), orders);
        begun.removeLast();
      }
    }
  }

  /** Whether a layer stands before another in any case. */
  private boolean isBefore(Found one, Found other) {
    int first = hint.recurrent().indexOf(one.layer.name());
    int second = hint.recurrent().indexOf(other.layer.name());
    if (first >= 0 && second >= 0) {
      return first < second;
    }
    return one.rank < other.rank
        || (one.base().equals(other.base()) && one.number() < other.number());
  }
}
