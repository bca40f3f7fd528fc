package dev.unroll.interop.keras;

import dev.unroll.base.InputException;
import dev.unroll.base.PoolingKind;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.weights.Matrices;
import dev.unroll.interop.weights.PortableCell;
import dev.unroll.interop.weights.PortableHead;
import dev.unroll.interop.weights.PortableLayer;
import dev.unroll.interop.weights.PortableNetwork;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes a chain of layers as embedding, recurrent layers, pooling and a linear layer, in this
 * order; each but the recurrent ones may be missing.
 */
final class KerasChain {

  /** What does nothing but in training, or says only where a sequence ends. */
  private static final Set<String> SILENT =
      Set.of(
          "InputLayer",
          "Masking",
          "Dropout",
          "SpatialDropout1D",
          "GaussianNoise",
          "GaussianDropout",
          "AlphaDropout",
          "ActivityRegularization",
          "Identity");

  private static final Set<String> RECURRENT =
      Set.of("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional");

  private static final Set<String> MEAN = Set.of("GlobalAveragePooling1D", "GlobalAvgPool1D");
  private static final Set<String> MAX = Set.of("GlobalMaxPooling1D", "GlobalMaxPool1D");
  private static final Set<String> HEAD =
      Set.of("Dense", "TimeDistributed", "Activation", "Softmax");

  private static final String ORDER =
      "Ours are an embedding, recurrent layers, pooling and one linear layer, in this order.";

  private final String file;
  private final KerasWeights weights;
  private final List<PortableLayer> layers = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private @Nullable Tensor embedding;
  private @Nullable PoolingKind pooling;
  private @Nullable PortableHead head;
  private boolean activated;

  KerasChain(String file, KerasWeights weights) {
    this.file = file;
    this.weights = weights;
  }

  /**
   * The network that the layers make.
   *
   * @throws InputException if one of them, or their order, is none of ours
   */
  PortableNetwork network(List<KerasLayer> chain) {
    requireKnown(chain);
    for (KerasLayer layer : chain) {
      add(layer);
    }
    if (layers.isEmpty()) {
      throw InputException.in(file, "has no recurrent layer", ORDER);
    }
    putLastOutputsSideBySide();
    return new PortableNetwork(embedding, layers, pooling, head);
  }

  /** What whoever imports the network should know, a line each. */
  List<String> notes() {
    return notes;
  }

  /**
   * The sum of the last outputs of both ways, which no step of ours holds, times W is the two side
   * by side times [W, W].
   */
  private void putLastOutputsSideBySide() {
    PortableLayer last = layers.getLast();
    if (last.summed() && pooling == PoolingKind.LAST && head != null) {
      layers.set(layers.size() - 1, new PortableLayer(last.forward(), last.backward(), false));
      Tensor columns = Matrices.transposed(head.weight());
      Tensor twice = Matrices.transposed(Matrices.stack(List.of(columns, columns)));
      head = new PortableHead(twice, head.bias(), head.sigmoids());
    }
  }

  /** Names all that is unknown at once. */
  private void requireKnown(List<KerasLayer> chain) {
    var unknown = new ArrayList<String>();
    boolean lambda = false;
    for (KerasLayer layer : chain) {
      String kind = layer.kind();
      boolean known =
          SILENT.contains(kind)
              || RECURRENT.contains(kind)
              || MEAN.contains(kind)
              || MAX.contains(kind)
              || HEAD.contains(kind)
              || kind.equals("Embedding");
      if (!known) {
        unknown.add(layer.name() + " (" + kind + ")");
        lambda |= kind.equals("Lambda");
      }
    }
    if (!unknown.isEmpty()) {
      throw InputException.in(
          file,
          "layers that ours cannot compute: " + String.join(", ", unknown),
          lambda ? "A Lambda holds Python code, which is never run. " + ORDER : ORDER);
    }
  }

  private void add(KerasLayer layer) {
    String kind = layer.kind();
    if (SILENT.contains(kind)) {
      return;
    }
    if (kind.equals("Embedding")) {
      addEmbedding(layer);
    } else if (RECURRENT.contains(kind)) {
      addRecurrent(layer);
    } else if (MEAN.contains(kind)) {
      pool(layer, PoolingKind.MEAN);
    } else if (MAX.contains(kind)) {
      pool(layer, PoolingKind.MAX);
    } else if (kind.equals("Activation") || kind.equals("Softmax")) {
      activate(layer, kind.equals("Softmax") ? "softmax" : activation(layer));
    } else {
      addHead(layer);
    }
  }

  private static void require(KerasLayer layer, boolean fits, String problem) {
    if (!fits) {
      throw layer.refusal(problem, ORDER);
    }
  }

  private void addEmbedding(KerasLayer layer) {
    require(layer, embedding == null && layers.isEmpty(), "is not the first");
    embedding = weights.take(layer, "", 1).getFirst();
    if (layer.flag("mask_zero", false)) {
      notes.add("token 0 is padding (mask_zero): texts need none, each has its own length");
    }
  }

  private void addRecurrent(KerasLayer layer) {
    require(layer, pooling == null && head == null, "reads what is not a sequence");
    boolean both = layer.kind().equals("Bidirectional");
    KerasLayer sequence = both ? layer.inner(layer.config().member("layer")) : layer;
    if (layer.flag("go_backwards", false) || sequence.flag("go_backwards", false)) {
      throw layer.refusal(
          "goes backward", "Ours read forward or both ways: reverse the sequences instead.");
    }
    if (both) {
      layers.add(bothWays(layer, sequence));
    } else {
      oneWay(layer, sequence, "").forEach(cell -> layers.add(new PortableLayer(cell)));
    }
    if (!sequence.flag("return_sequences", false)) {
      pooling = PoolingKind.LAST;
    }
  }

  private PortableLayer bothWays(KerasLayer layer, KerasLayer forward) {
    String merge = layer.text("merge_mode", "none");
    if (!merge.equals("concat") && !merge.equals("sum")) {
      throw layer.refusal("merges both ways by " + merge, "Ours are concat and sum.");
    }
    KerasLayer backward =
        layer.has("backward_layer")
            ? layer.inner(layer.config().member("backward_layer"))
            : forward;
    require(
        layer,
        backward.flag("return_sequences", false) == forward.flag("return_sequences", false),
        "returns a sequence of one way only");
    List<PortableCell> first = oneWay(layer, forward, "forward_layer/");
    List<PortableCell> second = oneWay(layer, backward, "backward_layer/");
    require(layer, first.size() == 1 && second.size() == 1, "has several cells each way");
    return new PortableLayer(first.getFirst(), second.getFirst(), merge.equals("sum"));
  }

  /** The cells of a layer that reads one way, of which each reads the outputs of the one before. */
  private List<PortableCell> oneWay(KerasLayer layer, KerasLayer sequence, String prefix) {
    if (KerasCell.isKnown(sequence.kind())) {
      var cell = new KerasCell(sequence);
      return List.of(cell.read(weights.take(layer, prefix + "cell", cell.count())));
    }
    require(layer, sequence.kind().equals("RNN"), "contains a " + sequence.kind());
    KerasLayer inner = layer.inner(sequence.config().member("cell"));
    boolean stacked = inner.kind().equals("StackedRNNCells");
    List<KerasLayer> cells =
        stacked ? inner.config().list("cells").stream().map(layer::inner).toList() : List.of(inner);
    var read = new ArrayList<PortableCell>();
    var numbers = new HashMap<String, Integer>();
    for (KerasLayer each : cells) {
      require(layer, KerasCell.isKnown(each.kind()), "has the cell " + each.kind());
      String name = KerasConfig.snakeCase(each.kind());
      int number = numbers.merge(name, 1, Integer::sum) - 1;
      String part = stacked ? "cell/cells/" + name + (number == 0 ? "" : "_" + number) : "cell";
      var cell = new KerasCell(each);
      read.add(cell.read(weights.take(layer, prefix + part, cell.count())));
    }
    return read;
  }

  private void pool(KerasLayer layer, PoolingKind kind) {
    require(layer, !layers.isEmpty() && pooling == null && head == null, "reads no sequence");
    require(
        layer,
        layer.text("data_format", "channels_last").equals("channels_last"),
        "pools over units instead of steps");
    pooling = kind;
  }

  private void addHead(KerasLayer layer) {
    boolean each = layer.kind().equals("TimeDistributed");
    KerasLayer dense = each ? layer.inner(layer.config().member("layer")) : layer;
    require(layer, dense.kind().equals("Dense"), "contains a " + dense.kind());
    require(layer, !layers.isEmpty(), "comes before the recurrent layers");
    require(layer, head == null, "is a second linear layer");
    boolean biased = dense.flag("use_bias", true);
    List<Tensor> read = weights.take(layer, each ? "layer" : "", biased ? 2 : 1);
    require(layer, read.getFirst().shape().rank() == 2, "has a kernel that is not a matrix");
    head =
        new PortableHead(Matrices.transposed(read.getFirst()), biased ? read.get(1) : null, false);
    activate(layer, activation(dense));
  }

  private static String activation(KerasLayer layer) {
    return layer.activation("activation", "linear", List.of("linear", "softmax", "sigmoid"));
  }

  private void activate(KerasLayer layer, String activation) {
    if (activation.equals("linear")) {
      return;
    }
    PortableHead linear = head;
    if (linear == null || activated) {
      throw layer.refusal("is an activation without a linear layer before", ORDER);
    }
    activated = true;
    head = new PortableHead(linear.weight(), linear.bias(), activation.equals("sigmoid"));
  }
}
