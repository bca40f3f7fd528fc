package dev.unroll.layer;

import dev.unroll.base.Matrix;
import dev.unroll.cell.Cell;
import dev.unroll.kernel.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rows that the steps of one recurrent layer read and write: what forward computes and backward
 * must remember, and the gradients. Row r of every buffer of R rows belongs to the same step of the
 * same sequence.
 *
 * <pre>{@code
 * gates      [R][G·H]  pre-activations, then gate values, then gradients
 * before     [R][H]    a⟨t-1⟩            memoryBefore [R][H]  c⟨t-1⟩ (with a memory cell)
 * output     [R][H]    a⟨t⟩              memory       [R][H]  c⟨t⟩
 * kept       [R][H]    what the cell keeps, by number
 * dOutput    [R][H]                      dKept        [R][H]
 * dBefore    a row per slot              dMemory      a row per sequence
 * }</pre>
 *
 * <p>With a projection to P units a⟨t⟩ and its gradients are P wide, and what is projected lies in
 * {@code hidden} [R][H], its gradient in {@code dHidden}; without one these are {@code output} and
 * {@code dOutput} themselves. With layer normalization there are {@link NormalizedRows} for each
 * product and for the memory cell.
 *
 * <p>Where all B sequences go through the same steps, the state before a row is the state after the
 * row B rows above. Then {@code before} and {@code output} are one array of B + R rows, whose first
 * B rows hold the start state, and so are {@code memoryBefore} and {@code memory}: {@link
 * #reserveShared}. Else they are arrays of their own: {@link #reserve}. A caller may give the array
 * of {@code output}, then R rows without a gap, and {@code before} is the start state: {@link
 * #writeTo}.
 *
 * <p>The backward pass writes the gradients of the pre-activations over the gate values, which it
 * reads for the last time: memory that is in a near cache already. What it hands from one step to
 * the one before has room for a step, not for all ({@link Places}), and so stays there too.
 *
 * <p>Buffers grow to the largest batch seen and are reused.
 */
final class TapeRows {

  /**
   * Where the rows of a batch find what lasts for a step.
   *
   * @param batch number of sequences
   * @param sequences the sequence of each row, ascending within a step
   * @param slots a place for each row, consecutive within a step and no other sequence's
   * @param leavesOut whether some step leaves out a sequence between two others; if not, the slots
   *     are the sequences
   */
  record Places(int batch, int[] sequences, int[] slots, boolean leavesOut) {
    static final Places NONE = new Places(0, new int[0], new int[0], false);

    /** Returns the number of places. */
    int slotCount() {
      return leavesOut ? slots.length : batch;
    }
  }

  private static final float[] NONE = new float[0];

  private final LayerForm form;
  private final int units;
  private final int outputs;
  private final int gateCount;
  private final boolean hasMemory;
  private final List<String> keptNames;
  private final List<NormalizedRows> normalized = new ArrayList<>();

  private float[] gates = NONE;
  private float[] before = NONE;
  private float[] output = NONE;
  private float[] hidden = NONE;
  private float[] memoryBefore = NONE;
  private float[] memory = NONE;
  private float[] freshMemory = NONE;
  private final float[][] kept;
  private final float[][] dKept;
  private float[] dBefore = NONE;
  private float[] dOutput = NONE;
  private float[] dHidden = NONE;
  private float[] dMemory = NONE;
  private float[] gathered = NONE;
  private float[] dNormalized = NONE;
  private Places places = Places.NONE;

  /** How much further than those of c⟨t-1⟩ the rows of a⟨t-1⟩, a⟨t⟩ and c⟨t⟩ begin. */
  private int beforeStart;

  private int outputStart;
  private int hiddenStart;
  private int memoryStart;
  private boolean shared;

  /** Whether {@code output} is an array of the caller's. */
  private boolean lent;

  /** Creates empty buffers for a layer of the given form. */
  TapeRows(LayerForm form) {
    this.form = form;
    Cell cell = form.cell();
    units = form.units();
    outputs = form.outputs();
    gateCount = cell.gates().size();
    hasMemory = cell.hasMemory();
    keptNames = cell.kept();
    kept = new float[keptNames.size()][0];
    dKept = new float[keptNames.size()][0];
    if (form.normalized()) {
      normalized.add(new NormalizedRows(gateCount * units));
      cell.products().forEach(count -> normalized.add(new NormalizedRows(count * units)));
      if (hasMemory) {
        normalized.add(new NormalizedRows(units));
      }
    }
  }

  /** Returns the normalized products of the input's weights; only with normalization. */
  NormalizedRows normalizedInput() {
    return normalized.get(0);
  }

  /** Returns the normalized products of some recurrent weights. */
  NormalizedRows normalizedProduct(int product) {
    return normalized.get(1 + product);
  }

  /** Returns the normalized memory cells; only with a memory cell. */
  NormalizedRows normalizedMemory() {
    return normalized.get(normalized.size() - 1);
  }

  /** Makes room for {@code rows} rows of what forward writes, each state in a place of its own. */
  void reserve(int rows) {
    giveBack();
    reserveGates(rows);
    if (shared) {
      before = NONE;
      memoryBefore = NONE;
    }
    shared = false;
    output = Rows.alignedRoom(output, rows, outputs);
    before = Rows.alignedRoom(before, rows, outputs);
    if (hasMemory) {
      memory = Rows.alignedRoom(memory, rows, units);
      memoryBefore = Rows.alignedRoom(memoryBefore, rows, units);
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
  void reserveShared(int rows, int batch, int states) {
    giveBack();
    reserveGates(rows);
    shared = true;
    output = Rows.alignedRoom(output, Math.addExact(batch, states), outputs);
    before = output;
    if (hasMemory) {
      memory = Rows.alignedRoom(memory, batch + rows, units);
      memoryBefore = memory;
    }
    reserveHidden(rows);
    setStarts(0, batch * outputs, batch * units);
  }

  /**
   * Lets all a⟨t⟩ be written to an array of the caller's, from its first element on; after {@link
   * #reserveShared}, until {@link #giveBack}.
   */
  void writeTo(float[] target) {
    output = target;
    lent = true;
    reserveHidden(0);
    rewind();
  }

  /** Forgets the array of {@link #writeTo}. */
  void giveBack() {
    if (lent) {
      output = before;
      lent = false;
      reserveHidden(0);
    }
  }

  private void reserveGates(int rows) {
    gates = Rows.alignedRoom(gates, Math.multiplyExact(rows, gateCount), units);
    for (int i = 0; i < kept.length; i++) {
      kept[i] = Rows.alignedRoom(kept[i], rows, units);
    }
    normalized.forEach(own -> own.reserve(rows));
  }

  /** What is projected has rows of its own; what is not is the output. */
  private void reserveHidden(int rows) {
    hidden = form.projects() ? Rows.alignedRoom(hidden, rows, units) : output;
  }

  private void setStarts(int ofBefore, int ofOutput, int ofMemory) {
    beforeStart = ofBefore;
    outputStart = ofOutput;
    hiddenStart = form.projects() ? 0 : ofOutput;
    memoryStart = ofMemory;
  }

  /**
   * Lets the rows, of which all but the states a⟨t⟩ will be forgotten, be those of the next steps;
   * only after {@link #reserveShared}.
   *
   * @param rows number of rows that are done
   */
  void moveOn(int rows) {
    setStarts(beforeStart + rows * outputs, outputStart + rows * outputs, memoryStart);
    if (hasMemory) {
      System.arraycopy(memory, at(rows), memory, at(0), memoryStart);
    }
  }

  /** Goes back to the first rows, after {@link #moveOn}. */
  void rewind() {
    int batch = outputStart - beforeStart;
    int first = lent ? -Matrix.ALIGNED - batch : 0;
    setStarts(first, first + batch, memoryStart);
  }

  /** Copies the states of the rows to those before, after {@link #reserve}: for streams. */
  void keepStates() {
    System.arraycopy(output, 0, before, 0, before.length);
    System.arraycopy(memory, 0, memoryBefore, 0, memoryBefore.length);
  }

  /**
   * Copies the memory cells of some rows as the gates computed them, before elements of them keep
   * the values of the step before; only after {@link #reserveFreshMemory}.
   */
  void keepFreshMemory(int from, int to) {
    if (freshMemory.length > 0) {
      System.arraycopy(memory, at(from) + memoryStart, freshMemory, at(from), (to - from) * units);
    }
  }

  /** Makes room for what {@link #keepFreshMemory} copies. */
  void reserveFreshMemory(int rows) {
    freshMemory = Rows.alignedRoom(freshMemory, rows, units);
  }

  /** Returns whether the states before are those of the rows above: {@link #reserveShared}. */
  boolean shared() {
    return shared;
  }

  /**
   * Makes room for {@code rows} rows of gradients. Those of the outputs are to be written, those of
   * the last memory cells are 0 until they are added to.
   */
  void reserveGradients(int rows, Places rowPlaces) {
    places = rowPlaces;
    dBefore = Rows.alignedRoom(dBefore, rowPlaces.slotCount(), outputs);
    dOutput = Rows.alignedRoom(dOutput, rows, outputs);
    dHidden = form.projects() ? Rows.alignedRoom(dHidden, rows, units) : dOutput;
    if (hasMemory) {
      dMemory = Rows.alignedRoom(dMemory, rowPlaces.batch, units);
      Arrays.fill(dMemory, 0f);
    }
    for (String name : form.cell().keptWithGradient()) {
      int number = keptNames.indexOf(name);
      dKept[number] = Rows.alignedRoom(dKept[number], rows, units);
    }
    normalized.forEach(own -> own.reserveGradients(rows));
    if (form.normalized() && hasMemory) {
      dNormalized = Rows.alignedRoom(dNormalized, rows, units);
      Arrays.fill(dNormalized, 0f);
    }
    if (hasMemory && rowPlaces.leavesOut()) {
      gathered = Rows.alignedRoom(gathered, rowPlaces.slotCount(), units);
    }
  }

  /** Returns where a row begins in the arrays of one value a unit, apart from what states add. */
  private int at(int row) {
    return Matrix.ALIGNED + row * units;
  }

  /** Returns where the part of {@link #dMemory()} of the row's sequence begins. */
  private int sequence(int row) {
    return at(places.sequences[row]);
  }

  /** Returns the place of the first of some rows of a step, no other sequence's. */
  int slot(int row) {
    return places.slots[row];
  }

  /** Returns the number of places. */
  int slotCount() {
    return places.slotCount();
  }

  /** Returns H, the number of units. */
  int units() {
    return units;
  }

  /** Returns the width of a⟨t⟩: P with a projection, else H. */
  int outputs() {
    return outputs;
  }

  /** Returns whether there is a memory cell. */
  boolean hasMemory() {
    return hasMemory;
  }

  /** Returns the number of rows kept under a name. */
  private int number(String name) {
    int number = keptNames.indexOf(name);
    if (number < 0) {
      throw new IllegalArgumentException(form.cell().label() + " keeps no rows " + name);
    }
    return number;
  }

  /** Returns the gates of some rows, [n][G·H]. */
  Matrix gates(int from, int to) {
    int width = gateCount * units;
    return Matrix.of(gates, Matrix.ALIGNED + from * width, to - from, width);
  }

  /** Returns a⟨t-1⟩ of some rows, [n][outputs]. */
  Matrix before(int from, int to) {
    int at = outputsAt(from) + beforeStart;
    return at < 0
        ? Matrix.of(before, outputsAt(from), to - from, outputs)
        : Matrix.of(lent ? output : before, at, to - from, outputs);
  }

  /** Returns a⟨t⟩ of some rows, [n][outputs]. */
  Matrix output(int from, int to) {
    return Matrix.of(output, outputsAt(from) + outputStart, to - from, outputs);
  }

  private int outputsAt(int row) {
    return Matrix.ALIGNED + row * outputs;
  }

  /** Returns what the cell gives out, before a projection, of some rows, [n][H]. */
  Matrix hidden(int from, int to) {
    return Matrix.of(hidden, at(from) + hiddenStart, to - from, units);
  }

  /** Returns what the cell keeps of some rows under a name, [n][H]. */
  Matrix kept(String name, int from, int to) {
    return Matrix.of(kept[number(name)], at(from), to - from, units);
  }

  /** Returns the gradients of what the cell keeps, [n][H]. */
  Matrix dKept(String name, int from, int to) {
    return Matrix.of(dKept[number(name)], at(from), to - from, units);
  }

  /** Returns c⟨t-1⟩ of some rows, [n][H]; only with a memory cell. */
  Matrix memoryBefore(int from, int to) {
    return Matrix.of(memoryBefore, at(from), to - from, units);
  }

  /** Returns c⟨t⟩ of some rows, [n][H]; only with a memory cell. */
  Matrix memory(int from, int to) {
    return Matrix.of(memory, at(from) + memoryStart, to - from, units);
  }

  /** Returns c⟨t⟩ of some rows as the gates computed it, [n][H]. */
  Matrix freshMemory(int from, int to) {
    return freshMemory.length > 0
        ? Matrix.of(freshMemory, at(from), to - from, units)
        : memory(from, to);
  }

  /** Returns the gradients of a⟨t-1⟩ of the rows of a step, as that step computes them. */
  Matrix dBefore(int from, int to) {
    int slot = Matrix.ALIGNED + places.slots[from] * outputs;
    return Matrix.of(dBefore, slot, to - from, outputs);
  }

  /** Returns the gradients of a⟨t⟩, [n][outputs], summed from the loss and from later steps. */
  Matrix dOutput(int from, int to) {
    return Matrix.of(dOutput, outputsAt(from), to - from, outputs);
  }

  /** Returns the gradients of {@link #hidden}, [n][H]. */
  Matrix dHidden(int from, int to) {
    return Matrix.of(dHidden, at(from), to - from, units);
  }

  /**
   * Returns, for each sequence, the gradient of its memory cell at the step that the backward pass
   * has come to, [B][H]: that of its last state before the pass, that of its start state after it.
   * Only with a memory cell.
   */
  Matrix dMemory() {
    return Matrix.of(dMemory, at(0), places.batch, units);
  }

  /**
   * Returns the gradients of the memory cells of the rows of a step, [n][H]: those of {@link
   * #dMemory()} themselves, or copies where a sequence between them has ended, for {@link
   * #scatterMemoryGradients} to copy back.
   */
  Matrix dMemory(int from, int to) {
    if (consecutive(from, to)) {
      return Matrix.of(dMemory, sequence(from), to - from, units);
    }
    Matrix copies = Matrix.of(gathered, at(places.slots[from]), to - from, units);
    for (int row = from; row < to; row++) {
      System.arraycopy(dMemory, sequence(row), gathered, copies.row(row - from), units);
    }
    return copies;
  }

  /** Copies back what {@link #dMemory(int, int)} copied. */
  void scatterMemoryGradients(Matrix copies, int from, int to) {
    for (int row = from; !consecutive(from, to) && row < to; row++) {
      System.arraycopy(gathered, copies.row(row - from), dMemory, sequence(row), units);
    }
  }

  private boolean consecutive(int from, int to) {
    return places.sequences[to - 1] - places.sequences[from] == to - 1 - from;
  }

  /** Returns the gradients of normalized memory cells, with normalization, [n][H]. */
  Matrix dNormalized(int from, int to) {
    return Matrix.of(dNormalized, at(from), to - from, units);
  }
}
