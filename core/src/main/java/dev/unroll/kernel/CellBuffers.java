package dev.unroll.kernel;

import java.util.Arrays;

/**
 * The rows that the steps of one recurrent layer read and write: what forward computes and backward
 * must remember, and the gradients. Row r of every buffer belongs to the same step of the same
 * sequence; forward buffers are read-only to the backward pass.
 *
 * <pre>{@code
 * gates      [R][G·H]  pre-activations, then gate values; the update gate first
 * before     [R][H]    a⟨t-1⟩            cellBefore [R][H]  c⟨t-1⟩ (LSTM)
 * output     [R][H]    a⟨t⟩              cell       [R][H]  c⟨t⟩   (LSTM)
 * squashed   [R][H]    tanh(c⟨t⟩) (LSTM) inner      [R][H]  Γr ∗ c⟨t-1⟩ or Wcc c⟨t-1⟩ + bcc (GRU)
 * }</pre>
 *
 * and a gradient {@code d…} of the same shape for each. Buffers grow to the largest batch seen and
 * are reused.
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

  float[] dGates = NONE;
  float[] dBefore = NONE;
  float[] dOutput = NONE;
  float[] dCellBefore = NONE;
  float[] dCell = NONE;
  float[] dInner = NONE;

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
  public void reserveGradients(int rows) {
    if (dBefore.length < rows * units) {
      dGates = new float[Math.multiplyExact(rows, gateCount * units)];
      dBefore = new float[rows * units];
      dOutput = new float[rows * units];
      if (kind == Kind.MEMORY) {
        dCellBefore = new float[rows * units];
        dCell = new float[rows * units];
      } else if (kind == Kind.RESET) {
        dInner = new float[rows * units];
      }
    }
    Arrays.fill(dOutput, 0, rows * units, 0f);
    if (kind == Kind.MEMORY) {
      Arrays.fill(dCell, 0, rows * units, 0f);
    }
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

  /** Returns the gate values, [R][G·H]. */
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

  /** Returns the gradients of the gates' pre-activations, [R][G·H]. */
  public float[] dGates() {
    return dGates;
  }

  /** Returns the gradients of a⟨t-1⟩, [R][H], as one step gives them. */
  public float[] dBefore() {
    return dBefore;
  }

  /** Returns the gradients of a⟨t⟩, [R][H], summed from the loss and from later steps. */
  public float[] dOutput() {
    return dOutput;
  }

  /** Returns the gradients of c⟨t-1⟩, [R][H]; empty without a memory cell. */
  public float[] dCellBefore() {
    return dCellBefore;
  }

  /** Returns the gradients of c⟨t⟩, [R][H]; empty without a memory cell. */
  public float[] dCell() {
    return dCell;
  }

  /** Returns the gradients of the inner term, [R][H]; empty without one. */
  public float[] dInner() {
    return dInner;
  }
}
