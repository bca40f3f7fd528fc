package dev.unroll.interop.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.unroll.base.InputException;
import dev.unroll.file.Plural;
import dev.unroll.interop.onnx.graph.ModelGraph;
import dev.unroll.interop.onnx.graph.ModelMessage;
import dev.unroll.interop.onnx.graph.ModelReader;
import dev.unroll.interop.onnx.graph.Node;
import dev.unroll.interop.onnx.graph.Value;
import dev.unroll.interop.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds known bugs of exporters of recurrent models. It looks at the graph itself, not at graphs
 * inside its nodes.
 */
public final class OnnxDiagnosis {

  private static final Set<String> RECURRENT = Set.of("RNN", "GRU", "LSTM");

  private final ModelGraph model;
  private final GraphTrace trace;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Cure> cures = new ArrayList<>();

  private OnnxDiagnosis(ModelGraph model) {
    this.model = model;
    trace = new GraphTrace(model);
  }

  /**
   * Reads a model and returns its bugs.
   *
   * @throws InputException if it cannot be read
   */
  public static List<Finding> of(Path file) {
    return of(ModelReader.read(file), ModelMessage.read(file));
  }

  static List<Finding> of(ModelGraph model, ModelProto message) {
    var diagnosis = new OnnxDiagnosis(model);
    diagnosis.checkNodes();
    diagnosis.checkBatch();
    diagnosis.checkFiles(ModelMessage.files(message));
    return List.copyOf(diagnosis.findings);
  }

  /** Returns the exact cures of nodes, in the order in which they must be applied. */
  static List<Cure> cures(ModelGraph model) {
    var diagnosis = new OnnxDiagnosis(model);
    diagnosis.checkNodes();
    return diagnosis.cures.stream()
        .sorted(Comparator.comparing(each -> each.fault() == Fault.LAYOUT))
        .toList();
  }

  private void checkNodes() {
    model.graph().nodes().stream().filter(OnnxDiagnosis::isRecurrent).forEach(this::check);
  }

  private static boolean isRecurrent(Node node) {
    return node.domain().isEmpty() && RECURRENT.contains(node.operator());
  }

  private void check(Node node) {
    checkReset(node);
    checkLayout(node);
    for (int place = 5; place <= 6; place++) {
      checkStart(node, place);
    }
    checkStates(node);
    checkWeights(node, 1, "input weights W");
    checkWeights(node, 2, "recurrent weights R");
  }

  private void add(Fault fault, String where, String what, String cure, boolean repairable) {
    findings.add(new Finding(fault, where, what, cure, repairable));
  }

  private void checkReset(Node node) {
    boolean fromPytorch = model.origin().producer().toLowerCase(Locale.ROOT).startsWith("pytorch");
    if (fromPytorch
        && node.operator().equals("GRU")
        && node.attributes().number("linear_before_reset", 0) == 0) {
      add(
          Fault.GRU_RESET,
          node.label(),
          "has no linear_before_reset, but torch.nn.GRU always resets after the product"
              + " (microsoft/onnxscript#2852): its numbers are wrong by up to 0.1 and more",
          "Set linear_before_reset to 1.",
          true);
      cures.add(new Cure(Fault.GRU_RESET, node, -1));
    }
  }

  private void checkLayout(Node node) {
    if (node.attributes().number("layout", 0) == 1) {
      add(
          Fault.LAYOUT,
          node.label(),
          "has sequences before steps (layout 1), which ONNX Runtime refuses",
          "Use layout 0 between two Transpose.",
          true);
      cures.add(new Cure(Fault.LAYOUT, node, -1));
    }
  }

  private static String input(Node node, int place) {
    return place < node.inputs().size() ? node.inputs().get(place) : "";
  }

  private static String output(Node node, int place) {
    return place < node.outputs().size() ? node.outputs().get(place) : "";
  }

  private void checkStart(Node node, int place) {
    String name = input(node, place);
    Optional<Tensor> constant = name.isEmpty() ? Optional.empty() : trace.constant(name);
    if (constant.isEmpty() || constant.get().shape().rank() != 3) {
      return;
    }
    Tensor state = constant.get();
    int batch = state.shape().axis(node.attributes().number("layout", 0) == 1 ? 0 : 1);
    String label = place == 5 ? "initial_h" : "initial_c";
    boolean zeros = isZero(state);
    add(
        Fault.CONSTANT_STATE,
        node.label(),
        "has a constant "
            + label
            + " for "
            + Plural.of(batch, "sequence")
            + (zeros ? ", all zeros" : "")
            + ": a batch of another size does not run",
        zeros
            ? "Leave it out, which means zeros for any batch."
            : "Export the model with the state as an input.",
        zeros);
    if (zeros) {
      cures.add(new Cure(Fault.CONSTANT_STATE, node, place));
    }
  }

  private static boolean isZero(Tensor tensor) {
    for (double each : tensor.doubles()) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  /** A stream needs each state as an input and as an output. */
  private void checkStates(Node node) {
    if (!node.attributes().text("direction", "forward").equals("forward")) {
      return;
    }
    int states = node.operator().equals("LSTM") ? 2 : 1;
    for (int state = 0; state < states; state++) {
      boolean given = trace.comesFromInput(input(node, 5 + state));
      String out = output(node, 1 + state);
      boolean taken = !out.isEmpty() && trace.becomesOutput(out);
      String label = state == 0 ? "h" : "c";
      if (taken && !given) {
        add(
            Fault.OPEN_STATE,
            node.label(),
            "gives its last state Y_"
                + label
                + " to an output, but no input brings it back as"
                + " initial_"
                + label
                + ": the model cannot continue where it ended",
            "To stream, export the model with its first states as inputs.",
            false);
      } else if (given && !taken) {
        add(
            Fault.OPEN_STATE,
            node.label(),
            "begins with an input as initial_"
                + label
                + ", but its last state Y_"
                + label
                + " is not an output: nothing can be fed back",
            "To stream, export the model with its last states as outputs.",
            false);
      }
    }
  }

  private void checkWeights(Node node, int place, String label) {
    Tensor weights = model.graph().initializers().get(input(node, place));
    if (weights == null || !weights.type().isFloating() || weights.size() < 2) {
      return;
    }
    String problem = problem(weights.doubles());
    if (!problem.isEmpty()) {
      add(
          Fault.SUSPICIOUS_WEIGHTS,
          node.label(),
          "has " + label + " " + problem,
          "Export the model again after it was trained.",
          false);
    }
  }

  private static String problem(double[] numbers) {
    boolean same = true;
    for (double each : numbers) {
      if (!Double.isFinite(each)) {
        return "of which one or more is " + each;
      }
      same &= each == numbers[0];
    }
    return same ? "that are all " + numbers[0] : "";
  }

  /** Fixed numbers of sequences, each input of the graph once. */
  private void checkBatch() {
    Map<String, Integer> fixed = fixedBatches(model);
    boolean free = !fixed.isEmpty() && BatchTrial.isFree(model, fixed, cures);
    for (var each : fixed.entrySet()) {
      Value input = value(each.getKey());
      String axis = input.axes() == null ? "" : input.axes().get(each.getValue());
      add(
          Fault.FIXED_BATCH,
          "the input " + input,
          "has room for a batch of "
              + axis
              + " only"
              + (free ? "" : ", and a run with other batches fails or gives other answers"),
          free
              ? "Give its axis " + each.getValue() + " a name instead of a number."
              : "Export the model again with a batch axis of any length.",
          free);
    }
  }

  private Value value(String name) {
    return model.graph().inputs().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The same as a repair may name: none if the graph depends on the size of its batch. */
  static Map<String, Integer> freeBatches(ModelGraph model) {
    Map<String, Integer> fixed = fixedBatches(model);
    boolean free = !fixed.isEmpty() && BatchTrial.isFree(model, fixed, cures(model));
    return free ? fixed : Map.of();
  }

  /** The inputs of a graph whose batch axis has a number, with that axis. */
  private static Map<String, Integer> fixedBatches(ModelGraph model) {
    var diagnosis = new OnnxDiagnosis(model);
    var axes = new TreeMap<String, Integer>();
    for (Node node : model.graph().nodes()) {
      if (isRecurrent(node)) {
        boolean batchFirst = node.attributes().number("layout", 0) == 1;
        for (int place : List.of(0, 5, 6)) {
          diagnosis
              .trace
              .axis(input(node, place), batchFirst ? 0 : 1)
              .ifPresent(each -> axes.put(each.input(), each.axis()));
        }
      }
    }
    axes.entrySet().removeIf(each -> !diagnosis.isNumber(each.getKey(), each.getValue()));
    return axes;
  }

  private boolean isNumber(String input, int axis) {
    List<String> axes = value(input).axes();
    return axes != null && axis < axes.size() && axes.get(axis).matches("[0-9]+");
  }

  private void checkFiles(Collection<String> files) {
    if (!files.isEmpty()) {
      add(
          Fault.EXTERNAL_WEIGHTS,
          "the model",
          "has weights in "
              + Plural.of(files.size(), "file")
              + " beside it ("
              + String.join(", ", files.stream().limit(5).toList())
              + (files.size() > 5 ? ", …" : "")
              + "): it is useless without them",
          "Keep them together, or take the weights into the model.",
          true);
    }
  }
}
