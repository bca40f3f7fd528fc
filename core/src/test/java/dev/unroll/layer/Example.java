package dev.unroll.layer;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.cell.Cell;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Layout;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A random batch for one layer: unequal weights, ragged lengths, start states that are not zero,
 * and weights of a linear loss {@code Σ va·a⟨t⟩ + Σ vc·c⟨T⟩} on every output and on the last memory
 * cells. The engine and the reference compute the same named results from it.
 */
record Example(
    CellCase form,
    int inputs,
    int units,
    Steps steps,
    float[] parameters,
    float[] x,
    LayerState start,
    float[] va,
    float[] vc) {

  static Example random(Cell form, int inputs, int units, long seed, int... lengths) {
    return random(CellCase.plain(form), inputs, units, seed, lengths);
  }

  static Example random(CellCase form, int inputs, int units, long seed, int... lengths) {
    var steps = Steps.of(lengths);
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 7);
    int size = form.reference(inputs, units).parameters.length;
    int outputs = form.outputs(units);
    int memory = form.hasMemory() ? lengths.length * units : 0;
    return new Example(
        form,
        inputs,
        units,
        steps,
        numbers(random.part(1), size, (float) Math.min(0.6, 1.5 / Math.sqrt(units))),
        numbers(random.part(2), steps.rows() * inputs, 1f),
        new LayerState(
            numbers(random.part(3), lengths.length * outputs, 0.8f),
            numbers(random.part(4), memory, 0.8f)),
        numbers(random.part(5), steps.rows() * outputs, 1f),
        numbers(random.part(6), memory, 1f));
  }

  private static float[] numbers(CounterRandom random, int count, float scale) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = scale * (float) (2 * random.uniform(i) - 1);
    }
    return values;
  }

  /** The width of a⟨t⟩. */
  int outputs() {
    return form.outputs(units);
  }

  Example withParameters(float[] other) {
    return new Example(form, inputs, units, steps, other, x, start, va, vc);
  }

  Example withX(float[] other) {
    return new Example(form, inputs, units, steps, parameters, other, start, va, vc);
  }

  Example withStart(LayerState other) {
    return new Example(form, inputs, units, steps, parameters, x, other, va, vc);
  }

  /** Only the sequence at {@code s}, as a batch of one. */
  Example alone(int s) {
    var one = Steps.of(steps.length(s));
    float[] ownX = new float[one.rows() * inputs];
    float[] ownVa = new float[one.rows() * outputs()];
    for (int t = 0; t < steps.length(s); t++) {
      System.arraycopy(x, steps.row(t, s) * inputs, ownX, t * inputs, inputs);
      System.arraycopy(va, steps.row(t, s) * outputs(), ownVa, t * outputs(), outputs());
    }
    return new Example(
        form,
        inputs,
        units,
        one,
        parameters,
        ownX,
        new LayerState(part(start.a(), s, outputs()), part(start.c(), s, units)),
        ownVa,
        part(vc, s, units));
  }

  private static float[] part(float[] rows, int s, int width) {
    float[] own = new float[rows.length == 0 ? 0 : width];
    System.arraycopy(rows, rows.length == 0 ? 0 : s * width, own, 0, own.length);
    return own;
  }

  Example withLoss(float[] otherVa, float[] otherVc) {
    return new Example(form, inputs, units, steps, parameters, x, start, otherVa, otherVc);
  }

  /** All results of the float engine, by name. */
  Map<String, float[]> engine(Workers workers) {
    return engine(workers, parameters);
  }

  /** The same, with other parameters in the backward pass: an engine that is wrong only there. */
  Map<String, float[]> engine(Workers workers, float[] backwardParameters) {
    var layout = new Layout();
    var layer = form.layer(inputs, units, layout);
    var weights = layer.newWeights();
    weights.packForward(parameters, workers);
    weights.packBackward(backwardParameters, workers);
    var tape = layer.newTape();
    tape.begin(steps);
    layer.forward(weights, Matrix.of(x, steps.rows(), inputs), start, tape, workers);
    var end = layer.endState(start, tape);
    float[] outputs = tape.output().copyOfElements();
    tape.beginBackward();
    System.arraycopy(va, 0, tape.dOutput().data(), tape.dOutput().offset(), va.length);
    tape.addEndGradient(new LayerState(new float[start.a().length], vc));
    float[] gradients = new float[layout.size()];
    float[] dx = new float[x.length];
    layer.backward(weights, tape, Matrix.of(dx, steps.rows(), inputs), gradients, workers);
    var results = new LinkedHashMap<String, float[]>();
    results.put("outputs", outputs);
    results.put("end a", end.a());
    results.put("end c", end.c());
    results.put("dx", dx);
    results.put("gradients", gradients);
    results.put("start da", tape.startGradient().a());
    results.put("start dc", tape.startGradient().c());
    return results;
  }
}
