package dev.unroll.interop.weights;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.base.PoolingKind;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.kernel.Layout;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Transducer;
import dev.unroll.network.Dropouts;
import dev.unroll.network.Network;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Networks from elsewhere as ours, and ours for elsewhere. The numbers stay as they are, but for
 * signs, and for two biases that become one.
 */
public final class Conversion {

  private static final String EMBEDDING = "embedding.weight";
  private static final String HEAD = "head.weight";
  private static final String HEAD_BIAS = "head.bias";

  private Conversion() {}

  /**
   * Describes a network as ours: its layers, its embedding's width, nothing dropped. The head is
   * tied to the embedding where both have the same weights.
   *
   * @throws InputException if it has something that ours cannot have, with the reason
   */
  public static Network network(PortableNetwork portable) {
    var layers = new ArrayList<Network.Layer>();
    for (int i = 0; i < portable.layers().size(); i++) {
      layers.add(layer(portable.layers().get(i), i));
    }
    Tensor embedding = portable.embedding();
    int width = embedding == null ? 0 : embedding.shape().axis(1);
    return new Network(layers, width, isTied(portable), false, false, List.of(), Dropouts.NONE);
  }

  /**
   * Refuses n-grams beside a network, which no other program would look up.
   *
   * @throws InputException if the model has them
   */
  public static void checkAlone(LanguageModel model) {
    if (model.network().hasNgrams()) {
      throw new InputException(
          "the model has n-grams beside its network, which cannot be exported",
          "Export the network by itself: {no-ngrams}.");
    }
  }

  /**
   * Refuses joint n-grams or a dictionary beside a network, which no other program would ask.
   *
   * @throws InputException if the model has them
   */
  public static void checkAlone(Transducer model) {
    if (model.hasCounts()) {
      throw new InputException(
          "the model has joint n-grams or a dictionary beside its network, which cannot be exported",
          "Export the network by itself: {no-counts}.");
    }
  }

  /** Whether the linear layer's weights are the embedding's, value by value. */
  public static boolean isTied(PortableNetwork portable) {
    Tensor embedding = portable.embedding();
    PortableHead head = portable.head();
    return embedding != null && head != null && head.weight().equals(embedding);
  }

  private static Network.Layer layer(PortableLayer layer, int index) {
    if (layer.forward() == null) {
      throw new InputException(
          "recurrent layer " + index + " reads only from the last step to the first",
          "Layers of ours read forward or both ways: reverse the sequences, and let it read"
              + " forward.");
    }
    PortableCell cell = layer.cell();
    int projection = cell.projection() == null ? 0 : cell.outputs();
    Direction direction =
        !layer.readsBothWays()
            ? Direction.FORWARD
            : layer.summed() ? Direction.SUM : Direction.BOTH;
    return new Network.Layer(
        EngineCell.of(cell.form()), cell.units(), projection, false, direction);
  }

  /**
   * The parameters of one of our networks that computes the same.
   *
   * @param layout of a network built from {@link #network}
   * @throws InputException if the layout has parameters that the network does not
   */
  public static float[] parameters(PortableNetwork portable, Layout layout) {
    var values = new float[layout.size()];
    var target = new EngineParameters(layout, values);
    if (portable.embedding() != null) {
      target.write(EMBEDDING, portable.embedding());
    }
    for (int i = 0; i < portable.layers().size(); i++) {
      PortableLayer layer = portable.layers().get(i);
      if (layer.forward() != null) {
        EngineCell.write(layer.forward(), target, prefix(i));
      }
      if (layer.backward() != null) {
        EngineCell.write(layer.backward(), target, reverse(i));
      }
    }
    PortableHead head = portable.head();
    if (head != null) {
      if (!isTied(portable)) {
        target.write(HEAD, head.weight());
      }
      target.write(HEAD_BIAS, head.bias() == null ? Matrices.zeros(head.outputs()) : head.bias());
    }
    target.requireAllTaken();
    return values;
  }

  /**
   * One of our networks for elsewhere.
   *
   * @param pooling how a sequence becomes one vector; null where each step has outputs
   * @param sigmoids whether each output is a probability of its own
   * @throws InputException if it has something that other frameworks do not, with the reason
   */
  public static PortableNetwork portable(
      Network network,
      Layout layout,
      float[] parameters,
      @Nullable PoolingKind pooling,
      boolean sigmoids) {
    refuse(network.residual(), "residual connections");
    refuse(network.learnedStart(), "a learned start state");
    refuse(!network.cutoffs().isEmpty(), "an adaptive softmax");
    refuse(pooling == PoolingKind.ATTENTION, "pooling by attention");
    var source = new EngineParameters(layout, parameters);
    Tensor embedding = source.readIfAny(EMBEDDING);
    var layers = new ArrayList<PortableLayer>();
    for (Network.Layer layer : network.layers()) {
      layers.add(read(layer, source, layers.size()));
    }
    Tensor weight = network.tied() ? embedding : source.readIfAny(HEAD);
    PortableHead head =
        weight == null ? null : new PortableHead(weight, source.read(HEAD_BIAS), sigmoids);
    source.requireAllTaken();
    return new PortableNetwork(embedding, layers, pooling, head);
  }

  private static PortableLayer read(Network.Layer layer, EngineParameters source, int index) {
    refuse(layer.normalized(), "layer normalization inside a cell");
    CellForm form = EngineCell.form(layer.cell());
    PortableCell forward = EngineCell.read(form, source, prefix(index));
    PortableCell backward =
        layer.direction() == Direction.FORWARD
            ? null
            : EngineCell.read(form, source, reverse(index));
    return new PortableLayer(forward, backward, layer.direction() == Direction.SUM);
  }

  private static void refuse(boolean present, String what) {
    if (present) {
      throw new InputException(
          "the network has " + what + ", which layers of other frameworks do not have",
          "Export it as ONNX, which writes every part in basic operators.");
    }
  }

  private static String prefix(int layer) {
    return "layers." + layer + ".";
  }

  private static String reverse(int layer) {
    return prefix(layer) + "reverse.";
  }
}
