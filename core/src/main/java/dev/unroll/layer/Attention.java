package dev.unroll.layer;

import dev.unroll.base.AttentionKind;
import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Fma;
import dev.unroll.kernel.Functions;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.kernel.Products;
import dev.unroll.kernel.Reductions;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import dev.unroll.kernel.Softmax;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Attention of a decoder to what an encoder read: at each of its steps q⟨t⟩ it weighs all rows h⟨s⟩
 * of the source and takes their mean.
 *
 * <pre>{@code
 * MULTIPLICATIVE  e⟨t,s⟩ = q⟨t⟩·(Wk h⟨s⟩)                              (Luong et al. 2015, «general»)
 * ADDITIVE        e⟨t,s⟩ = v·tanh(Wq q⟨t⟩ + Wk h⟨s⟩ + b)               (Bahdanau et al. 2015)
 * α⟨t,s⟩ = softmax over s of e⟨t,s⟩      c⟨t⟩ = Σ α⟨t,s⟩ h⟨s⟩
 * o⟨t⟩ = tanh(Wo [c⟨t⟩, q⟨t⟩])
 * }</pre>
 *
 * <p>Shapes: q and o [R][width], h [S][memory width]. Parameters: {@code attention.key.weight}
 * [width][memory width], {@code attention.output.weight} [width][memory width + width]; of the
 * additive one {@code attention.query.weight} [width][width], {@code attention.bias} and {@code
 * attention.vector} [width]. It runs step by step, because the next q may depend on the last o; a
 * sequence belongs to one thread. Where a source has no row, c is 0.
 */
public final class Attention {

  private final int width;
  private final int memoryWidth;
  private final Slice key;
  private final Slice output;
  private final @Nullable Slice query;
  private final @Nullable Slice bias;
  private final @Nullable Slice vector;

  /**
   * Lays out the parameters.
   *
   * @param width of q and o
   * @param memoryWidth of the rows of the source
   */
  public Attention(AttentionKind kind, int width, int memoryWidth, String prefix, Layout layout) {
    this.width = width;
    this.memoryWidth = memoryWidth;
    boolean additive = kind == AttentionKind.ADDITIVE;
    key = layout.matrix(prefix + "attention.key.weight", width, memoryWidth);
    output = layout.matrix(prefix + "attention.output.weight", width, memoryWidth + width);
    query = additive ? layout.matrix(prefix + "attention.query.weight", width, width) : null;
    bias = additive ? layout.vector(prefix + "attention.bias", width) : null;
    vector = additive ? layout.vector(prefix + "attention.vector", width) : null;
  }

  /** Sets first values: matrices uniform in ±√(3 / inputs), the vector in ±√(1 / width). */
  public void initialize(float[] parameters, Initialization initialization) {
    initialization.uniform(parameters, key, Math.sqrt(3.0 / memoryWidth));
    initialization.uniform(parameters, output, Math.sqrt(3.0 / (memoryWidth + width)));
    if (query != null && vector != null) {
      initialization.uniform(parameters, query, Math.sqrt(3.0 / width));
      initialization.uniform(parameters, vector, Math.sqrt(1.0 / width));
    }
  }

  /** The weights in the kernel's panel layout: packed after each update, then only read. */
  public static final class Weights {
    private final PackedMatrix key = new PackedMatrix();
    private final PackedMatrix keyBack = new PackedMatrix();
    private final PackedMatrix output = new PackedMatrix();
    private final PackedMatrix outputBack = new PackedMatrix();
    private final PackedMatrix query = new PackedMatrix();
    private final PackedMatrix queryBack = new PackedMatrix();
    private final Precision precision;
    private float[] values = {};

    /** Creates weights to pack parameters into that were rounded to {@code precision}. */
    public Weights(Precision precision) {
      this.precision = precision;
    }
  }

  /** Packs what {@link #attendTo} and {@link #forward} need. */
  public void packForward(float[] parameters, Weights w, Workers workers) {
    w.values = parameters;
    w.keyBack.clear(); // of older parameters
    w.outputBack.clear();
    w.queryBack.clear();
    w.key.pack(key.of(parameters).transposed(), w.precision, workers);
    w.output.pack(output.of(parameters).transposed(), w.precision, workers);
    if (query != null) {
      w.query.pack(query.of(parameters).transposed(), w.precision, workers);
    }
  }

  /** Packs what the backward pass needs in addition. */
  public void packBackward(float[] parameters, Weights w, Workers workers) {
    w.keyBack.pack(key.of(parameters), workers);
    w.outputBack.pack(output.of(parameters), workers);
    if (query != null) {
      w.queryBack.pack(query.of(parameters), workers);
    }
  }

  /** What is attended to: the rows of some source sequences, with their keys. */
  public static final class Memory {
    private Steps steps = Steps.of();
    private Matrix rows = Matrix.of(new float[0], 0, 0);
    private float[] keys = {};
    private float[] dRows = {};
    private float[] dKeys = {};

    /** Creates an empty memory. */
    public Memory() {}
  }

  /**
   * Prepares the rows of a source to be attended to.
   *
   * @param steps their sequences
   * @param rows h, [S][memory width], which must not change while it is used
   */
  public void attendTo(Weights w, Steps steps, Matrix rows, Memory memory, Workers workers) {
    memory.steps = steps;
    memory.rows = rows;
    memory.keys = Rows.room(memory.keys, rows.rows(), width);
    Matrix keys = Matrix.of(memory.keys, rows.rows(), width);
    if (bias == null) {
      Products.multiply(rows, w.key, keys, workers);
    } else {
      Products.multiplyOnto(bias.of(w.values), rows, w.key, keys, workers);
    }
  }

  /** What one batch of decoder steps leaves for the backward pass; reused by the next batch. */
  public static final class Tape {
    private Steps steps = Steps.of();
    private int[] sources = {};

    /** Row r has the shares of its source's steps from r · longest on. */
    private int longest;

    private float[] shares = {};

    /** c and q side by side. */
    private float[] combined = {};

    private float[] projected = {};
    private float[] outputs = {};
    private float[] dPre = {};
    private float[] dCombined = {};
    private float[] dProjected = {};
    private float[] dVectors = {};
    private final PackedMatrix packed = new PackedMatrix();

    /** Creates an empty tape. */
    public Tape() {}

    /** Returns the weight of step {@code s} of its source for a row: α⟨t,s⟩. */
    public float share(int row, int s) {
      return shares[row * longest + s];
    }
  }

  /**
   * Begins a batch of decoder sequences.
   *
   * @param sources of each, the source sequence that it attends to
   */
  public void begin(Steps steps, int[] sources, Memory memory, Tape tape) {
    int rows = steps.rows();
    tape.steps = steps;
    tape.sources = sources;
    tape.longest = memory.steps.length();
    tape.shares = Rows.room(tape.shares, rows, tape.longest);
    tape.combined = Rows.room(tape.combined, rows, memoryWidth + width);
    tape.outputs = Rows.room(tape.outputs, rows, width);
    tape.projected = Rows.room(tape.projected, query == null ? 0 : rows, width);
  }

  /** Returns o of all rows, [R][width]. */
  public Matrix outputs(Tape tape) {
    return Matrix.of(tape.outputs, tape.steps.rows(), width);
  }

  private Matrix combined(Tape tape) {
    return Matrix.of(tape.combined, tape.steps.rows(), memoryWidth + width);
  }

  /** Computes o of the rows from {@code from} up to {@code to}, of one step, from their q. */
  public void forward(Weights w, Memory memory, Matrix queries, Tape tape, int from, int to) {
    Matrix combined = combined(tape);
    Matrix own = combined.columns(memoryWidth, memoryWidth + width);
    for (int row = from; row < to; row++) {
      queries.copyRow(row, own, row);
    }
    if (query != null) {
      Matrix projected = Matrix.of(tape.projected, tape.steps.rows(), width).rows(from, to);
      Products.multiply(queries.rows(from, to), w.query, projected, Workers.single());
    }
    float[] hidden = new float[width];
    for (int row = from; row < to; row++) {
      weigh(w, memory, tape, queries, row, hidden);
      int into = combined.row(row);
      Arrays.fill(tape.combined, into, into + memoryWidth, 0f);
      int source = tape.sources[tape.steps.sequence(row)];
      for (int s = 0; s < memory.steps.length(source); s++) {
        int at = memory.rows.row(memory.steps.row(s, source));
        Rows.addScaled(
            tape.shares[row * tape.longest + s],
            memory.rows.data(),
            at,
            tape.combined,
            into,
            memoryWidth);
      }
    }
    Matrix outputs = outputs(tape).rows(from, to);
    Products.multiply(combined.rows(from, to), w.output, outputs, Workers.single());
    Functions.tanh(tape.outputs, tape.outputs, from * width, (to - from) * width);
  }

  /** Computes α of a row. */
  private void weigh(Weights w, Memory memory, Tape tape, Matrix queries, int row, float[] hidden) {
    int source = tape.sources[tape.steps.sequence(row)];
    int length = memory.steps.length(source);
    int first = row * tape.longest;
    for (int s = 0; s < length; s++) {
      int keyAt = memory.steps.row(s, source) * width;
      if (vector == null) {
        tape.shares[first + s] =
            Reductions.dot(memory.keys, keyAt, queries.data(), queries.row(row), width);
      } else {
        hide(memory, tape, row, keyAt, hidden);
        tape.shares[first + s] = Reductions.dot(hidden, 0, w.values, vector.offset(), width);
      }
    }
    if (length > 0) {
      Softmax.replaceByProbabilities(tape.shares, first, length);
    }
  }

  /** Computes tanh(Wq q⟨t⟩ + Wk h⟨s⟩ + b). */
  private void hide(Memory memory, Tape tape, int row, int keyAt, float[] hidden) {
    System.arraycopy(tape.projected, row * width, hidden, 0, width);
    Rows.add(memory.keys, keyAt, hidden, 0, width);
    Functions.tanh(hidden, hidden, 0, width);
  }

  /** Prepares the gradient buffers, before the backward pass. */
  public void beginBackward(Memory memory, Tape tape) {
    int rows = tape.steps.rows();
    int sourceRows = memory.steps.rows();
    tape.dPre = Rows.room(tape.dPre, rows, width);
    tape.dCombined = Rows.room(tape.dCombined, rows, memoryWidth + width);
    memory.dRows = zeros(memory.dRows, sourceRows, memoryWidth);
    memory.dKeys = zeros(memory.dKeys, sourceRows, width);
    if (query != null) {
      tape.dProjected = zeros(tape.dProjected, rows, width);
      tape.dVectors = zeros(tape.dVectors, tape.steps.batch(), width);
    }
  }

  /**
   * The backward pass of {@link #forward} for one step's rows; the steps come in descending order.
   *
   * @param dOutputs gradient of o, [R][width]
   * @param dQueries to which the gradient of q is added, [R][width]
   */
  public void backward(
      Weights w, Memory memory, Tape tape, Matrix dOutputs, Matrix dQueries, int from, int to) {
    for (int row = from; row < to; row++) {
      int at = dOutputs.row(row);
      for (int j = 0; j < width; j++) {
        float o = tape.outputs[row * width + j];
        tape.dPre[row * width + j] = dOutputs.data()[at + j] * Fma.fma(-o, o, 1f);
      }
    }
    Matrix dPre = Matrix.of(tape.dPre, tape.steps.rows(), width);
    Matrix dCombined = Matrix.of(tape.dCombined, tape.steps.rows(), memoryWidth + width);
    Products.multiply(
        dPre.rows(from, to), w.outputBack, dCombined.rows(from, to), Workers.single());
    float[] dShares = new float[tape.longest];
    float[] hidden = new float[width];
    for (int row = from; row < to; row++) {
      int own = dCombined.row(row) + memoryWidth;
      Rows.add(tape.dCombined, own, dQueries.data(), dQueries.row(row), width);
      scoresBack(memory, tape, row, dShares);
      if (vector == null) {
        multiplicativeBack(memory, tape, row, dShares, dQueries);
      } else {
        additiveBack(w, memory, tape, row, dShares, hidden);
      }
    }
    if (query != null) {
      Matrix dProjected = Matrix.of(tape.dProjected, tape.steps.rows(), width);
      Products.multiplyAdd(
          dProjected.rows(from, to), w.queryBack, dQueries.rows(from, to), Workers.single());
    }
  }

  /** From dc: dh += α dc, dα = dc·h, and de = α (dα - Σ α dα). */
  private void scoresBack(Memory memory, Tape tape, int row, float[] dScores) {
    int source = tape.sources[tape.steps.sequence(row)];
    int length = memory.steps.length(source);
    int first = row * tape.longest;
    int dContext = row * (memoryWidth + width);
    float mean = 0;
    for (int s = 0; s < length; s++) {
      int sourceRow = memory.steps.row(s, source);
      float share = tape.shares[first + s];
      Rows.addScaled(
          share, tape.dCombined, dContext, memory.dRows, sourceRow * memoryWidth, memoryWidth);
      dScores[s] =
          Reductions.dot(
              memory.rows.data(),
              memory.rows.row(sourceRow),
              tape.dCombined,
              dContext,
              memoryWidth);
      mean = Fma.fma(share, dScores[s], mean);
    }
    for (int s = 0; s < length; s++) {
      dScores[s] = tape.shares[first + s] * (dScores[s] - mean);
    }
  }

  private void multiplicativeBack(
      Memory memory, Tape tape, int row, float[] dScores, Matrix dQueries) {
    int source = tape.sources[tape.steps.sequence(row)];
    int own = row * (memoryWidth + width) + memoryWidth; // where q lies
    for (int s = 0; s < memory.steps.length(source); s++) {
      int keyAt = memory.steps.row(s, source) * width;
      Rows.addScaled(dScores[s], memory.keys, keyAt, dQueries.data(), dQueries.row(row), width);
      Rows.addScaled(dScores[s], tape.combined, own, memory.dKeys, keyAt, width);
    }
  }

  private void additiveBack(
      Weights w, Memory memory, Tape tape, int row, float[] dScores, float[] hidden) {
    if (vector == null) {
      throw new IllegalStateException("no additive attention");
    }
    int sequence = tape.steps.sequence(row);
    int source = tape.sources[sequence];
    for (int s = 0; s < memory.steps.length(source); s++) {
      int keyAt = memory.steps.row(s, source) * width;
      hide(memory, tape, row, keyAt, hidden);
      Rows.addScaled(dScores[s], hidden, 0, tape.dVectors, sequence * width, width);
      for (int j = 0; j < width; j++) {
        float ofTanh = Fma.fma(-hidden[j], hidden[j], 1f);
        hidden[j] = dScores[s] * w.values[vector.offset() + j] * ofTanh;
      }
      Rows.add(hidden, 0, memory.dKeys, keyAt, width);
      Rows.add(hidden, 0, tape.dProjected, row * width, width);
    }
  }

  /**
   * Ends the backward pass, after the first step: adds the gradients of all parameters to {@code
   * gradients}.
   *
   * @param dRows receives the gradient of the rows of the source, [S][memory width]
   */
  public void endBackward(
      Weights w, Memory memory, Tape tape, Matrix dRows, float[] gradients, Workers workers) {
    Matrix dPre = Matrix.of(tape.dPre, tape.steps.rows(), width);
    Matrix combined = combined(tape);
    tape.packed.pack(combined, workers);
    Products.multiplyAdd(dPre.transposed(), tape.packed, output.of(gradients), workers);
    Matrix dKeys = Matrix.of(memory.dKeys, memory.steps.rows(), width);
    if (query != null && bias != null && vector != null) {
      Matrix dProjected = Matrix.of(tape.dProjected, tape.steps.rows(), width);
      tape.packed.pack(combined.columns(memoryWidth, memoryWidth + width), workers);
      Products.multiplyAdd(dProjected.transposed(), tape.packed, query.of(gradients), workers);
      Rows.addColumnSums(dKeys, gradients, bias.offset(), workers);
      Matrix dVectors = Matrix.of(tape.dVectors, tape.steps.batch(), width);
      Rows.addColumnSums(dVectors, gradients, vector.offset(), workers);
    }
    tape.packed.pack(memory.rows, workers);
    Products.multiplyAdd(dKeys.transposed(), tape.packed, key.of(gradients), workers);
    for (int row = 0; row < memory.steps.rows(); row++) {
      System.arraycopy(memory.dRows, row * memoryWidth, dRows.data(), dRows.row(row), memoryWidth);
    }
    Products.multiplyAdd(dKeys, w.keyBack, dRows, workers);
  }

  private static float[] zeros(float[] space, int rows, int width) {
    float[] enough = Rows.room(space, rows, width);
    Arrays.fill(enough, 0, rows * width, 0f);
    return enough;
  }
}
