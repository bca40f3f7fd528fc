package dev.unroll.interop.onnx.run;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.interop.onnx.graph.ModelGraph;
import dev.unroll.interop.onnx.graph.Value;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A model that is ready to run, by any number of threads at a time. */
public final class Program {

  /** Since this version of the format initializers that are inputs are meant to be replaced. */
  private static final int REPLACEABLE = 4;

  private final ModelGraph model;
  private final Plan plan;
  private final List<Placement> placements;

  /** Initializers that inputs may replace. */
  private final Set<String> replaceable;

  /** The plan for inputs that replace initializers, once it is needed. */
  private @Nullable Plan open;

  private Program(ModelGraph model, Plan plan, List<Placement> placements) {
    this.model = model;
    this.plan = plan;
    this.placements = List.copyOf(placements);
    replaceable = replaceable(model);
  }

  /** In old files all initializers are inputs, too, because the format asked for it. */
  private static Set<String> replaceable(ModelGraph model) {
    var names = new LinkedHashSet<String>();
    if (model.origin().irVersion() >= REPLACEABLE) {
      model.graph().inputs().forEach(each -> names.add(each.name()));
      names.retainAll(model.graph().initializers().keySet());
    }
    return Collections.unmodifiableSet(names);
  }

  /**
   * Prepares a model.
   *
   * @throws InputException if operators are missing, or graphs in nodes do not fit
   */
  public static Program of(ModelGraph model) {
    List<KnownOperators.Missing> missing = KnownOperators.missing(model);
    if (!missing.isEmpty()) {
      throw new InputException(
          "needs operators that are not supported: "
              + String.join(", ", missing.stream().map(String::valueOf).toList()),
          "Export the model with others; docs/interop.md lists those that are supported.");
    }
    var placements = new ArrayList<Placement>();
    Plan plan = PlanBuilder.plan(model, Set.of(), placements);
    return new Program(model, plan, placements);
  }

  /** Returns what runs each node, in the order in which they run; graphs in nodes come first. */
  public List<Placement> placements() {
    return placements;
  }

  /** Returns the initializers that inputs may replace. */
  public Set<String> replaceable() {
    return replaceable;
  }

  /**
   * Runs the model.
   *
   * @param inputs by name, all but those that initializers stand in for
   * @param maxSteps how many steps all its loops may take together
   * @return the outputs in the graph's order
   * @throws InputException if a node cannot run with what it gets, or loops take too long
   */
  public List<Tensor> run(Map<String, Tensor> inputs, Workers workers, long maxSteps) {
    boolean replaces = inputs.keySet().stream().anyMatch(replaceable::contains);
    var given = new ArrayList<@Nullable Tensor>();
    for (Value each : model.graph().inputs()) {
      Tensor usual = replaces ? model.graph().initializers().get(each.name()) : null;
      given.add(inputs.getOrDefault(each.name(), usual));
    }
    return (replaces ? open() : plan).run(given, List.of(), new Execution(workers, maxSteps));
  }

  /** What may be replaced is no constant here. */
  private synchronized Plan open() {
    if (open == null) {
      open = PlanBuilder.plan(model, replaceable, new ArrayList<>());
    }
    return open;
  }
}
