package dev.unroll.layer;

import dev.unroll.kernel.CellBuffers;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Products;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import dev.unroll.kernel.Workers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer: any {@link Cell}, run over time.
 *
 * <p>The input's share of all gates is one product over all rows before the loop, the weight
 * gradients are one product over all rows after it; inside the loop only the recurrent product
 * remains. Threads split the sequences and run theirs through all steps without waiting for each
 * other.
 *
 * <p>Shapes: x [R][inputs] → a [R][outputs], with the rows of a {@link Steps}; outputs are H units,
 * or P with a projection. Parameters: {@code input.weight} [G·H][inputs], {@code recurrent.weight}
 * [G·H][outputs] (but for cells whose gates know the input alone), {@code bias} [G·H]; {@code
 * projection.weight} [P][H]; those of {@link Normalization}.
 */
public final class RecurrentLayer {

  /** Fewer sequences a thread than that share out the columns of a step. */
  private static final int FEW_SEQUENCES = 4;

  /** Layers narrower than that are not worth a meeting a step. */
  private static final int FEW_UNITS = 128;

  /** Gates that stay in the L2 cache between a product and the cell: 256 KiB. */
  private static final int GATES_TOGETHER = 1 << 16;

  /** Weights that stay there beside them: 1 MiB. */
  private static final int WEIGHTS_IN_CACHE = 1 << 18;

  /** Rows that share larger weights, which come from memory for each product. */
  private static final int ROWS_TOGETHER = 1024;

  /** Rows that make a product worth while. */
  private static final int FEWEST_ROWS = 96;

  private final Cell cell;
  private final int inputs;
  private final int units;
  private final int width;
  private final Slice input;
  private final Slice recurrent;
  private final Slice bias;
  private final @Nullable Slice own;
  private final @Nullable Slice projection;
  private final @Nullable Normalization normalization;
  private final int outputs;
  private final Zoneout zoneout;
  private final LearnedStart learnedStart;

  /**
   * What a layer is made of.
   *
   * @param cell its cell
   * @param inputs number of inputs of a step
   * @param units H, the number of units
   * @param projection P, the width that an LSTM's output is projected to, or 0 for none
   * @param normalized whether there is layer normalisation inside the cell
   * @param zoneout which elements keep their values
   * @param learnedStart whether the state before the first step is learnt, instead of zeros
   */
  public record Form(
      Cell cell,
      int inputs,
      int units,
      int projection,
      boolean normalized,
      Zoneout zoneout,
      boolean learnedStart) {

    /** A layer without any option, which begins with zeros. */
    public static Form plain(Cell cell, int inputs, int units) {
      return new Form(cell, inputs, units, 0, false, Zoneout.NONE, false);
    }

    /** Refuses a projection that is not narrower, or of a cell whose state is what it puts out. */
    public Form {
      if (projection > 0 && cell.kind() != CellBuffers.Kind.MEMORY) {
        throw new IllegalArgumentException("only an LSTM has a projection");
      }
      if (projection < 0 || (projection > 0 && projection >= units)) {
        throw new IllegalArgumentException("a projection of " + units + " to " + projection);
      }
    }
  }

  /** Creates a layer without any option, which begins with zeros. */
  public RecurrentLayer(Cell cell, int inputs, int units, String prefix, Layout layout) {
    this(Form.plain(cell, inputs, units), prefix, layout);
  }

  /** Creates a layer and lays out its parameters under names that begin with {@code prefix}. */
  public RecurrentLayer(Form form, String prefix, Layout layout) {
    this.cell = form.cell;
    this.inputs = form.inputs;
    this.units = form.units;
    this.outputs = form.projection > 0 ? form.projection : units;
    this.zoneout = form.zoneout;
    this.width = cell.gateNames().size() * units;
    this.input = layout.matrix(prefix + "input.weight", width, inputs);
    this.recurrent =
        cell.groups().isEmpty()
            ? new Slice("none", 0, 0, outputs)
            : layout.matrix(prefix + "recurrent.weight", width, outputs);
    this.bias = layout.vector(prefix + "bias", width);
    this.own = cell.layOut(prefix, units, layout);
    boolean projects = form.projection > 0;
    this.projection = projects ? layout.matrix(prefix + "projection.weight", outputs, units) : null;
    this.normalization = form.normalized ? new Normalization(cell, units, prefix, layout) : null;
    boolean memory = cell.kind() == CellBuffers.Kind.MEMORY;
    this.learnedStart =
        new LearnedStart(
            form.learnedStart ? layout.vector(prefix + "start.a", outputs) : null,
            form.learnedStart && memory ? layout.vector(prefix + "start.c", units) : null);
  }

  /** Returns H, the number of units. */
  public int units() {
    return units;
  }

  /** Returns the width of a⟨t⟩: P with a projection, else H. */
  public int outputs() {
    return outputs;
  }

  /** Returns the number of inputs of a step. */
  public int inputs() {
    return inputs;
  }

  /** Lets elements of the rows of a stream take the mean with those of the step before. */
  void zoneOut(CellBuffers b) {
    zoneout.forward(b, 0, 1, null);
  }

  /** Returns the cell. */
  public Cell cell() {
    return cell;
  }

  /** Returns an empty tape, for {@link #forward} and {@link #backward}. */
  public Tape newTape() {
    return newTape(true);
  }

  /**
   * Returns an empty tape for {@link #forward}.
   *
   * @param keepsAll whether {@link #backward} will follow. If not, only the outputs and the last
   *     states are kept, where all sequences are equally long: what else there is of a few steps
   *     takes the place of that of the steps before, which is still in a near cache
   */
  public Tape newTape(boolean keepsAll) {
    var buffers = newBuffers();
    boolean memory = cell.kind() == CellBuffers.Kind.MEMORY;
    return new Tape(buffers, keepsAll, keepsAll && memory && own != null && zoneout.memory() > 0);
  }

  private CellBuffers newBuffers() {
    return new CellBuffers(
        new CellBuffers.Form(
            units,
            cell.gateNames().size(),
            cell.groups(),
            cell.kind(),
            outputs,
            normalization != null));
  }

  /** Returns weights to pack into. */
  public RecurrentWeights newWeights() {
    return newWeights(Precision.FLOAT32);
  }

  /** Returns weights to pack parameters into that were rounded to {@code precision}. */
  public RecurrentWeights newWeights(Precision precision) {
    var places = new RecurrentWeights.Places(input, recurrent, own, projection, normalization);
    return new RecurrentWeights(places, units, cell.groups(), precision);
  }

  /**
   * Returns a stream that begins with the zero state.
   *
   * @param w weights packed for {@link #forward}, which must not be packed again while it is used
   */
  public LayerStream newStream(RecurrentWeights w) {
    return new LayerStream(this, w, newBuffers());
  }

  /** Returns the state of {@code batch} sequences before their first step: zeros. */
  public LayerState zeroState(int batch) {
    boolean memory = cell.kind() == CellBuffers.Kind.MEMORY;
    return new LayerState(new float[batch * outputs], new float[memory ? batch * units : 0]);
  }

  /** Returns the state of {@code batch} sequences before their first step: zeros, or as learnt. */
  public LayerState startState(float[] parameters, int batch) {
    LayerState state = zeroState(batch);
    learnedStart.copyTo(state, parameters, batch);
    return state;
  }

  /** Adds the gradients of the start states of sequences that began with {@link #startState}. */
  public void addStartGradient(LayerState gradient, float[] gradients) {
    learnedStart.addGradient(gradient, gradients, gradient.a().length / outputs);
  }

  /**
   * Sets first values: input weights uniform in ±√(3 / inputs), each gate's recurrent weights a
   * random orthogonal matrix (Saxe et al. 2014), a projection's weights uniform in ±√(3 / H), gains
   * 1, biases as the cell asks, the cell's own parameters and a learnt start 0 (uniform in ±0.1
   * where there is layer normalisation).
   */
  public void initialize(float[] parameters, Initialization initialization) {
    initialization.uniform(parameters, input, Math.sqrt(3.0 / inputs));
    for (int gate = 0; gate < cell.gateNames().size(); gate++) {
      if (recurrent.rows() > 0) {
        int offset = recurrent.offset() + gate * units * outputs;
        initialization.orthogonal(
            parameters, new Slice(recurrent.name() + gate, offset, units, outputs));
      }
      float value = cell.initialBias(cell.gateNames().get(gate));
      int first = bias.offset() + gate * units;
      Arrays.fill(parameters, first, first + units, value);
    }
    if (projection != null) {
      initialization.uniform(parameters, projection, Math.sqrt(3.0 / units));
    }
    if (normalization != null) {
      normalization.initialize(parameters);
      learnedStart.initialize(parameters, initialization);
    }
  }

  /** Computes the input's share of the gates, Wx x⟨t⟩ + b, in the rows {@code from … to}. */
  void inputShare(RecurrentWeights w, Matrix x, CellBuffers b, int from, int to, Workers workers) {
    if (normalization == null) {
      Matrix z = b.gates(to).rows(from, to);
      Products.multiplyOnto(bias.of(w.values()), x, w.inputForward(), z, workers);
    } else {
      Matrix products = b.normalizedInput().rows(to).rows(from, to);
      Products.multiply(x, w.inputForward(), products, workers);
      normalization.input(w.values(), bias, b, from, to, workers);
    }
  }

  /**
   * Runs all steps of all sequences.
   *
   * @param w packed weights
   * @param x inputs, [R][inputs]
   * @param start state of each sequence before its first step
   * @param tape receives the outputs and all that {@link #backward} needs
   */
  public void forward(RecurrentWeights w, Matrix x, LayerState start, Tape tape, Workers workers) {
    Steps steps = tape.steps;
    CellBuffers b = tape.buffers;
    tape.x = x;
    int together = stepsTogether(steps, workers);
    tape.reserve(start, together);
    for (int t = 0; t < steps.length(); t += together) {
      var stretch = new Stretch(steps, t, Math.min(steps.length(), t + together));
      int forgotten = tape.forgets() ? stretch.firstRow() : 0;
      int end = stretch.lastRow() - forgotten;
      inputShare(w, stretch.of(x), b, stretch.firstRow() - forgotten, end, workers);
      overTime(
          steps,
          workers,
          (from, to, team) -> {
            for (int step = stretch.from; step < stretch.to; step++) {
              int first = steps.row(step, from) - forgotten;
              int behind = steps.row(step, to) - forgotten;
              if (first < behind) {
                advance(w, start, tape, first, behind, team);
              }
            }
          });
      if (tape.forgets()) {
        b.advance(end);
      }
    }
    b.rewind();
  }

  /** Makes ready to {@link #advance} through all steps of a batch. */
  void begin(Matrix x, LayerState start, Tape tape) {
    tape.x = x;
    tape.reserve(start, tape.steps.length());
  }

  /** Computes the rows of a step, from {@code first} up to {@code end}, from the input's share. */
  void advance(RecurrentWeights w, LayerState start, Tape tape, int first, int end, Workers team) {
    CellBuffers b = tape.buffers;
    if (!b.shared()) {
      copyStateBefore(start, tape, first, end);
    }
    cell.forward(w, b, first, end, team);
    zoneout.forward(b, first, end, tape.noise);
  }

  /** Steps that are run through together, from {@code from} up to {@code to}. */
  private record Stretch(Steps steps, int from, int to) {

    /** Returns the rows of these steps. */
    Matrix of(Matrix rows) {
      return rows.rows(firstRow(), lastRow());
    }

    int firstRow() {
      return steps.row(from, 0);
    }

    /** Returns the row behind the last. */
    int lastRow() {
      return steps.row(to - 1, steps.batch());
    }
  }

  /** The steps of the sequences from {@code from} up to {@code to}, on a team of threads. */
  @FunctionalInterface
  private interface TimeLoop {
    void run(int from, int to, Workers team);
  }

  /**
   * So many steps that their gates stay in the L2 cache between the product and the cell; more
   * where the weights do not fit into it, as fetching those costs more than the gates.
   */
  private int stepsTogether(Steps steps, Workers workers) {
    boolean small = (long) inputs * width <= WEIGHTS_IN_CACHE;
    int rows = small ? Math.max(FEWEST_ROWS, GATES_TOGETHER / width) : ROWS_TOGETHER;
    return Math.max(1, rows * workers.threads() / Math.max(1, steps.batch()));
  }

  /**
   * Threads split the sequences and run theirs through all steps without waiting for each other. Of
   * a few sequences the steps themselves are split: then the weights, which each thread would read
   * whole, are what takes the time, and they are worth a meeting a step.
   */
  private void overTime(Steps steps, Workers workers, TimeLoop loop) {
    boolean few = steps.batch() < FEW_SEQUENCES * workers.threads();
    if (few && units >= FEW_UNITS) {
      loop.run(0, steps.batch(), workers);
    } else {
      workers.run(steps.batch(), 1, (from, to) -> loop.run(from, to, Workers.single()));
    }
  }

  private void copyStateBefore(LayerState start, Tape tape, int first, int end) {
    CellBuffers b = tape.buffers;
    boolean memory = b.kind() == CellBuffers.Kind.MEMORY;
    for (int row = first; row < end; row++) {
      int before = tape.steps.before(row);
      int sequence = tape.steps.sequence(row);
      Matrix a = before < 0 ? Matrix.of(start.a(), sequence + 1, outputs) : b.output(before + 1);
      a.copyRow(a.rows() - 1, b.before(end), row);
      if (memory) {
        Matrix c = before < 0 ? Matrix.of(start.c(), sequence + 1, units) : b.cell(before + 1);
        c.copyRow(c.rows() - 1, b.cellBefore(end), row);
      }
    }
  }

  /** Returns the state of each sequence after its last step; {@code start} where it has no step. */
  public LayerState endState(LayerState start, Tape tape) {
    Steps steps = tape.steps;
    CellBuffers b = tape.buffers;
    Matrix a = Matrix.of(start.a().clone(), steps.batch(), outputs);
    Matrix c = Matrix.of(start.c().clone(), start.c().length / units, units);
    for (int s = 0; s < steps.batch(); s++) {
      if (steps.length(s) > 0) {
        int row = steps.row(steps.length(s) - 1, s);
        b.output(row + 1).copyRow(row, a, s);
        if (c.rows() > 0 && tape.forgets()) {
          b.cellBefore(s + 1).copyRow(s, c, s); // where those of the next steps would begin
        } else if (c.rows() > 0) {
          b.cell(row + 1).copyRow(row, c, s);
        }
      }
    }
    return new LayerState(a.data(), c.data());
  }

  /**
   * Runs back through all steps, from the last to the first. Before it, the gradients of the
   * outputs are written to the tape's {@link Tape#dOutput}, and those of the last memory cells
   * added to {@link CellBuffers#dCell}. Afterwards the tape holds the gradients of the
   * pre-activations, in the place of the gate values, and of the start state.
   *
   * @param dx receives the gradient of the inputs, [R][inputs]
   * @param gradients flat gradients, to which those of the parameters are added
   */
  public void backward(
      RecurrentWeights w, Tape tape, Matrix dx, float[] gradients, Workers workers) {
    Steps steps = tape.steps;
    beginBackward(tape);
    int together = stepsTogether(steps, workers);
    for (int t = steps.length(); t > 0; t -= together) {
      var stretch = new Stretch(steps, Math.max(0, t - together), t);
      overTime(
          steps,
          workers,
          (from, to, team) -> {
            for (int step = stretch.to - 1; step >= stretch.from; step--) {
              int first = steps.row(step, from);
              int end = steps.row(step, to);
              if (first < end) {
                retreat(w, tape, first, end, team);
              }
            }
          });
      inputBack(w, tape, dx, stretch.firstRow(), stretch.lastRow(), workers);
    }
    addGradients(w, tape, gradients, workers);
  }

  /** Makes ready to {@link #retreat}. */
  void beginBackward(Tape tape) {
    tape.clearStartGradient(outputs);
    zoneout.begin(tape.buffers, tape.steps.rows(), tape.kept);
  }

  /** Computes the gradient of the inputs in some rows, of which those of the gates are known. */
  void inputBack(RecurrentWeights w, Tape tape, Matrix dx, int first, int end, Workers workers) {
    Matrix gradient =
        normalization == null
            ? tape.buffers.dGates(end).rows(first, end)
            : normalization.inputBack(w.values(), tape.buffers, first, end, workers);
    Products.multiply(gradient, w.inputBackward(), dx.rows(first, end), workers);
  }

  /** Adds the gradients of all parameters, once those of all rows are known. */
  void addGradients(RecurrentWeights w, Tape tape, float[] gradients, Workers workers) {
    CellBuffers b = tape.buffers;
    int rows = tape.steps.rows();
    w.addGradients(cell, b, tape.x, tape.operands, gradients, workers);
    Rows.addColumnSums(b.dGates(rows), gradients, bias.offset(), workers);
    if (own != null) {
      cell.addOwnGradients(own, b, rows, gradients, workers);
    }
    if (normalization != null) {
      normalization.addGradients(cell, b, rows, gradients, workers);
    }
  }

  /** The way back of {@link #advance}; what comes before has its gradients added to. */
  void retreat(RecurrentWeights w, Tape tape, int first, int end, Workers team) {
    CellBuffers b = tape.buffers;
    if (zoneout.none()) {
      cell.backward(w, b, first, end, team);
    } else {
      zoneout.takeOut(b, first, end, tape.noise, tape.kept);
      cell.backward(w, b, first, end, team);
      zoneout.putBack(b, first, end, tape.kept);
    }
    handBack(tape, first, end);
  }

  /** Adds the gradients of the outputs before to the rows of the steps before. */
  private void handBack(Tape tape, int first, int end) {
    Matrix dBefore = tape.buffers.dBefore(first, end);
    for (int row = first; row < end; row++) {
      int before = tape.steps.before(row);
      boolean begins = before < 0;
      Matrix target = begins ? tape.dStartA : tape.dOutput();
      int to = target.row(begins ? tape.steps.sequence(row) : before);
      Rows.add(dBefore.data(), dBefore.row(row - first), target.data(), to, outputs);
    }
  }

  /** What one layer remembers of one batch. */
  public static final class Tape {

    private final CellBuffers buffers;
    private final RecurrentWeights.Operands operands = new RecurrentWeights.Operands();
    private Steps steps = Steps.of();
    private Matrix x = Matrix.of(new float[0], 0, 0);
    private Matrix dStartA = Matrix.of(new float[0], 0, 0);
    private final boolean keepsAll;
    private final boolean keepsFreshCells;
    private final Zoneout.HeldGradients kept = new Zoneout.HeldGradients();
    private @Nullable Noise noise;

    private Tape(CellBuffers buffers, boolean keepsAll, boolean keepsFreshCells) {
      this.buffers = buffers;
      this.keepsAll = keepsAll;
      this.keepsFreshCells = keepsFreshCells;
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
    }

    /** Whether a few steps take the place of those before them. */
    private boolean forgets() {
      return !keepsAll && steps.equalLengths();
    }

    /** Makes room for what forward writes, with the start state where it is looked for. */
    private void reserve(LayerState start, int stepsTogether) {
      int batch = steps.batch();
      if (keepsFreshCells) {
        buffers.reserveFreshCells(steps.rows());
      }
      if (!steps.equalLengths()) {
        buffers.reserve(steps.rows());
        return;
      }
      int kept = forgets() ? Math.min(steps.length(), stepsTogether) : steps.length();
      buffers.reserveShared(kept * batch, batch, steps.rows());
      copy(start.a(), buffers.before(batch));
      if (buffers.kind() == CellBuffers.Kind.MEMORY) {
        copy(start.c(), buffers.cellBefore(batch));
      }
    }

    private static void copy(float[] states, Matrix target) {
      System.arraycopy(states, 0, target.data(), target.offset(), states.length);
    }

    /**
     * Makes the gradient buffers ready; {@link #dOutput} is to be written then.
     *
     * @throws IllegalStateException if the tape keeps outputs alone
     */
    public void beginBackward() {
      if (!keepsAll) {
        throw new IllegalStateException("this tape does not keep what backward needs");
      }
      buffers.reserveGradients(steps.rows(), steps.places());
    }

    /** Returns the outputs a⟨t⟩, [R][outputs]. */
    public Matrix output() {
      return buffers.output(steps.rows());
    }

    /**
     * Returns the gradient of the outputs, [R][outputs], to be written before the backward pass.
     */
    public Matrix dOutput() {
      return buffers.dOutput(steps.rows());
    }

    /** Adds the gradient of the state after the last step of each sequence, before backward. */
    public void addEndGradient(LayerState end) {
      int units = buffers.units();
      int outputs = buffers.outputs();
      boolean memory = buffers.kind() == CellBuffers.Kind.MEMORY;
      Matrix dOutput = dOutput();
      for (int s = 0; s < steps.batch(); s++) {
        if (steps.length(s) > 0) {
          int last = dOutput.row(steps.row(steps.length(s) - 1, s));
          Rows.add(end.a(), s * outputs, dOutput.data(), last, outputs);
          if (memory) {
            Matrix dCell = buffers.dCell();
            Rows.add(end.c(), s * units, dCell.data(), dCell.row(s), units);
          }
        }
      }
    }

    /** Returns the rows of gates, cells and their gradients. */
    public CellBuffers buffers() {
      return buffers;
    }

    /** Returns the gradient of the start state, after the backward pass. */
    public LayerState startGradient() {
      boolean memory = buffers.kind() == CellBuffers.Kind.MEMORY;
      return new LayerState(
          dStartA.copyOfElements(), memory ? buffers.dCell().copyOfElements() : new float[0]);
    }

    private void clearStartGradient(int outputs) {
      dStartA = Matrix.of(new float[steps.batch() * outputs], steps.batch(), outputs);
    }
  }
}
