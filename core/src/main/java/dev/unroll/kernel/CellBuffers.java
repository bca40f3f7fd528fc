package dev.unroll.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rows that the steps of one recurrent layer read and write: what forward computes and backward
 * must remember, and the gradients. Row r of every buffer of R rows belongs to the same step of the
 * same sequence.
 *
 * <pre>{@code
 * gates      [R][G·H]  pre-activations, then gate values; the update gate first
 * before     [R][H]    a⟨t-1⟩            cellBefore [R][H]  c⟨t-1⟩ (LSTM)
 * output     [R][H]    a⟨t⟩              cell       [R][H]  c⟨t⟩   (LSTM)
 * squashed   [R][H]    tanh(c⟨t⟩) (LSTM) inner      [R][H]  Γr ∗ c⟨t-1⟩ or Wcc c⟨t-1⟩ + bcc (GRU)
 * dOutput    [R][H]                      dInner     [R][H]
 * dBefore    a row a slot                dCell      a row a sequence
 * }</pre>
 *
 * <p>With a projection to P units a⟨t⟩ and its gradients are P wide, and what is projected lies in
 * {@code hidden} [R][H], its gradient in {@code dHidden}; without one these are {@code output} and
 * {@code dOutput} themselves. With layer normalisation there are {@link NormalizedRows} for each
 * product and for the memory cell.
 *
 * <p>Where all B sequences go through the same steps, the state before a row is the state after the
 * row B rows above. Then {@code before} and {@code output} are one array of B + R rows, whose first
 * B rows hold the start state, and so are {@code cellBefore} and {@code cell}: {@link
 * #reserveShared}. Else they are arrays of their own: {@link #reserve}.
 *
 * <p>The backward pass writes the gradients of the pre-activations over the gate values, which it
 * reads for the last time: memory that is in a near cache already. What it hands from one step to
 * the one before has room for a step, not for all ({@link Places}), and so stays there too.
 *
 * <p>Buffers grow to the largest batch seen and are reused.
 */
public final class CellBuffers {

  /** Which of the optional buffers a cell needs. */
  public enum Kind {
    /** Only gates, the state before and the output. */
    PLAIN,
    /** Also the inner term of a reset gate. */
    RESET,
    /** Also the memory cell. */
    MEMORY
  }

  /**
   * Where the rows of a batch find what lasts for a step.
   *
   * @param batch number of sequences
   * @param sequences the sequence of each row
   * @param slots a place for each row, consecutive within a step and no other sequence's
   * @param slotCount number of places
   */
  public record Places(int batch, int[] sequences, int[] slots, int slotCount) {

    static final Places NONE = new Places(0, new int[0], new int[0], 0);
  }

  private static final float[] NONE = new float[0];

  /**
   * What a cell needs.
   *
   * @param units H, the number of units
   * @param gates G, the number of gates
   * @param groups number of gates in each group of recurrent weights; together G or, without any,
   *     none
   * @param kind which of the optional buffers
   * @param outputs width of a⟨t⟩: P with a projection, else H
   * @param normalized whether there is layer normalisation
   */
  public record Form(
      int units, int gates, List<Integer> groups, Kind kind, int outputs, boolean normalized) {

    /** The form of a cell of one group of weights, without projection and normalisation. */
    public static Form plain(int units, int gates, Kind kind) {
      return new Form(units, gates, List.of(gates), kind, units, false);
    }

    boolean projected() {
      return outputs != units;
    }
  }

  private final Form form;
  private final int units;
  private final int outputs;
  private final int gateCount;
  private final Kind kind;
  private final List<NormalizedRows> normalized = new ArrayList<>();

  float[] gates = NONE;
  float[] before = NONE;
  float[] output = NONE;
  float[] hidden = NONE;
  float[] cellBefore = NONE;
  float[] cell = NONE;
  float[] squashed = NONE;
  float[] freshCell = NONE;
  float[] inner = NONE;

  float[] dBefore = NONE;
  float[] dOutput = NONE;
  float[] dHidden = NONE;
  float[] dCell = NONE;
  float[] dInner = NONE;
  float[] dSquashed = NONE;
  private Places places = Places.NONE;

  /** How much further than those of c⟨t-1⟩ the rows of a⟨t-1⟩, a⟨t⟩ and c⟨t⟩ begin. */
  int beforeStart;

  int outputStart;
  int hiddenStart;
  int cellStart;
  private boolean shared;

  /** Creates empty buffers for a cell of the given form. */
  public CellBuffers(Form form) {
    this.form = form;
    units = form.units;
    outputs = form.outputs;
    gateCount = form.gates;
    kind = form.kind;
    if (form.normalized) {
      normalized.add(new NormalizedRows(gateCount * units));
      form.groups.forEach(gatesOfGroup -> normalized.add(new NormalizedRows(gatesOfGroup * units)));
      if (kind == Kind.MEMORY) {
        normalized.add(new NormalizedRows(units));
      }
    }
  }

  /** Returns the normalised products of the input's weights; only with normalisation. */
  public NormalizedRows normalizedInput() {
    return normalized.get(0);
  }

  /** Returns the normalised products of a group of recurrent weights. */
  public NormalizedRows normalizedGroup(int group) {
    return normalized.get(1 + group);
  }

  /** Returns the normalised memory cells; only with a memory cell. */
  public NormalizedRows normalizedCell() {
    return normalized.get(normalized.size() - 1);
  }

  /** Makes room for {@code rows} rows of what forward writes, each state in a place of its own. */
  public void reserve(int rows) {
    reserveGates(rows);
    if (shared) {
      before = NONE;
      cellBefore = NONE;
    }
    shared = false;
    output = room(output, rows, outputs);
    before = room(before, rows, outputs);
    if (kind == Kind.MEMORY) {
      cell = room(cell, rows, units);
      cellBefore = room(cellBefore, rows, units);
    }
    reserveHidden(rows);
    setStarts(0, 0, 0);
  }

  /**
   * Makes room for {@code rows} rows of what forward writes, the states of which follow those of
   * {@code batch} rows before them.
   *
   * @param states rows of all states a⟨t⟩, of which these may be a part
   */
  public void reserveShared(int rows, int batch, int states) {
    reserveGates(rows);
    shared = true;
    output = room(output, Math.addExact(batch, states), outputs);
    before = output;
    if (kind == Kind.MEMORY) {
      cell = room(cell, batch + rows, units);
      cellBefore = cell;
    }
    reserveHidden(rows);
    setStarts(0, batch * outputs, batch * units);
  }

  private void reserveGates(int rows) {
    gates = room(gates, Math.multiplyExact(rows, gateCount), units);
    if (kind == Kind.MEMORY) {
      squashed = room(squashed, rows, units);
    } else if (kind == Kind.RESET) {
      inner = room(inner, rows, units);
    }
    normalized.forEach(own -> own.reserve(rows));
  }

  /** What is projected has rows of its own; what is not is the output. */
  private void reserveHidden(int rows) {
    hidden = form.projected() ? room(hidden, rows, units) : output;
  }

  private void setStarts(int ofBefore, int ofOutput, int ofCell) {
    beforeStart = ofBefore;
    outputStart = ofOutput;
    hiddenStart = form.projected() ? 0 : ofOutput;
    cellStart = ofCell;
  }

  /**
   * Lets the rows, of which all but the states a⟨t⟩ will be forgotten, be those of the next steps;
   * only after {@link #reserveShared}.
   *
   * @param rows number of rows that are left behind
   */
  public void advance(int rows) {
    setStarts(beforeStart + rows * outputs, outputStart + rows * outputs, cellStart);
    if (kind == Kind.MEMORY) {
      System.arraycopy(cell, at(rows), cell, at(0), cellStart);
    }
  }

  /** Goes back to the first rows, after {@link #advance}. */
  public void rewind() {
    setStarts(0, outputStart - beforeStart, cellStart);
  }

  /** Copies the states of the rows to those before, after {@link #reserve}: for streams. */
  public void keepStates() {
    System.arraycopy(output, 0, before, 0, before.length);
    System.arraycopy(cell, 0, cellBefore, 0, cellBefore.length);
  }

  /**
   * Copies the memory cells of some rows as the gates computed them, before elements of them keep
   * the values of the step before; only after {@link #reserveFreshCells}.
   */
  public void keepFreshCells(int from, int to) {
    if (freshCell.length > 0) {
      System.arraycopy(cell, at(from) + cellStart, freshCell, at(from), (to - from) * units);
    }
  }

  /** Makes room for what {@link #keepFreshCells} copies. */
  public void reserveFreshCells(int rows) {
    freshCell = room(freshCell, rows, units);
  }

  /** Returns whether the states before are those of the rows above: {@link #reserveShared}. */
  public boolean shared() {
    return shared;
  }

  /**
   * Makes room for {@code rows} rows of gradients. Those of the outputs are to be written, those of
   * the last memory cells are 0 until they are added to.
   */
  public void reserveGradients(int rows, Places rowPlaces) {
    places = rowPlaces;
    dBefore = room(dBefore, rowPlaces.slotCount, outputs);
    dOutput = room(dOutput, rows, outputs);
    dHidden = form.projected() ? room(dHidden, rows, units) : dOutput;
    if (kind == Kind.MEMORY) {
      dCell = room(dCell, rowPlaces.batch, units);
      Arrays.fill(dCell, 0f);
    } else if (kind == Kind.RESET) {
      dInner = room(dInner, rows, units);
    }
    normalized.forEach(own -> own.reserveGradients(rows));
    if (form.normalized && kind == Kind.MEMORY) {
      dSquashed = room(dSquashed, rows, units);
      Arrays.fill(dSquashed, 0f);
    }
  }

  static float[] room(float[] buffer, int rows, int width) {
    int size = Math.addExact(Matrix.ALIGNED, Math.multiplyExact(rows, width));
    return buffer.length < size ? new float[size] : buffer;
  }

  /** Returns where a row begins in the arrays of one value a unit, apart from what states add. */
  int at(int row) {
    return Matrix.ALIGNED + row * units;
  }

  /** Returns where a row of {@link #gates} begins. */
  int gatesAt(int row) {
    return Matrix.ALIGNED + row * gateCount * units;
  }

  /** Returns what tanh is taken of: memory cells, or the normalised ones in the result's place. */
  float[] unsquashed() {
    return form.normalized ? squashed : cell;
  }

  int unsquashedAt(int row) {
    return form.normalized ? at(row) : cellStart + at(row);
  }

  /** Returns where the gradient of {@link #unsquashed} is added. */
  float[] dUnsquashed() {
    return form.normalized ? dSquashed : dCell;
  }

  int dUnsquashedAt(int row) {
    return form.normalized ? at(row) : sequence(row);
  }

  /** Returns where the row's part of {@link #dBefore} begins. */
  int slot(int row) {
    return Matrix.ALIGNED + places.slots[row] * outputs;
  }

  /** Returns where the part of {@link #dCell} of the row's sequence begins. */
  public int sequence(int row) {
    return at(places.sequences[row]);
  }

  /** Returns H, the number of units. */
  public int units() {
    return units;
  }

  /** Returns the width of a⟨t⟩: P with a projection, else H. */
  public int outputs() {
    return outputs;
  }

  /** Returns G, the number of gates. */
  public int gateCount() {
    return gateCount;
  }

  /** Returns which optional buffers there are. */
  public Kind kind() {
    return kind;
  }

  /** Returns the gate values of the first {@code rows} rows, [rows][G·H]. */
  public Matrix gates(int rows) {
    return Matrix.of(gates, at(0), rows, gateCount * units);
  }

  /** Returns a⟨t-1⟩ of the first {@code rows} rows, [rows][outputs]. */
  public Matrix before(int rows) {
    return Matrix.of(before, at(0) + beforeStart, rows, outputs);
  }

  /** Returns a⟨t⟩ of the first {@code rows} rows, [rows][outputs]. */
  public Matrix output(int rows) {
    return Matrix.of(output, at(0) + outputStart, rows, outputs);
  }

  /** Returns what the gates let out, before a projection, of the first rows, [rows][H]. */
  public Matrix hidden(int rows) {
    return Matrix.of(hidden, at(0) + hiddenStart, rows, units);
  }

  /** Returns tanh of the memory cells of the first rows, or what it will be of, [rows][H]. */
  public Matrix squashed(int rows) {
    return Matrix.of(squashed, at(0), rows, units);
  }

  /** Returns c⟨t-1⟩ of the first {@code rows} rows, [rows][H]; only with a memory cell. */
  public Matrix cellBefore(int rows) {
    return Matrix.of(cellBefore, at(0), rows, units);
  }

  /** Returns c⟨t⟩ of the first {@code rows} rows, [rows][H]; only with a memory cell. */
  public Matrix cell(int rows) {
    return Matrix.of(cell, at(0) + cellStart, rows, units);
  }

  /** Returns c⟨t⟩ of the first {@code rows} rows as the gates computed it, [rows][H]. */
  public Matrix freshCell(int rows) {
    return freshCell.length > 0 ? Matrix.of(freshCell, at(0), rows, units) : cell(rows);
  }

  /** Returns the inner term of the reset gate, [rows][H]; only with one. */
  public Matrix inner(int rows) {
    return Matrix.of(inner, at(0), rows, units);
  }

  /**
   * Returns the gradients of the gates' pre-activations, [rows][G·H]: the same memory as {@link
   * #gates}, which the backward pass overwrites.
   */
  public Matrix dGates(int rows) {
    return gates(rows);
  }

  /** Returns the gradients of a⟨t-1⟩ of the rows of a step, as that step gives them. */
  public Matrix dBefore(int from, int to) {
    return Matrix.of(dBefore, slot(from), to - from, outputs);
  }

  /** Returns the gradients of a⟨t⟩, [rows][outputs], summed from the loss and from later steps. */
  public Matrix dOutput(int rows) {
    return Matrix.of(dOutput, at(0), rows, outputs);
  }

  /** Returns the gradients of {@link #hidden}, [rows][H]. */
  public Matrix dHidden(int rows) {
    return Matrix.of(dHidden, at(0), rows, units);
  }

  /**
   * Returns, for each sequence, the gradient of its memory cell at the step that the backward pass
   * has come to, [B][H]: that of its last state before the pass, that of its start state after it.
   * Only with a memory cell.
   */
  public Matrix dCell() {
    return Matrix.of(dCell, at(0), places.batch, units);
  }

  /** Returns the gradients of what tanh was taken of, with normalisation, [rows][H]. */
  public Matrix dSquashed(int rows) {
    return Matrix.of(dSquashed, at(0), rows, units);
  }

  /** Returns the gradients of the inner term, [rows][H]; only with one. */
  public Matrix dInner(int rows) {
    return Matrix.of(dInner, at(0), rows, units);
  }
}
