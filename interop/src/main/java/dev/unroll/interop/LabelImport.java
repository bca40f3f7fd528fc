package dev.unroll.interop;

import dev.unroll.base.InputException;
import dev.unroll.base.PoolingKind;
import dev.unroll.data.Lexicon;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.weights.Conversion;
import dev.unroll.interop.weights.Matrices;
import dev.unroll.interop.weights.PortableHead;
import dev.unroll.interop.weights.PortableNetwork;
import dev.unroll.kernel.Slice;
import dev.unroll.network.Network;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.label.LabelNetwork;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.Labels;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Options for the labels of an imported network, and the models that they lead to. */
final class LabelImport {

  /** Of a head with random weights. */
  private static final long SEED = 1;

  private List<String> names = List.of();
  private @Nullable PoolingKind pooling;
  private boolean several;
  private boolean freshHead;

  void names(List<String> labels) {
    names = List.copyOf(labels);
  }

  void pooling(PoolingKind kind) {
    pooling = kind;
  }

  void several() {
    several = true;
  }

  void freshHead() {
    freshHead = true;
  }

  /** What becomes of a network. */
  record Result(LabelFields fields, float[] parameters) {}

  /**
   * Makes a network that labels.
   *
   * @param network with its tokens in our order
   * @param perStep whether each token is labeled, or the whole text
   */
  Result of(PortableNetwork network, Lexicon lexicon, boolean perStep, Consumer<String> findings) {
    PortableHead head = network.head();
    boolean fresh = freshHead || head == null;
    List<String> labels = labels(fresh || head == null ? 0 : head.outputs());
    PortableHead converted = fresh || head == null ? null : twoOutputs(head, labels.size());
    if (perStep) {
      requireOneTag(converted);
    }
    boolean multiLabel = several || (converted != null && converted.sigmoids());
    LabelSpec.Output output =
        perStep
            ? new LabelSpec.PerStep(labels.size(), false)
            : new LabelSpec.PerSequence(labels.size(), pooling(network, findings), multiLabel);
    Network description = Conversion.network(network.withHead(null));
    var built = new LabelNetwork(new LabelSpec(description, null, output), lexicon.size(), 0);
    if (converted == null) {
      findings.accept("a linear layer with random weights: train the model further");
      converted = randomHead(built, multiLabel);
    }
    List<Double> thresholds =
        !perStep && multiLabel ? Collections.nCopies(labels.size(), 0.5) : List.of();
    var named = new Labels(labels, List.of(), thresholds, Map.of());
    float[] parameters = Conversion.parameters(network.withHead(converted), built.layout());
    return new Result(new LabelFields(built, lexicon, named), parameters);
  }

  /** Each token has one tag, by a softmax over all of them. */
  private void requireOneTag(@Nullable PortableHead head) {
    if (several) {
      throw new InputException(
          "several labels are for classifiers: a token has one tag", "Import it as a classifier.");
    }
    if (head != null && head.sigmoids()) {
      throw new InputException(
          "each of its outputs is a probability of its own (Sigmoid), but a token has one tag here:"
              + " its probabilities would be others",
          "Run an ONNX graph as it is, or train another linear layer with {fresh-head}.");
    }
  }

  /** The names of the labels, which a network with a head must have so many of. */
  private List<String> labels(int outputs) {
    boolean binary = outputs == 1 && names.size() == 2 && !several;
    if (names.isEmpty()) {
      throw new InputException(
          "the labels are not known" + (outputs == 0 ? "" : ", of which it has " + outputs),
          "Give {labels}, a file with one label per line in the order of the outputs.");
    }
    if (outputs > 0 && names.size() != outputs && !binary) {
      throw new InputException(
          "it has " + outputs + " outputs, but there are " + names.size() + " labels",
          "Give the labels of the model in {labels}, one per line for each output, or train others"
              + " with {fresh-head}.");
    }
    return names;
  }

  /**
   * One output z for two labels is the probability σ(z) of the second: a softmax over 0 and z is
   * the same.
   */
  private static PortableHead twoOutputs(PortableHead head, int labels) {
    if (head.outputs() == labels) {
      return head;
    }
    int[] rows = {-1, 0};
    Tensor bias = head.bias();
    return new PortableHead(
        Matrices.gathered(head.weight(), rows),
        bias == null ? null : Matrices.gathered(bias, rows),
        false);
  }

  private PoolingKind pooling(PortableNetwork network, Consumer<String> findings) {
    PoolingKind own = network.pooling();
    if (own != null && pooling != null && own != pooling) {
      throw new InputException(
          "its file says that sequences are pooled by " + own.label(), "Leave {pooling} out.");
    }
    PoolingKind known = pooling == null ? own : pooling;
    if (known == null) {
      boolean summed = network.layers().getLast().summed();
      known = summed ? PoolingKind.MEAN : PoolingKind.LAST;
      findings.accept(
          summed
              ? "the mean of all steps stands for a text, unless another pooling is named"
              : "the last step of each way stands for a text, unless another pooling is named");
    }
    return known;
  }

  private static PortableHead randomHead(LabelNetwork built, boolean sigmoids) {
    float[] parameters = built.initialize(SEED);
    return new PortableHead(tensor(built, "head.weight", parameters), null, sigmoids);
  }

  private static Tensor tensor(LabelNetwork built, String name, float[] parameters) {
    Slice slice =
        built.slices().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    float[] values = slice.of(parameters).copyOfElements();
    return Tensor.adopt(ElementType.FLOAT, Shape.of(slice.rows(), slice.columns()), values);
  }
}
