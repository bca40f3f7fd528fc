package dev.unroll.interop.onnx;

import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.ForeignFiles;
import dev.unroll.interop.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A model that carries its states from step to step: the states that one step returns are inputs of
 * the next. The first step reads the model's default values for these inputs if it has any, and
 * otherwise zeros of the shape that fits the other inputs.
 *
 * <p>A stream is for one thread at a time; any number of streams can share a model.
 */
public final class OnnxStream {

  private final String name;
  private final Map<String, String> pairs;
  private final InputCheck check;
  private final UnaryOperator<Map<String, Tensor>> run;
  private Map<String, Tensor> states = Map.of();

  /**
   * Opens a stream.
   *
   * @param name the name of the model in messages
   * @param run runs the graph
   */
  OnnxStream(
      String name,
      Map<String, String> pairs,
      InputCheck check,
      UnaryOperator<Map<String, Tensor>> run) {
    this.name = name;
    this.check = check;
    this.run = run;
    this.pairs = Collections.unmodifiableMap(new LinkedHashMap<>(pairs));
  }

  /** Returns, for each input that is a state, the output that is its next value. */
  public Map<String, String> pairs() {
    return pairs;
  }

  /**
   * Runs one step.
   *
   * @param inputs by name, without the states
   * @return the outputs by name, without the states
   * @throws InputException if inputs do not fit, or nothing says the shape of a state
   */
  public Map<String, Tensor> step(Map<String, Tensor> inputs) {
    var all = new LinkedHashMap<String, Tensor>(inputs);
    for (String each : pairs.keySet()) {
      if (inputs.containsKey(each)) {
        throw InputException.in(
            name, each + " is a state, which the stream keeps", "Set states by restore(…).");
      }
    }
    all.putAll(states);
    addZeros(all);
    Map<String, Tensor> outputs = run.apply(all);
    var next = new LinkedHashMap<String, Tensor>();
    pairs.forEach((input, output) -> next.put(input, outputs.get(output)));
    states = Collections.unmodifiableMap(next);
    var rest = new LinkedHashMap<>(outputs);
    rest.keySet().removeAll(pairs.values());
    return rest;
  }

  /** Adds zeros for the states that have no value yet, here or in the model. */
  private void addZeros(Map<String, Tensor> inputs) {
    for (String each : pairs.keySet()) {
      if (!inputs.containsKey(each) && check.isNeeded(each)) {
        inputs.put(each, ForeignFiles.named(name, () -> check.zeros(each, inputs)));
      }
    }
  }

  /** Starts over: the next step reads the initial states. */
  public void reset() {
    states = Map.of();
  }

  /** Returns the states that the next step reads, by the names of inputs; empty before a step. */
  public Map<String, Tensor> state() {
    return states;
  }

  /**
   * Continues from states that {@link #state} returned, of this stream or another one of the model;
   * states that are left out start over.
   *
   * @throws InputException if one of them is not a state of this stream
   */
  public void restore(Map<String, Tensor> saved) {
    for (String each : saved.keySet()) {
      if (!pairs.containsKey(each)) {
        throw InputException.in(
            name, "has no state " + each, "It has " + String.join(", ", pairs.keySet()) + ".");
      }
    }
    states = Collections.unmodifiableMap(new LinkedHashMap<>(saved));
  }
}
