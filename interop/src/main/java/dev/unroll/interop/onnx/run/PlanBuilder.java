package dev.unroll.interop.onnx.run;

import dev.unroll.base.InputException;
import dev.unroll.interop.onnx.graph.Graph;
import dev.unroll.interop.onnx.graph.ModelGraph;
import dev.unroll.interop.onnx.graph.Node;
import dev.unroll.interop.onnx.graph.Value;
import dev.unroll.interop.onnx.op.Call;
import dev.unroll.interop.onnx.op.Operator;
import dev.unroll.interop.onnx.recurrent.RecurrentOperators;
import dev.unroll.interop.tensor.ElementBytes;
import dev.unroll.interop.tensor.MemoryLimit;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plans how a graph runs. What depends on constants only is computed here, once. */
final class PlanBuilder {

  /**
   * Operators that make much of little: they are left for the run, where they may not be needed.
   */
  private static final Set<String> GROWING =
      Set.of("ConstantOfShape", "Expand", "EyeLike", "OneHot", "Pad", "Range", "Tile");

  private final ModelGraph model;
  private final MemoryLimit memory;
  private final List<Placement> placements;
  private final Map<String, Integer> places = new HashMap<>();
  private final Map<String, Tensor> constants = new HashMap<>();

  private PlanBuilder(PlanBuilder outer) {
    this(outer.model, outer.memory, outer.placements);
  }

  private PlanBuilder(ModelGraph model, MemoryLimit memory, List<Placement> placements) {
    this.model = model;
    this.memory = memory;
    this.placements = placements;
  }

  /**
   * Plans a model.
   *
   * @param given initializers that may be replaced by inputs, and so are no constants
   * @param placements where this adds where each node runs
   */
  static Plan plan(ModelGraph model, Set<String> given, List<Placement> placements) {
    var builder = new PlanBuilder(model, MemoryLimit.ofHeap(), placements);
    model
        .graph()
        .initializers()
        .forEach(
            (name, tensor) -> {
              if (!given.contains(name)) {
                builder.constants.put(name, tensor);
              }
            });
    return builder.plan(model.graph());
  }

  private Body body(Node node, String attribute) {
    Graph graph =
        Graph.of(node, attribute).orElseThrow(() -> refused(node, "has no graph " + attribute));
    var inner = new PlanBuilder(this);
    inner.constants.putAll(graph.initializers());
    graph.inputs().forEach(each -> inner.constants.remove(each.name())); // the node gives them
    var captured = new ArrayList<String>();
    for (String name : graph.captured()) {
      Tensor constant = constants.get(name);
      if (constant == null) {
        captured.add(name);
      } else {
        inner.constants.put(name, constant);
      }
    }
    Plan plan = inner.plan(graph, captured);
    return new Body(graph, plan, places(captured));
  }

  private Plan plan(Graph graph) {
    return plan(graph, List.of());
  }

  private Plan plan(Graph graph, List<String> captured) {
    Map<String, Integer> lastReaders = lastReaders(graph);
    var steps = new ArrayList<Plan.Step>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      int number = i;
      int[] last =
          places(
              node.reads().stream()
                  .filter(name -> lastReaders.getOrDefault(name, number) == number)
                  .toList());
      steps.addAll(steps(node, new Places(node, inputs(node), outputs(node, lastReaders), last)));
    }
    int[] inputs = places(graph.inputs().stream().map(Value::name).toList());
    int[] outputs = places(graph.outputs().stream().map(Value::name).toList());
    int[] around = places(captured);
    @Nullable Tensor[] frame = new Tensor[places.size()];
    places.forEach((name, place) -> frame[place] = constants.get(name));
    return new Plan(inputs, around, outputs, List.copyOf(steps), frame);
  }

  /** Returns of each value the number of the last node that reads it; of outputs one after all. */
  private static Map<String, Integer> lastReaders(Graph graph) {
    var last = new HashMap<String, Integer>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      for (String name : graph.nodes().get(i).reads()) {
        last.put(name, i);
      }
    }
    graph.outputs().forEach(each -> last.put(each.name(), graph.nodes().size()));
    return last;
  }

  private int[] places(List<String> names) {
    return names.stream().mapToInt(this::place).toArray();
  }

  private int place(String name) {
    return name.isEmpty() ? Places.NONE : places.computeIfAbsent(name, any -> places.size());
  }

  private int[] inputs(Node node) {
    return places(node.inputs());
  }

  /** What nobody reads is not kept. */
  private int[] outputs(Node node, Map<String, Integer> lastReaders) {
    return places(
        node.outputs().stream().map(each -> lastReaders.containsKey(each) ? each : "").toList());
  }

  /** Returns the step of a node, none where its outputs are constants. */
  private List<Plan.Step> steps(Node node, Places at) {
    if (node.domain().isEmpty()) {
      switch (node.operator()) {
        case "If" -> {
          return List.of(choice(node, at));
        }
        case "Loop" -> {
          return List.of(loop(node, at));
        }
        case "Scan" -> {
          return List.of(scan(node, at));
        }
        default -> {}
      }
    }
    int opset = model.opset(node.domain());
    Operator operator = KnownOperators.find(node, opset).orElseThrow(); // none is missing
    var known = new ArrayList<@Nullable Tensor>();
    node.inputs().forEach(name -> known.add(constants.get(name)));
    var call = new Call(node.attributes(), opset, known, node.outputs().size());
    boolean constant =
        node.inputs().stream().allMatch(each -> each.isEmpty() || constants.containsKey(each));
    if (constant && !GROWING.contains(node.operator()) && fold(node, operator, call)) {
      placements.add(new Placement(node, Placement.Where.CONSTANT));
      return List.of();
    }
    var prepared = prepared(operator, call);
    placements.add(
        new Placement(
            node,
            prepared.isOnEngine() ? Placement.Where.ENGINE : Placement.Where.EVALUATOR,
            RecurrentOperators.whyPlain(prepared)));
    return List.of(new OperatorStep(at, prepared, opset));
  }

  /** Computes constants; a node that fails may be one that never runs. */
  private boolean fold(Node node, Operator operator, Call call) {
    List<Tensor> outputs;
    try {
      outputs = operator.run(call);
    } catch (IllegalArgumentException | ArithmeticException e) {
      return false;
    }
    if (outputs.size() < node.outputs().size()) {
      return false;
    }
    for (int i = 0; i < node.outputs().size(); i++) {
      Tensor each = outputs.get(i);
      if (!node.outputs().get(i).isEmpty()) {
        memory.take("a constant", (long) each.size() * ElementBytes.widthInMemory(each.type()));
        constants.put(node.outputs().get(i), each);
      }
    }
    return true;
  }

  private static Operator prepared(Operator operator, Call call) {
    try {
      return operator.prepared(call);
    } catch (IllegalArgumentException | ArithmeticException e) {
      return operator; // says so when it runs
    }
  }

  private Plan.Step choice(Node node, Places at) {
    Body then = body(node, "then_branch");
    Body otherwise = body(node, "else_branch");
    check(node, node.inputs().size() == 1, "must have one input");
    for (Body each : List.of(then, otherwise)) {
      check(node, each.graph().inputs().isEmpty(), "has a graph with inputs");
      check(
          node,
          each.graph().outputs().size() == node.outputs().size(),
          "has a graph of other outputs");
    }
    placements.add(new Placement(node, Placement.Where.EVALUATOR));
    return new IfStep(at, then, otherwise);
  }

  private Plan.Step loop(Node node, Places at) {
    Body body = body(node, "body");
    int states = Math.max(0, node.inputs().size() - LoopStep.BEFORE);
    checkBody(node, body.graph(), LoopStep.BEFORE + states, 1 + states);
    check(
        node,
        node.outputs().size() <= body.graph().outputs().size() - 1,
        "has more outputs than its graph");
    int[] inputs = new int[LoopStep.BEFORE + states];
    Arrays.fill(inputs, Places.NONE);
    System.arraycopy(at.inputs(), 0, inputs, 0, at.inputs().length);
    placements.add(new Placement(node, Placement.Where.EVALUATOR));
    return new LoopStep(new Places(node, inputs, at.outputs(), at.last()), body);
  }

  private Plan.Step scan(Node node, Places at) {
    Body body = body(node, "body");
    boolean batched = model.opset(node.domain()) < KnownOperators.SCAN_WITHOUT_BATCH;
    int inputs = node.inputs().size() - (batched ? 1 : 0);
    long sequences = node.attributes().number("num_scan_inputs", 0);
    check(
        node,
        sequences >= 1 && sequences <= inputs,
        "has " + inputs + " inputs, of which " + sequences + " are sequences");
    checkBody(node, body.graph(), inputs, inputs - (int) sequences);
    check(
        node,
        node.outputs().size() <= body.graph().outputs().size(),
        "has more outputs than its graph");
    placements.add(new Placement(node, Placement.Where.EVALUATOR));
    String directions = batched ? "directions" : "scan_input_directions";
    var scan = new ScanStep(at, body, (int) sequences, directions);
    return batched ? new BatchedScanStep(scan) : scan;
  }

  private static void checkBody(Node node, Graph body, int inputs, int states) {
    check(
        node,
        body.inputs().size() == inputs,
        "has a graph of " + body.inputs().size() + " inputs, which needs " + inputs);
    check(
        node,
        body.outputs().size() >= states,
        "has a graph of " + body.outputs().size() + " outputs, which needs " + states + " or more");
  }

  private static void check(Node node, boolean right, String problem) {
    if (!right) {
      throw refused(node, problem);
    }
  }

  private static InputException refused(Node node, String problem) {
    return new InputException(node.label() + " " + problem, "Export the model again.");
  }
}
