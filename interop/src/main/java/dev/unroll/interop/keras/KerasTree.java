package dev.unroll.interop.keras;

import dev.unroll.base.InputException;
import dev.unroll.file.Json;
import dev.unroll.interop.tensor.Shape;
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
  private int steps;

  KerasTree(String file, Hdf5File weights) {
    this.file = file;
    this.weights = weights;
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
    String root =
        weights.hasGroup("layers")
            ? "layers"
            : weights.hasGroup(KerasWeights.OfKeras3.OLD_LAYERS)
                ? KerasWeights.OfKeras3.OLD_LAYERS
                : "";
    var all = new ArrayList<Found>();
    for (String name : weights.children(root)) {
      boolean other = root.isEmpty() && Set.of("vars", "optimizer").contains(name);
      Found found = other ? null : find(name, root.isEmpty() ? name : root + "/" + name);
      if (found != null) {
        all.add(found);
      }
    }
    if (all.size() > MOST_LAYERS) {
      throw InputException.in(file, "has " + all.size() + " layers", FIX);
    }
    return order(all).stream().map(Found::layer).toList();
  }

  private @Nullable Found find(String name, String path) {
    if (weights.hasDataset(path + "/cell/vars/0")) {
      return recurrent(name, path, path + "/cell", false);
    }
    if (weights.hasDataset(path + "/forward_layer/cell/vars/0")) {
      return recurrent(name, path, path + "/forward_layer/cell", true);
    }
    String inner = weights.hasDataset(path + "/layer/vars/0") ? path + "/layer" : path;
    if (!weights.hasDataset(inner + "/vars/0")) {
      return null;
    }
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

  private Found recurrent(String name, String path, String cell, boolean both) {
    Shape kernel = matrix(cell + "/vars/0");
    Shape recurrent = matrix(cell + "/vars/1");
    int units = recurrent.axis(0);
    int gates = units == 0 ? 0 : recurrent.axis(1) / units;
    String kind = gates == 4 ? "LSTM" : gates == 3 ? "GRU" : "SimpleRNN";
    boolean biased = weights.hasDataset(cell + "/vars/2");
    Map<String, Object> options =
        Json.object(
            "units", (long) units, "use_bias", biased, "return_sequences", true, "name", name);
    if (both) {
      Map<String, Object> inner = Json.object("class_name", kind, "config", options);
      options = Json.object("merge_mode", "concat", "layer", inner);
    }
    return new Found(
        layer(both ? "Bidirectional" : kind, name, options, path),
        1,
        kernel.axis(0),
        both ? 2 * units : units);
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
        extend(begun, left.stream().filter(other -> other != next).toList(), orders);
        begun.removeLast();
      }
    }
  }

  /** Whether a layer stands before another in any case. */
  private static boolean isBefore(Found one, Found other) {
    return one.rank < other.rank
        || (one.base().equals(other.base()) && one.number() < other.number());
  }
}
