package dev.unroll.layer;

import dev.unroll.base.Cancellation;
import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.cell.Cell;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Products;
import dev.unroll.kernel.Rows;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer: any {@link Cell}, run over time.
 *
 * <p>The input's share of all gates is one product over all rows before the loop, the weight
 * gradients are one product over all rows after it; inside the loop only the recurrent product
 * remains. Threads split the sequences and run theirs through all steps without waiting for each
 * other. Several threads on a small layer would wait for each other before and after the loop more
 * than that saves: there the products with the input are inside it, too ({@link #inputByStep}).
 *
 * <p>Shapes: x [R][inputs] → a [R][outputs], with the rows of a {@link Steps}; outputs are H units,
 * or P with a projection. For the parameters see {@link LayerParameters}.
 */
public final class RecurrentLayer {

  /** With fewer sequences per thread, threads share the columns of a step. */
  private static final int FEW_SEQUENCES = 4;

  /** Narrower layers are not worth a synchronization per step. */
  private static final int FEW_UNITS = 128;

  /** Gates that stay in the L2 cache between a product and the cell: 256 KiB. */
  private static final int GATES_TOGETHER = 1 << 16;

  /** Weights that stay there with them: 1 MiB. */
  private static final int WEIGHTS_IN_CACHE = 1 << 18;

  /** Rows that share larger weights, which come from memory for each product. */
  private static final int ROWS_TOGETHER = 1024;

  /** Sequences of a thread that make a product per step worthwhile. */
  private static final int FEWEST_IN_A_STEP = 16;

  /** Rows that make a product worthwhile. */
  private static final int FEWEST_ROWS = 96;

  private final LayerForm form;
  private final Cell cell;
  private final LayerParameters parameters;

  /** Creates a layer without any option, which begins with zeros. */
  public RecurrentLayer(Cell cell, int inputs, int units, String prefix, Layout layout) {
    this(LayerForm.plain(cell, inputs, units), prefix, layout);
  }

  /** Creates a layer and lays out its parameters under names that begin with {@code prefix}. */
  public RecurrentLayer(LayerForm form, String prefix, Layout layout) {
    this.form = form;
    this.cell = form.cell();
    this.parameters = new LayerParameters(form, prefix, layout);
  }

  /** Returns H, the number of units. */
  int units() {
    return form.units();
  }

  /** Returns the width of a⟨t⟩: P with a projection, else H. */
  int outputs() {
    return form.outputs();
  }

  /** Returns the number of inputs of a step. */
  public int inputs() {
    return form.inputs();
  }

  LayerForm form() {
    return form;
  }

  /** Returns an empty tape, for {@link #forward} and {@link #backward}. */
  LayerTape newTape() {
    return newTape(true);
  }

  /**
   * Returns an empty tape for {@link #forward}.
   *
   * @param keepsAll whether {@link #backward} will follow. If not, only the outputs and the last
   *     states are kept, where all sequences are equally long: what else there is of a few steps
   *     takes the place of that of the steps before, which is still in a near cache
   */
  public LayerTape newTape(boolean keepsAll) {
    boolean zonesOut = cell.hasMemory() && form.zoneout().memory() > 0;
    return new LayerTape(form, keepsAll, keepsAll && zonesOut && parameters.hasOwn());
  }

  /** Returns weights to pack into. */
  public RecurrentWeights newWeights() {
    return newWeights(Precision.FLOAT32);
  }

  /** Returns weights to pack parameters into that were rounded to {@code precision}. */
  public RecurrentWeights newWeights(Precision precision) {
    return new RecurrentWeights(form, parameters, precision);
  }

  /** Returns the state of {@code batch} sequences before their first step: zeros. */
  public LayerState zeroState(int batch) {
    return new LayerState(
        new float[batch * outputs()], new float[cell.hasMemory() ? batch * form.units() : 0]);
  }

  /** Returns whether a state is one of {@code batch} sequences. */
  boolean fits(LayerState state, int batch) {
    return state.a().length == batch * outputs()
        && state.c().length == (cell.hasMemory() ? batch * form.units() : 0);
  }

  /** Returns the state of {@code batch} sequences before their first step: zeros, or as learned. */
  LayerState startState(float[] values, int batch) {
    LayerState state = zeroState(batch);
    parameters.start().copyTo(state, values, batch);
    return state;
  }

  /** Adds the gradients of the start states of sequences that began with {@link #startState}. */
  void addStartGradient(LayerState gradient, float[] gradients) {
    parameters.start().addGradient(gradient, gradients, gradient.a().length / outputs());
  }

  /** Sets first values: {@link LayerParameters#initialize}. */
  public void initialize(float[] values, Initialization initialization) {
    parameters.initialize(values, initialization);
  }

  /** Returns a view of the steps of a tape. */
  LayerStep newStep(RecurrentWeights w, TapeRows rows, Workers team) {
    return new LayerStep(parameters, w, rows, team);
  }

  /** Computes the input's share of the gates, Wx x⟨t⟩ + b, in the rows {@code from … to}. */
  void inputForward(
      RecurrentWeights w, Matrix x, TapeRows rows, int from, int to, Workers workers) {
    Normalization normalization = parameters.normalization();
    if (normalization == null) {
      Matrix z = rows.gates(from, to);
      InputShares shares = w.inputShares();
      if (shares == null || x.rows() > InputShares.MOST_ROWS) {
        inputProduct(w, x, z, workers);
      } else {
        shares.forward(x, z, (some, ofSome) -> inputProduct(w, some, ofSome, workers));
      }
    } else {
      Matrix products = rows.normalizedInput().rows(from, to);
      Products.multiply(x, w.inputForward(), products, workers);
      normalization.input(w.values(), parameters.bias(), rows, from, to, workers);
    }
  }

  private void inputProduct(RecurrentWeights w, Matrix x, Matrix z, Workers workers) {
    Products.multiplyOnto(parameters.bias().of(w.values()), x, w.inputForward(), z, workers);
  }

  /**
   * Runs all steps of all sequences.
   *
   * @param w packed weights
   * @param x inputs, [R][inputs]
   * @param start state of each sequence before its first step
   * @param tape receives the outputs and all that {@link #backward} needs
   */
  public void forward(
      RecurrentWeights w, Matrix x, LayerState start, LayerTape tape, Workers workers) {
    Steps steps = tape.steps();
    TapeRows rows = tape.rows();
    boolean byStep = inputByStep(steps, workers);
    int together = stepsTogether(steps, workers, byStep);
    tape.reserve(x, start, together);
    for (int t = 0; t < steps.length(); t += together) {
      var range = new StepRange(steps, t, Math.min(steps.length(), t + together));
      int forgotten = tape.forgets() ? range.firstRow() : 0;
      int end = range.endRow() - forgotten;
      if (!byStep) {
        inputForward(w, range.of(x), rows, range.firstRow() - forgotten, end, workers);
      }
      overTime(
          steps,
          workers,
          (from, to, team) -> {
            var view = newStep(w, rows, team);
            for (int step = range.from; step < range.to; step++) {
              Cancellation.check();
              int first = steps.row(step, from) - forgotten;
              int after = steps.row(step, to) - forgotten;
              if (first < after) {
                if (byStep) {
                  Matrix own = x.rows(first + forgotten, after + forgotten);
                  inputProduct(w, own, rows.gates(first, after), team);
                }
                stepForward(view.moveTo(first, after), start, tape);
              }
            }
          });
      if (tape.forgets()) {
        rows.moveOn(end);
      }
    }
    rows.rewind();
  }

  /** Prepares to {@link #stepForward} through all steps of a batch. */
  void begin(Matrix x, LayerState start, LayerTape tape) {
    tape.reserve(x, start, tape.steps().length());
  }

  /** Computes the rows of a step from the input's share. */
  void stepForward(LayerStep step, LayerState start, LayerTape tape) {
    if (!tape.rows().shared()) {
      tape.copyStateBefore(start, step.from(), step.to());
    }
    stepForward(step, tape.rows(), tape.noise());
  }

  /** Computes the row of a stream from the input's share. */
  void stepForward(LayerStep step, TapeRows rows) {
    stepForward(step, rows, null);
  }

  private void stepForward(LayerStep step, TapeRows rows, @Nullable Noise noise) {
    cell.forward(step);
    step.project();
    zoneOut(step, rows, noise);
  }

  /** Lets elements of the new state keep the values of the step before. */
  private void zoneOut(LayerStep step, TapeRows rows, @Nullable Noise noise) {
    Zoneout zoneout = form.zoneout();
    int from = step.from();
    if (zoneout.memory() > 0 && rows.hasMemory()) {
      rows.keepFreshMemory(from, step.to());
      zoneout.ofMemory(noise).mix(step.memoryBefore(), step.memory(), from);
    }
    if (zoneout.state() > 0) {
      zoneout.ofState(noise).mix(step.before(), rows.output(from, step.to()), from);
    }
  }

  /** Steps that are run through together, from {@code from} up to {@code to}. */
  private record StepRange(Steps steps, int from, int to) {

    /** Returns the rows of these steps. */
    Matrix of(Matrix rows) {
      return rows.rows(firstRow(), endRow());
    }

    int firstRow() {
      return steps.row(from, 0);
    }

    /** Returns the row after the last. */
    int endRow() {
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
   * where the weights do not fit into it, as fetching those costs more than the gates, and where
   * the cell follows each product at once.
   */
  private int stepsTogether(Steps steps, Workers workers, boolean byStep) {
    boolean small = (long) form.inputs() * form.width() <= WEIGHTS_IN_CACHE;
    int rows =
        small && !byStep ? Math.max(FEWEST_ROWS, GATES_TOGETHER / form.width()) : ROWS_TOGETHER;
    return Math.max(1, rows * workers.threads() / Math.max(1, steps.batch()));
  }

  /**
   * Whether each step multiplies the input of its own rows: threads that split the sequences then
   * meet once in many steps, not twice in a few. Only where both weights stay in the L2 cache, and
   * a thread has sequences enough to read them for in each step.
   */
  private boolean inputByStep(Steps steps, Workers workers) {
    long weights = (long) (form.inputs() + form.outputs()) * form.width();
    return workers.threads() > 1
        && parameters.normalization() == null
        && weights <= WEIGHTS_IN_CACHE
        && steps.batch() >= FEWEST_IN_A_STEP * workers.threads()
        && steps.rows() > InputShares.MOST_ROWS;
  }

  /**
   * Threads split the sequences and run theirs through all steps without waiting for each other. Of
   * a few sequences the steps themselves are split: then the weights, which each thread would read
   * whole, are what takes the time, and they are worth a synchronization per step.
   */
  private void overTime(Steps steps, Workers workers, TimeLoop loop) {
    boolean few = steps.batch() < FEW_SEQUENCES * workers.threads();
    if (few && form.units() >= FEW_UNITS) {
      loop.run(0, steps.batch(), workers);
    } else {
      workers.run(steps.batch(), 1, (from, to) -> loop.run(from, to, Workers.single()));
    }
  }

  /** Returns the state of each sequence after its last step; {@code start} where it has no step. */
  public LayerState endState(LayerState start, LayerTape tape) {
    return tape.endState(start);
  }

  /**
   * Runs backward through all steps, from the last to the first. Before it, the gradients of the
   * outputs are written to the tape's {@link LayerTape#dOutput}, and those of the last states added
   * by {@link LayerTape#addEndGradient}. Afterwards the tape holds the gradients of the
   * pre-activations, in the place of the gate values, and of the start state.
   *
   * @param dx receives the gradient of the inputs, [R][inputs]
   * @param gradients flat gradients, to which those of the parameters are added
   */
  public void backward(
      RecurrentWeights w, LayerTape tape, Matrix dx, float[] gradients, Workers workers) {
    Steps steps = tape.steps();
    beginBackward(tape);
    boolean byStep = inputByStep(steps, workers);
    int together = stepsTogether(steps, workers, byStep);
    for (int t = steps.length(); t > 0; t -= together) {
      var range = new StepRange(steps, Math.max(0, t - together), t);
      overTime(
          steps,
          workers,
          (from, to, team) -> {
            var view = newStep(w, tape.rows(), team);
            for (int step = range.to - 1; step >= range.from; step--) {
              int first = steps.row(step, from);
              int end = steps.row(step, to);
              if (first < end) {
                stepBackward(view.moveTo(first, end), tape);
                if (byStep) {
                  inputBackward(w, tape, dx, first, end, team);
                }
              }
            }
          });
      if (!byStep) {
        inputBackward(w, tape, dx, range.firstRow(), range.endRow(), workers);
      }
    }
    addGradients(w, tape, gradients, workers);
  }

  /** Prepares to {@link #stepBackward}. */
  void beginBackward(LayerTape tape) {
    tape.clearStartGradient();
  }

  /** Runs {@link #stepForward} backward; adds to the gradients of the steps before. */
  void stepBackward(LayerStep step, LayerTape tape) {
    int from = step.from();
    int to = step.to();
    boolean ofState = form.zoneout().state() > 0;
    boolean ofMemory = form.zoneout().memory() > 0 && cell.hasMemory();
    if (ofState) {
      var shares = form.zoneout().ofState(tape.noise());
      shares.takeOut(tape.rows().dOutput(from, to), tape.heldOfState(from, to), from);
    }
    if (ofMemory) {
      var shares = form.zoneout().ofMemory(tape.noise());
      shares.takeOut(step.dMemory(), tape.heldOfMemory(from, to), from);
    }
    step.projectBackward();
    cell.backward(step);
    if (ofState) {
      addRows(tape.heldOfState(from, to), step.dBefore());
    }
    if (ofMemory) {
      addRows(tape.heldOfMemory(from, to), step.dMemory());
    }
    step.finishBackward();
    tape.passToStepBefore(from, to);
  }

  private static void addRows(Matrix x, Matrix y) {
    Rows.add(x.data(), x.offset(), y.data(), y.offset(), x.rows() * x.columns());
  }

  /** Computes the gradient of the inputs in some rows, of which those of the gates are known. */
  void inputBackward(
      RecurrentWeights w, LayerTape tape, Matrix dx, int first, int end, Workers workers) {
    Normalization normalization = parameters.normalization();
    Matrix gradient =
        normalization == null
            ? tape.rows().gates(first, end)
            : normalization.inputBackward(w.values(), tape.rows(), first, end, workers);
    Products.multiply(gradient, w.inputBackward(), dx.rows(first, end), workers);
  }

  /** Adds the gradients of all parameters, once those of all rows are known. */
  void addGradients(RecurrentWeights w, LayerTape tape, float[] gradients, Workers workers) {
    int rows = tape.steps().rows();
    if (rows == 0) {
      return;
    }
    var all = new LayerStep(parameters, w, tape.rows(), workers, gradients).moveTo(0, rows);
    var recurrent = new ArrayList<Matrix>();
    for (int product = 0; product < w.products(); product++) {
      recurrent.add(cell.productGradient(product, all));
    }
    addWeightGradients(w, tape, all, recurrent, gradients, workers);
    cell.addOwnGradients(all);
    Normalization normalization = parameters.normalization();
    if (normalization != null) {
      normalization.addGradients(tape.rows(), rows, recurrent, gradients, workers);
    }
  }

  /**
   * Adds the gradients of all weight matrices, dW += dzᵀ·x, dWa += dzᵀ·a⟨t-1⟩ and dWp += daᵀ·h, and
   * of the bias, each over all rows in ascending order; together where dz is the same.
   */
  private void addWeightGradients(
      RecurrentWeights w,
      LayerTape tape,
      LayerStep all,
      List<Matrix> recurrent,
      float[] gradients,
      Workers workers) {
    TapeRows rows = tape.rows();
    int count = tape.steps().rows();
    boolean plain = parameters.normalization() == null;
    Matrix dz = plain ? all.z() : rows.normalizedInput().gradients(0, count);
    Matrix ofInputs = parameters.input().of(gradients);
    tape.packedInputs().pack(tape.x(), workers);
    int bias = parameters.bias().offset();
    if (!plain) {
      Rows.addColumnSums(all.z(), gradients, bias, workers);
    }
    if (recurrent.isEmpty()) {
      var sums = plain ? new Products.RowSums(gradients, bias) : null;
      var ofInput = new Products.Term(tape.packedInputs(), ofInputs);
      Products.multiplyAdd(dz.transposed(), sums, List.of(ofInput), workers);
    }
    for (int product = 0; product < recurrent.size(); product++) {
      Matrix part = dz.columns(w.firstRow(product), w.endRow(product));
      Matrix own =
          plain ? recurrent.get(product) : rows.normalizedProduct(product).gradients(0, count);
      tape.packedStates().pack(cell.productInput(product, all), workers);
      var ofInput = new Products.Term(tape.packedInputs(), w.rows(ofInputs, product));
      Matrix ofStates = w.rows(parameters.recurrent().of(gradients), product);
      var ofState = new Products.Term(tape.packedStates(), ofStates);
      var sums = plain ? new Products.RowSums(gradients, bias + w.firstRow(product)) : null;
      boolean same = own.equals(part);
      var terms = same ? List.of(ofInput, ofState) : List.of(ofInput);
      Products.multiplyAdd(part.transposed(), sums, terms, workers);
      if (!same) {
        Products.multiplyAdd(own.transposed(), ofState.b(), ofState.c(), workers);
      }
    }
    var projection = parameters.projection();
    if (projection != null) {
      tape.packedStates().pack(all.output(), workers);
      Matrix da = rows.dOutput(0, count).transposed();
      Products.multiplyAdd(da, tape.packedStates(), projection.of(gradients), workers);
    }
  }
}
