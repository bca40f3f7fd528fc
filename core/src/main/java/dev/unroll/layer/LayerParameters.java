package dev.unroll.layer;

import dev.unroll.cell.Cell;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the parameters of a recurrent layer lie, and their first values: {@code input.weight}
 * [G·H][inputs], {@code recurrent.weight} [G·H][outputs] (but for cells whose gates depend only on
 * the input), {@code bias} [G·H]; the cell's own; {@code projection.weight} [P][H]; those of {@link
 * Normalization}; {@code start.a} [outputs] and {@code start.c} [H] where the start is learned.
 */
final class LayerParameters {

  private final LayerForm form;
  private final Slice input;
  private final Slice recurrent;
  private final Slice bias;
  private final List<Cell.Own> ownForms;
  private final List<Slice> own = new ArrayList<>();
  private final @Nullable Slice projection;
  private final @Nullable Normalization normalization;
  private final LearnedStart start;

  /** Lays out the parameters under names that begin with {@code prefix}. */
  LayerParameters(LayerForm form, String prefix, Layout layout) {
    this.form = form;
    int units = form.units();
    int outputs = form.outputs();
    input = layout.matrix(prefix + "input.weight", form.width(), form.inputs());
    recurrent =
        form.cell().products().isEmpty()
            ? new Slice("none", 0, 0, outputs)
            : layout.matrix(prefix + "recurrent.weight", form.width(), outputs);
    bias = layout.vector(prefix + "bias", form.width());
    ownForms = form.cell().own();
    for (Cell.Own each : ownForms) {
      boolean rounded = each.rounding() == Cell.Own.Rounding.WITH_WEIGHTS;
      String name = prefix + each.name();
      own.add(
          rounded
              ? layout.matrix(name, each.rows(), units)
              : layout.vectors(name, each.rows(), units));
    }
    projection =
        form.projects() ? layout.matrix(prefix + "projection.weight", outputs, units) : null;
    normalization = form.normalized() ? new Normalization(form, prefix, layout) : null;
    boolean memory = form.cell().hasMemory();
    start =
        new LearnedStart(
            form.learnedStart() ? layout.vector(prefix + "start.a", outputs) : null,
            form.learnedStart() && memory ? layout.vector(prefix + "start.c", units) : null);
  }

  Slice input() {
    return input;
  }

  Slice recurrent() {
    return recurrent;
  }

  Slice bias() {
    return bias;
  }

  @Nullable Slice projection() {
    return projection;
  }

  @Nullable Normalization normalization() {
    return normalization;
  }

  /** Returns whether the cell has parameters of its own. */
  boolean hasOwn() {
    return !own.isEmpty();
  }

  LearnedStart start() {
    return start;
  }

  /** Returns where the cell's own parameters of a name lie. */
  Slice own(String name) {
    for (int i = 0; i < own.size(); i++) {
      if (ownForms.get(i).name().equals(name)) {
        return own.get(i);
      }
    }
    throw new IllegalArgumentException(form.cell().label() + " has no parameters " + name);
  }

  /**
   * Sets first values: input weights uniform in ±√(3 / inputs), each gate's recurrent weights a
   * random orthogonal matrix (Saxe et al. 2014), a projection's weights uniform in ±√(3 / H), gains
   * 1, biases and the cell's own parameters as the cell asks, a learned start 0 (uniform in ±0.1
   * where there is layer normalization).
   */
  void initialize(float[] parameters, Initialization initialization) {
    initialization.uniform(parameters, input, Math.sqrt(3.0 / form.inputs()));
    List<String> gates = form.cell().gates();
    int units = form.units();
    for (int gate = 0; gate < gates.size(); gate++) {
      if (recurrent.rows() > 0) {
        int offset = recurrent.offset() + gate * units * recurrent.columns();
        initialization.orthogonal(
            parameters, new Slice(recurrent.name() + gate, offset, units, recurrent.columns()));
      }
      float value = form.cell().initialBias(gates.get(gate));
      int first = bias.offset() + gate * units;
      Arrays.fill(parameters, first, first + units, value);
    }
    for (int i = 0; i < own.size(); i++) {
      Cell.Own.First first = ownForms.get(i).first();
      initialization.uniform(parameters, own.get(i), first.least(), first.most());
    }
    if (projection != null) {
      initialization.uniform(parameters, projection, Math.sqrt(3.0 / units));
    }
    if (normalization != null) {
      normalization.initialize(parameters);
      start.initialize(parameters, initialization);
    }
  }
}
