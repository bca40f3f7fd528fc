package dev.unroll.kernel;

import java.util.Arrays;

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

  private final int units;
  private final int gateCount;
  private final Kind kind;

  float[] gates = NONE;
  float[] before = NONE;
  float[] output = NONE;
  float[] cellBefore = NONE;
  float[] cell = NONE;
  float[] squashed = NONE;
  float[] freshCell = NONE;
  float[] inner = NONE;

  float[] dBefore = NONE;
  float[] dOutput = NONE;
  float[] dCell = NONE;
  float[] dInner = NONE;
  private Places places = Places.NONE;

  /** How much further than those of c⟨t-1⟩ the rows of a⟨t-1⟩, a⟨t⟩ and c⟨t⟩ begin. */
  int beforeStart;

  int outputStart;
  int cellStart;
  private boolean shared;

  /** Creates empty buffers for a cell of {@code units} units with {@code gateCount} gates. */
  public CellBuffers(int units, int gateCount, Kind kind) {
    this.units = units;
    this.gateCount = gateCount;
    this.kind = kind;
  }

  /** Makes room for {@code rows} rows of what forward writes, each state in a place of its own. */
  public void reserve(int rows) {
    reserveGates(rows);
    if (shared) {
      before = NONE;
      cellBefore = NONE;
    }
    shared = false;
    output = room(output, rows);
    before = room(before, rows);
    if (kind == Kind.MEMORY) {
      cell = room(cell, rows);
      cellBefore = room(cellBefore, rows);
    }
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
    output = room(output, Math.addExact(batch, states));
    before = output;
    if (kind == Kind.MEMORY) {
      cell = room(cell, batch + rows);
      cellBefore = cell;
    }
    setStarts(0, batch * units, batch * units);
  }

  private void reserveGates(int rows) {
    gates = room(gates, Math.multiplyExact(rows, gateCount));
    if (kind == Kind.MEMORY) {
      squashed = room(squashed, rows);
    } else if (kind == Kind.RESET) {
      inner = room(inner, rows);
    }
  }

  private void setStarts(int ofBefore, int ofOutput, int ofCell) {
    beforeStart = ofBefore;
    outputStart = ofOutput;
    cellStart = ofCell;
  }

  /**
   * Lets the rows, of which all but the states a⟨t⟩ will be forgotten, be those of the next steps;
   * only after {@link #reserveShared}.
   *
   * @param rows number of rows that are left behind
   */
  public void advance(int rows) {
    beforeStart += rows * units;
    outputStart += rows * units;
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
    freshCell = room(freshCell, rows);
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
    dBefore = room(dBefore, rowPlaces.slotCount);
    dOutput = room(dOutput, rows);
    if (kind == Kind.MEMORY) {
      dCell = room(dCell, rowPlaces.batch);
      Arrays.fill(dCell, 0f);
    } else if (kind == Kind.RESET) {
      dInner = room(dInner, rows);
    }
  }

  private float[] room(float[] buffer, int rows) {
    int size = Math.addExact(Matrix.ALIGNED, Math.multiplyExact(rows, units));
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

  /** Returns where the row's part of {@link #dBefore} begins. */
  int slot(int row) {
    return at(places.slots[row]);
  }

  /** Returns where the part of {@link #dCell} of the row's sequence begins. */
  public int sequence(int row) {
    return at(places.sequences[row]);
  }

  /** Returns H, the number of units. */
  public int units() {
    return units;
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

  /** Returns a⟨t-1⟩ of the first {@code rows} rows, [rows][H]. */
  public Matrix before(int rows) {
    return Matrix.of(before, at(0) + beforeStart, rows, units);
  }

  /** Returns a⟨t⟩ of the first {@code rows} rows, [rows][H]. */
  public Matrix output(int rows) {
    return Matrix.of(output, at(0) + outputStart, rows, units);
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
    return Matrix.of(dBefore, slot(from), to - from, units);
  }

  /** Returns the gradients of a⟨t⟩, [rows][H], summed from the loss and from later steps. */
  public Matrix dOutput(int rows) {
    return Matrix.of(dOutput, at(0), rows, units);
  }

  /**
   * Returns, for each sequence, the gradient of its memory cell at the step that the backward pass
   * has come to, [B][H]: that of its last state before the pass, that of its start state after it.
   * Only with a memory cell.
   */
  public Matrix dCell() {
    return Matrix.of(dCell, at(0), places.batch, units);
  }

  /** Returns the gradients of the inner term, [rows][H]; only with one. */
  public Matrix dInner(int rows) {
    return Matrix.of(dInner, at(0), rows, units);
  }
}
