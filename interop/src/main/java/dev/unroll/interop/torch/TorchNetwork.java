package dev.unroll.interop.torch;

import dev.unroll.base.InputException;
import dev.unroll.cells.Activation;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.weights.CellForm;
import dev.unroll.interop.weights.NetworkHint;
import dev.unroll.interop.weights.PortableHead;
import dev.unroll.interop.weights.PortableLayer;
import dev.unroll.interop.weights.PortableNetwork;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds embedding, recurrent layers and linear layer among the weights of a module, by their names
 * and shapes. A weight that has no place is refused: with it left out the numbers would be others.
 */
public final class TorchNetwork {

  private static final String WEIGHT = "weight";
  private static final int MOST_NAMED = 8;

  private final StateDict dict;
  private final NetworkHint hint;
  private final Map<String, TorchModule> modules = new LinkedHashMap<>();

  /** Weights that have no place yet. */
  private final Map<String, Tensor> rest = new LinkedHashMap<>();

  private final List<String> findings = new ArrayList<>();

  private TorchNetwork(StateDict dict, NetworkHint hint) {
    this.dict = dict;
    this.hint = hint;
  }

  /**
   * What was found.
   *
   * @param network the network, each of whose steps has outputs
   * @param findings what was taken for what, a line each
   */
  public record Found(PortableNetwork network, List<String> findings) {}

  /**
   * Finds the network.
   *
   * @param vocabulary the number of tokens, by which the embedding is known; 0 if unknown
   * @throws InputException if there are no recurrent layers, or weights that have no place
   */
  public static Found of(StateDict dict, NetworkHint hint, int vocabulary) {
    try {
      var search = new TorchNetwork(dict, hint);
      PortableNetwork network = search.network(vocabulary);
      return new Found(network, List.copyOf(search.findings));
    } catch (InputException e) {
      throw InputException.in(dict.source(), e.problem(), e.fix());
    }
  }

  private PortableNetwork network(int vocabulary) {
    dict.tensors().forEach(this::sort);
    if (modules.isEmpty()) {
      throw new InputException(
          "it has no weights of a recurrent layer, such as rnn.weight_ih_l0, but "
              + names(dict.tensors()),
          "Give the state dictionary of a model with torch.nn.RNN, GRU or LSTM.");
    }
    List<PortableLayer> layers = layers();
    Tensor embedding = embedding(layers.getFirst().cell().inputs(), vocabulary);
    PortableHead head = head(layers.getLast().outputs());
    if (!rest.isEmpty()) {
      throw new InputException(
          "it has weights that have no place in embedding, recurrent layers and one linear layer: "
              + names(rest),
          "Networks with other layers run as ONNX: torch.onnx.export, then unroll onnx run.");
    }
    return new PortableNetwork(embedding, layers, null, head);
  }

  private void sort(String name, Tensor tensor) {
    if (!tensor.type().isFloating()) {
      rest.put(name, tensor);
      return;
    }
    TorchModule.Place place = TorchModule.Place.of(name);
    boolean named = !hint.recurrent().isEmpty();
    if (place != null && (!named || hint.recurrent().contains(place.prefix()))) {
      modules.computeIfAbsent(place.prefix(), TorchModule::new).put(place, tensor);
    } else {
      rest.put(name, tensor);
    }
  }

  private static String names(Map<String, Tensor> tensors) {
    String some =
        tensors.entrySet().stream()
            .limit(MOST_NAMED)
            .map(entry -> entry.getKey() + " " + entry.getValue().shape())
            .collect(Collectors.joining(", "));
    return tensors.size() <= MOST_NAMED
        ? some
        : some + " and " + (tensors.size() - MOST_NAMED) + " more";
  }

  private List<PortableLayer> layers() {
    List<String> order =
        hint.recurrent().isEmpty() ? List.copyOf(modules.keySet()) : hint.recurrent();
    var layers = new ArrayList<PortableLayer>();
    for (String prefix : order) {
      TorchModule module = modules.get(prefix);
      if (module == null) {
        throw new InputException(
            "it has no recurrent layer «" + prefix + "», but " + modules.keySet(),
            "Write what the names of its weights begin with.");
      }
      int known = Math.min(layers.size(), hint.layers().size());
      layers.addAll(TorchLayers.of(module, hint.layers().subList(known, hint.layers().size())));
    }
    layers.forEach(this::describe);
    boolean guessed =
        hint.layers().isEmpty()
            && layers.getFirst().cell().form() instanceof CellForm.Basic basic
            && basic.activation() == Activation.TANH;
    if (guessed) {
      findings.add("tanh is taken for the cell's function; a description can say rnn-relu");
    }
    return layers;
  }

  private void describe(PortableLayer layer) {
    findings.add(
        layer.cell().form().label()
            + " of "
            + layer.cell().units()
            + " units"
            + (layer.cell().projection() == null ? "" : " projected to " + layer.cell().outputs())
            + (layer.readsBothWays() ? ", bidirectional" : "")
            + (layer.summed() ? " added up" : ""));
  }

  /** The first matrix without a bias that is as wide as what the first layer reads. */
  private @Nullable Tensor embedding(int width, int vocabulary) {
    String name = hint.embedding() == null ? embeddingName(width, vocabulary) : hint.embedding();
    if (name == null) {
      return null;
    }
    Tensor found = rest.remove(name);
    if (found == null || found.shape().rank() != 2 || !found.type().isFloating()) {
      throw new InputException(
          "it has no embedding " + name + ", but " + names(rest),
          "Name a matrix with one row for each token.");
    }
    findings.add("embedding " + name + ", " + found.shape());
    return found;
  }

  private @Nullable String embeddingName(int width, int vocabulary) {
    String first = null;
    for (var entry : rest.entrySet()) {
      Tensor tensor = entry.getValue();
      boolean fits =
          isMatrix(tensor)
              && entry.getKey().endsWith(WEIGHT)
              && tensor.shape().axis(1) == width
              && !rest.containsKey(biasOf(entry.getKey()));
      if (fits && (vocabulary == 0 || tensor.shape().axis(0) == vocabulary)) {
        return entry.getKey();
      }
      first = first == null && fits ? entry.getKey() : first;
    }
    return first;
  }

  private static boolean isMatrix(Tensor tensor) {
    return tensor.type().isFloating() && tensor.shape().rank() == 2 && tensor.size() > 0;
  }

  private static String biasOf(String weight) {
    return weight.substring(0, weight.length() - WEIGHT.length()) + "bias";
  }

  private @Nullable PortableHead head(int width) {
    List<String> candidates =
        rest.entrySet().stream()
            .filter(entry -> entry.getKey().endsWith(WEIGHT))
            .filter(entry -> isMatrix(entry.getValue()))
            .filter(
                entry ->
                    hint.head() == null
                        ? entry.getValue().shape().axis(1) == width
                        : entry.getKey().equals(hint.head() + WEIGHT))
            .map(Map.Entry::getKey)
            .toList();
    if (candidates.isEmpty() && hint.head() != null) {
      throw new InputException(
          "it has no linear layer «" + hint.head() + "», but " + names(rest),
          "Write what the names of its weight and bias begin with.");
    }
    if (candidates.size() != 1) {
      return null; // what is left is refused by its names
    }
    String name = candidates.getFirst();
    Tensor weight = Objects.requireNonNull(rest.remove(name));
    Tensor bias = rest.remove(biasOf(name));
    findings.add("linear layer " + name + ", " + weight.shape());
    return new PortableHead(weight, bias, false);
  }
}
