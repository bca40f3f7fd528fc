package dev.unroll.interop.onnx.run;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node that runs a graph again and again: up to a number of times, and as long as the graph says.
 * Inputs: that number and the first condition, both optional, and states. Outputs: the last states,
 * and what the steps have computed besides, stacked along a new first axis.
 *
 * <p>The graph reads the step's number, the condition and the states, and computes a condition,
 * states and what is stacked. As in ONNX Runtime its condition also counts where the node names
 * none.
 */
record LoopStep(Places places, Body body) implements Plan.Step {

  /** Inputs before the states. */
  static final int BEFORE = 2;

  @Override
  public void run(@Nullable Tensor[] frame, Execution execution) {
    places.compute(frame, inputs -> outputs(inputs, body.around(frame), execution));
  }

  private List<Tensor> outputs(
      List<@Nullable Tensor> inputs, List<Tensor> around, Execution execution) {
    Tensor most = inputs.get(0);
    Tensor first = inputs.get(1);
    long count = most == null ? Long.MAX_VALUE : Scalars.whole("the number of steps", most);
    boolean goesOn = first == null || Scalars.flag("the condition", first);
    List<Tensor> states = present(inputs.subList(BEFORE, inputs.size()));
    var collected = new Collected(places.node(), body.graph().outputs(), 1 + states.size());
    for (long step = 0; step < count && goesOn; step++) {
      execution.step(places.node());
      var given = new ArrayList<Tensor>(BEFORE + states.size());
      given.add(Tensor.adopt(ElementType.INT64, Shape.of(), new long[] {step}));
      given.add(Tensor.adopt(ElementType.BOOL, Shape.of(), new boolean[] {true}));
      given.addAll(states);
      List<Tensor> computed = body.plan().run(given, around, execution);
      goesOn = Scalars.flag("the condition", computed.getFirst());
      states = computed.subList(1, 1 + states.size());
      collected.add(computed, execution);
    }
    var outputs = new ArrayList<>(states);
    for (int i = 0; i < collected.count(); i++) {
      outputs.add(collected.stacked(i, 0, false));
    }
    return outputs;
  }

  /** Returns states, none of which may be left out. */
  static List<Tensor> present(List<? extends @Nullable Tensor> states) {
    var present = new ArrayList<Tensor>();
    for (Tensor each : states) {
      if (each == null) {
        throw new IllegalArgumentException("a state is left out");
      }
      present.add(each);
    }
    return present;
  }
}
