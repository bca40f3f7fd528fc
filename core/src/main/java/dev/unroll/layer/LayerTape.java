package dev.unroll.layer;

import dev.unroll.base.Matrix;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.kernel.Rows;
import org.jspecify.annotations.Nullable;

/** What one recurrent layer remembers of one batch. */
public final class LayerTape {

  private final LayerForm form;
  private final TapeRows rows;
  private final boolean keepsAll;
  private final boolean keepsFreshMemory;
  private final PackedMatrix packedInputs = new PackedMatrix();
  private final PackedMatrix packedStates = new PackedMatrix();
  private Steps steps = Steps.of();
  private Matrix x = Matrix.of(new float[0], 0, 0);
  private Matrix dStartA = Matrix.of(new float[0], 0, 0);
  private float[] heldOfState = {};
  private float[] heldOfMemory = {};
  private @Nullable Noise noise;
  private float @Nullable [] target;

  LayerTape(LayerForm form, boolean keepsAll, boolean keepsFreshMemory) {
    this.form = form;
    this.rows = new TapeRows(form);
    this.keepsAll = keepsAll;
    this.keepsFreshMemory = keepsFreshMemory;
  }

  /** Begins a batch of the given shape, without noise. */
  public void begin(Steps shape) {
    begin(shape, null);
  }

  /**
   * Begins a batch of the given shape.
   *
   * @param random which elements zoneout keeps, or null when the network is used and not trained
   */
  public void begin(Steps shape, @Nullable Noise random) {
    steps = shape;
    noise = random;
    target = null;
  }

  /**
   * Lets the outputs of the batch that was begun be written to an array of the caller's, [R]
   * [outputs] from its first element on, which a copy of {@link #output} would have to fill.
   *
   * @throws IllegalStateException if the tape keeps more than outputs, or lengths are not equal
   */
  public void writeTo(float[] outputs) {
    if (!forgets()) {
      throw new IllegalStateException("outputs are not the only rows, without gaps, of this tape");
    }
    target = outputs;
  }

  /** Forgets the array of {@link #writeTo}, and with it the outputs. */
  public void giveBack() {
    target = null;
    rows.giveBack();
  }

  Steps steps() {
    return steps;
  }

  @Nullable Noise noise() {
    return noise;
  }

  /** Returns the inputs of the batch, [R][inputs]. */
  Matrix x() {
    return x;
  }

  PackedMatrix packedInputs() {
    return packedInputs;
  }

  PackedMatrix packedStates() {
    return packedStates;
  }

  /** Returns the rows of gates, states and their gradients. */
  TapeRows rows() {
    return rows;
  }

  /** Returns whether a few steps take the place of those before them. */
  boolean forgets() {
    return !keepsAll && steps.equalLengths();
  }

  /** Makes room for what forward writes, with the start state where the first step reads it. */
  void reserve(Matrix inputs, LayerState start, int stepsTogether) {
    x = inputs;
    int batch = steps.batch();
    if (keepsFreshMemory) {
      rows.reserveFreshMemory(steps.rows());
    }
    if (!steps.equalLengths()) {
      rows.reserve(steps.rows());
      return;
    }
    int kept = forgets() ? Math.min(steps.length(), stepsTogether) : steps.length();
    rows.reserveShared(kept * batch, batch, target == null ? steps.rows() : 0);
    copy(start.a(), rows.before(0, batch));
    if (rows.hasMemory()) {
      copy(start.c(), rows.memoryBefore(0, batch));
    }
    if (target != null) {
      rows.writeTo(target);
    }
  }

  private static void copy(float[] states, Matrix target) {
    System.arraycopy(states, 0, target.data(), target.offset(), states.length);
  }

  /**
   * Prepares the gradient buffers; {@link #dOutput} is to be written then.
   *
   * @throws IllegalStateException if the tape keeps outputs only
   */
  public void beginBackward() {
    if (!keepsAll) {
      throw new IllegalStateException("this tape does not keep what backward needs");
    }
    rows.reserveGradients(steps.rows(), steps.places());
  }

  /** Clears what the backward pass hands to the start, and makes room for what zoneout holds. */
  void clearStartGradient() {
    dStartA = Matrix.of(new float[steps.batch() * form.outputs()], steps.batch(), form.outputs());
    if (!form.zoneout().none()) {
      heldOfState = Rows.room(heldOfState, rows.slotCount(), form.outputs());
      heldOfMemory = Rows.room(heldOfMemory, rows.hasMemory() ? rows.slotCount() : 0, form.units());
    }
  }

  /** Returns room for gradients of a⟨t⟩ that zoneout holds back in some rows of a step. */
  Matrix heldOfState(int from, int to) {
    int width = form.outputs();
    return Matrix.of(heldOfState, rows.slot(from) * width, to - from, width);
  }

  /** Returns room for gradients of c⟨t⟩ that zoneout holds back in some rows of a step. */
  Matrix heldOfMemory(int from, int to) {
    int width = form.units();
    return Matrix.of(heldOfMemory, rows.slot(from) * width, to - from, width);
  }

  /** Returns the outputs a⟨t⟩, [R][outputs]. */
  public Matrix output() {
    return rows.output(0, steps.rows());
  }

  /** Returns the gradient of the outputs, [R][outputs], to be written before the backward pass. */
  public Matrix dOutput() {
    return rows.dOutput(0, steps.rows());
  }

  /** Adds the gradient of the state after the last step of each sequence, before backward. */
  void addEndGradient(LayerState end) {
    int units = form.units();
    int outputs = form.outputs();
    Matrix dOutput = dOutput();
    for (int s = 0; s < steps.batch(); s++) {
      if (steps.length(s) > 0) {
        int last = dOutput.row(steps.row(steps.length(s) - 1, s));
        Rows.add(end.a(), s * outputs, dOutput.data(), last, outputs);
        if (rows.hasMemory()) {
          Matrix dMemory = rows.dMemory();
          Rows.add(end.c(), s * units, dMemory.data(), dMemory.row(s), units);
        }
      }
    }
  }

  /** Adds the gradients of the outputs before some rows to the rows of the steps before. */
  void passToStepBefore(int first, int end) {
    int outputs = form.outputs();
    Matrix dBefore = rows.dBefore(first, end);
    for (int row = first; row < end; row++) {
      int before = steps.before(row);
      boolean begins = before < 0;
      Matrix target = begins ? dStartA : dOutput();
      int to = target.row(begins ? steps.sequence(row) : before);
      Rows.add(dBefore.data(), dBefore.row(row - first), target.data(), to, outputs);
    }
  }

  /** Copies the states of the steps before some rows to where the cell reads them. */
  void copyStateBefore(LayerState start, int first, int end) {
    int outputs = form.outputs();
    int units = form.units();
    Matrix beforeA = rows.before(0, end);
    for (int row = first; row < end; row++) {
      int before = steps.before(row);
      int sequence = steps.sequence(row);
      Matrix a =
          before < 0 ? Matrix.of(start.a(), sequence + 1, outputs) : rows.output(0, before + 1);
      a.copyRow(a.rows() - 1, beforeA, row);
      if (rows.hasMemory()) {
        Matrix c =
            before < 0 ? Matrix.of(start.c(), sequence + 1, units) : rows.memory(0, before + 1);
        c.copyRow(c.rows() - 1, rows.memoryBefore(0, end), row);
      }
    }
  }

  /** Returns the state of each sequence after its last step; {@code start} where it has no step. */
  LayerState endState(LayerState start) {
    Matrix a = Matrix.of(start.a().clone(), steps.batch(), form.outputs());
    Matrix c = Matrix.of(start.c().clone(), start.c().length / form.units(), form.units());
    for (int s = 0; s < steps.batch(); s++) {
      if (steps.length(s) > 0) {
        int row = steps.row(steps.length(s) - 1, s);
        rows.output(0, row + 1).copyRow(row, a, s);
        if (c.rows() > 0 && forgets()) {
          rows.memoryBefore(0, s + 1).copyRow(s, c, s); // where those of the next steps would begin
        } else if (c.rows() > 0) {
          rows.memory(0, row + 1).copyRow(row, c, s);
        }
      }
    }
    return new LayerState(a.data(), c.data());
  }

  /** Returns the gradient of the start state, after the backward pass. */
  public LayerState startGradient() {
    return new LayerState(
        dStartA.copyOfElements(),
        rows.hasMemory() ? rows.dMemory().copyOfElements() : new float[0]);
  }
}
