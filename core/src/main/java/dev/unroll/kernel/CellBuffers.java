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
  float[] inner = NONE;

  float[] dBefore = NONE;
  float[] dOutput = NONE;
  float[] dCell = NONE;
  float[] dInner = NONE;
  private Places places = Places.NONE;

  /** Creates empty buffers for a cell of {@code units} units with {@code gateCount} gates. */
  public CellBuffers(int units, int gateCount, Kind kind) {
    this.units = units;
    this.gateCount = gateCount;
    this.kind = kind;
  }

  /** Makes room for {@code rows} rows of what forward writes. */
  public void reserve(int rows) {
    if (output.length >= Math.multiplyExact(rows, units)) {
      return;
    }
    gates = new float[Math.multiplyExact(rows, gateCount * units)];
    before = new float[rows * units];
    output = new float[rows * units];
    if (kind == Kind.MEMORY) {
      cellBefore = new float[rows * units];
      cell = new float[rows * units];
      squashed = new float[rows * units];
    } else if (kind == Kind.RESET) {
      inner = new float[rows * units];
    }
  }

  /** Makes room for {@code rows} rows of gradients and clears those that are added to. */
  public void reserveGradients(int rows, Places rowPlaces) {
    places = rowPlaces;
    dBefore = room(dBefore, rowPlaces.slotCount);
    dOutput = room(dOutput, rows);
    Arrays.fill(dOutput, 0, rows * units, 0f);
    if (kind == Kind.MEMORY) {
      dCell = room(dCell, rowPlaces.batch);
      Arrays.fill(dCell, 0, rowPlaces.batch * units, 0f);
    } else if (kind == Kind.RESET) {
      dInner = room(dInner, rows);
    }
  }

  private float[] room(float[] buffer, int rows) {
    int size = Math.multiplyExact(rows, units);
    return buffer.length < size ? new float[size] : buffer;
  }

  /** Returns where the row's part of {@link #dBefore} begins. */
  int slot(int row) {
    return places.slots[row] * units;
  }

  /** Returns where the part of {@link #dCell} of the row's sequence begins. */
  public int sequence(int row) {
    return places.sequences[row] * units;
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

  /** Returns the gate values, [R][G·H]; after the backward pass {@link #dGates}. */
  public float[] gates() {
    return gates;
  }

  /** Returns a⟨t-1⟩, [R][H]. */
  public float[] before() {
    return before;
  }

  /** Returns a⟨t⟩, [R][H]. */
  public float[] output() {
    return output;
  }

  /** Returns c⟨t-1⟩, [R][H]; empty without a memory cell. */
  public float[] cellBefore() {
    return cellBefore;
  }

  /** Returns c⟨t⟩, [R][H]; empty without a memory cell. */
  public float[] cell() {
    return cell;
  }

  /** Returns the inner term of the reset gate, [R][H]; empty without one. */
  public float[] inner() {
    return inner;
  }

  /**
   * Returns the gradients of the gates' pre-activations, [R][G·H]: the same memory as {@link
   * #gates}, which the backward pass overwrites.
   */
  public float[] dGates() {
    return gates;
  }

  /** Returns the gradients of a⟨t-1⟩ of the rows of a step, as that step gives them. */
  public Matrix dBefore(int from, int to) {
    int slot = slot(from);
    return new Matrix(dBefore, slot, to - from, units, units, 1);
  }

  /** Returns the gradients of a⟨t⟩, [R][H], summed from the loss and from later steps. */
  public float[] dOutput() {
    return dOutput;
  }

  /**
   * Returns, for each sequence, the gradient of its memory cell at the step that the backward pass
   * has come to, [B][H]: that of its last state before the pass, that of its start state after it.
   * Empty without a memory cell.
   */
  public float[] dCell() {
    return dCell;
  }

  /** Returns the gradients of the inner term, [R][H]; empty without one. */
  public float[] dInner() {
    return dInner;
  }
}
