package dev.unroll.layer;

import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer that reads a sequence from the first step to the last, or two that read it in
 * both directions (Schuster and Paliwal 1997). The one that reads backward begins at each
 * sequence's own last step.
 *
 * <pre>{@code
 * a→⟨t⟩ from x⟨1⟩ … x⟨t⟩      a←⟨t⟩ from x⟨T⟩ … x⟨t⟩      a⟨t⟩ = [a→⟨t⟩, a←⟨t⟩]  or  a→⟨t⟩ + a←⟨t⟩
 * }</pre>
 *
 * <p>The names of the parameters of the backward direction continue with {@code reverse.}; its
 * state follows that of the forward direction in a {@link LayerState}.
 */
public final class BidirectionalLayer {

  /** Random numbers of the backward direction, after those of the forward one. */
  private static final long REVERSE = 1L << 20;

  private final Direction direction;
  private final List<RecurrentLayer> ways = new ArrayList<>();

  /** Creates a layer and lays out its parameters under names that begin with {@code prefix}. */
  public BidirectionalLayer(LayerForm form, Direction direction, String prefix, Layout layout) {
    this.direction = direction;
    ways.add(new RecurrentLayer(form, prefix, layout));
    if (direction.ways() == 2) {
      ways.add(new RecurrentLayer(form, prefix + "reverse.", layout));
    }
  }

  private RecurrentLayer forth() {
    return ways.getFirst();
  }

  /** Returns the width of a⟨t⟩. */
  public int outputs() {
    return direction.outputs(forth().outputs());
  }

  /** Sets first values, as {@link RecurrentLayer#initialize} does. */
  public void initialize(float[] parameters, Initialization initialization) {
    ways.forEach(way -> way.initialize(parameters, initialization));
  }

  /** Returns the state of {@code batch} sequences before their first step: zeros, or as learned. */
  public LayerState startState(float[] parameters, int batch) {
    return join(ways.stream().map(way -> way.startState(parameters, batch)).toList());
  }

  /** Adds the gradients of the start states of sequences that began with {@link #startState}. */
  public void addStartGradient(LayerState gradient, float[] gradients) {
    List<LayerState> parts = split(gradient);
    for (int i = 0; i < parts.size(); i++) {
      ways.get(i).addStartGradient(parts.get(i), gradients);
    }
  }

  /** Returns the last output, [B][outputs], from the state after it. */
  public float[] output(LayerState end) {
    if (direction != Direction.SUM) {
      return end.a();
    }
    List<LayerState> ends = split(end);
    float[] sum = ends.get(0).a().clone();
    Rows.add(ends.get(1).a(), 0, sum, 0, sum.length);
    return sum;
  }

  /** Returns whether a state is one of {@code batch} sequences in this layer. */
  public boolean fits(LayerState state, int batch) {
    LayerState zeros = forth().zeroState(batch);
    return state.a().length == ways.size() * zeros.a().length
        && state.c().length == ways.size() * zeros.c().length;
  }

  private LayerState join(List<LayerState> states) {
    if (states.size() == 1) {
      return states.getFirst();
    }
    return new LayerState(
        concatenation(states.get(0).a(), states.get(1).a()),
        concatenation(states.get(0).c(), states.get(1).c()));
  }

  private static float[] concatenation(float[] x, float[] y) {
    float[] both = Arrays.copyOf(x, x.length + y.length);
    System.arraycopy(y, 0, both, x.length, y.length);
    return both;
  }

  private List<LayerState> split(LayerState state) {
    if (ways.size() == 1) {
      return List.of(state);
    }
    int a = state.a().length / 2;
    int c = state.c().length / 2;
    return List.of(
        new LayerState(Arrays.copyOf(state.a(), a), Arrays.copyOf(state.c(), c)),
        new LayerState(
            Arrays.copyOfRange(state.a(), a, 2 * a), Arrays.copyOfRange(state.c(), c, 2 * c)));
  }

  /** The weights of both directions in the kernel's layout. */
  public static final class Weights implements LayerWeights {
    private final List<RecurrentWeights> ways;

    private Weights(List<RecurrentWeights> ways) {
      this.ways = ways;
    }

    @Override
    public void packForward(float[] parameters, Workers workers) {
      ways.forEach(way -> way.packForward(parameters, workers));
    }

    @Override
    public void packBackward(float[] parameters, Workers workers) {
      ways.forEach(way -> way.packBackward(parameters, workers));
    }

    @Override
    public void packDropped(
        float[] parameters, Dropout dropout, CounterRandom random, Workers workers) {
      for (int i = 0; i < ways.size(); i++) {
        ways.get(i).packDropped(parameters, dropout, ofWay(random, i), workers);
      }
    }

    @Override
    public void dropGradients(
        float[] gradients, Dropout dropout, CounterRandom random, Workers workers) {
      for (int i = 0; i < ways.size(); i++) {
        ways.get(i).dropGradients(gradients, dropout, ofWay(random, i), workers);
      }
    }
  }

  private static CounterRandom ofWay(CounterRandom random, int way) {
    return way == 0 ? random : random.part(REVERSE);
  }

  /** Returns weights to pack parameters into that were rounded to {@code precision}. */
  public Weights newWeights(Precision precision) {
    return new Weights(ways.stream().map(way -> way.newWeights(precision)).toList());
  }

  /**
   * Returns a stream that begins with the zero state.
   *
   * @throws IllegalStateException if the layer reads in both directions, for which it needs the
   *     whole sequence
   */
  public LayerStream newStream(Weights w) {
    if (ways.size() > 1) {
      throw new IllegalStateException("a layer that reads in both directions cannot stream");
    }
    return new LayerStream(forth(), w.ways.getFirst());
  }

  /** What one layer remembers of one batch. */
  public static final class Tape {
    private final Direction direction;
    private final List<LayerTape> ways;
    private Steps steps = Steps.of();

    /** Of each row, the row as far from its sequence's end as that is from the beginning. */
    private int[] mirror = {};

    private float[] reversed = {};
    private float[] dReversed = {};
    private float[] output = {};
    private float[] dOutput = {};
    private @Nullable LayerState endGradient;

    private Tape(Direction direction, List<LayerTape> ways) {
      this.direction = direction;
      this.ways = ways;
    }

    private boolean both() {
      return ways.size() == 2;
    }

    /**
     * Begins a batch of the given shape.
     *
     * @param random which elements zoneout keeps, or null when the network is used and not trained
     */
    public void begin(Steps shape, @Nullable Noise random) {
      steps = shape;
      endGradient = null;
      ways.getFirst().begin(shape, random);
      if (both()) {
        ways.get(1).begin(shape, random == null ? null : random.part(REVERSE));
        mirror = new int[shape.rows()];
        for (int s = 0; s < shape.batch(); s++) {
          for (int t = 0; t < shape.length(s); t++) {
            mirror[shape.row(t, s)] = shape.row(shape.length(s) - 1 - t, s);
          }
        }
      }
    }

    /** Prepares the gradient buffers; {@link #dOutput} is to be written then. */
    public void beginBackward() {
      ways.forEach(LayerTape::beginBackward);
      if (both()) {
        dOutput = Rows.room(dOutput, steps.rows(), width());
      }
    }

    private int width() {
      return direction.outputs(ways.getFirst().output().columns());
    }

    /** Returns the outputs a⟨t⟩, [R][outputs]. */
    public Matrix output() {
      return both() ? Matrix.of(output, steps.rows(), width()) : ways.getFirst().output();
    }

    /**
     * Returns the gradient of the outputs, [R][outputs], to be written before the backward pass.
     */
    public Matrix dOutput() {
      return both() ? Matrix.of(dOutput, steps.rows(), width()) : ways.getFirst().dOutput();
    }

    /** Adds the gradient of the state after the last step of each sequence, before backward. */
    public void addEndGradient(LayerState end) {
      if (both()) {
        endGradient = end; // once the outputs' gradients have gone to the two ways
      } else {
        ways.getFirst().addEndGradient(end);
      }
    }

    /** Returns the gradient of the start state, after the backward pass. */
    public LayerState startGradient() {
      LayerState first = ways.getFirst().startGradient();
      if (!both()) {
        return first;
      }
      LayerState second = ways.get(1).startGradient();
      return new LayerState(
          concatenation(first.a(), second.a()), concatenation(first.c(), second.c()));
    }

    /** Copies the rows of {@code x} to where the backward direction reads them. */
    private Matrix reverse(Matrix x, Workers workers) {
      reversed = Rows.room(reversed, steps.rows(), x.columns());
      Matrix target = Matrix.of(reversed, x.rows(), x.columns());
      eachRow(workers, row -> x.copyRow(mirror[row], target, row));
      return target;
    }

    private void joinOutputs(Workers workers) {
      output = Rows.room(output, steps.rows(), width());
      Matrix target = output();
      Matrix forth = ways.get(0).output();
      Matrix back = ways.get(1).output();
      int width = forth.columns();
      eachRow(
          workers,
          row -> {
            int into = target.row(row);
            int from = back.row(mirror[row]);
            forth.copyRow(row, target, row);
            if (direction == Direction.BOTH) {
              System.arraycopy(back.data(), from, target.data(), into + width, width);
            } else {
              Rows.add(back.data(), from, target.data(), into, width);
            }
          });
    }

    private void splitGradients(Workers workers) {
      Matrix source = dOutput();
      Matrix forth = ways.get(0).dOutput();
      Matrix back = ways.get(1).dOutput();
      int width = forth.columns();
      int ofBack = direction == Direction.BOTH ? width : 0;
      eachRow(
          workers,
          row -> {
            int from = source.row(row);
            int into = back.row(mirror[row]);
            System.arraycopy(source.data(), from, forth.data(), forth.row(row), width);
            System.arraycopy(source.data(), from + ofBack, back.data(), into, width);
          });
    }

    private interface RowTask {
      void run(int row);
    }

    private void eachRow(Workers workers, RowTask task) {
      workers.run(steps.rows(), 16, (from, to) -> IntStream.range(from, to).forEach(task::run));
    }
  }

  /** Returns an empty tape; {@code keepsAll} if {@link #backward} will follow. */
  public Tape newTape(boolean keepsAll) {
    return new Tape(direction, ways.stream().map(way -> way.newTape(keepsAll)).toList());
  }

  /** What is done for each direction, on a team of threads. */
  private interface WayTask {
    void run(int way, Workers team);
  }

  /**
   * Two threads take one direction each, without waiting for each other; more share each direction.
   */
  private void eachWay(Workers workers, WayTask task) {
    if (ways.size() == 2 && workers.threads() == 2) {
      workers.run(
          2,
          1,
          (from, to) -> IntStream.range(from, to).forEach(way -> task.run(way, Workers.single())));
    } else {
      IntStream.range(0, ways.size()).forEach(way -> task.run(way, workers));
    }
  }

  /**
   * Runs all steps of all sequences; the outputs are the tape's {@link Tape#output}.
   *
   * @param x inputs, [R][inputs]
   * @param start state of each sequence before its first step
   */
  public void forward(Weights w, Matrix x, LayerState start, Tape tape, Workers workers) {
    List<LayerState> starts = split(start);
    Matrix back = tape.both() ? tape.reverse(x, workers) : x;
    eachWay(
        workers,
        (way, team) ->
            ways.get(way)
                .forward(
                    w.ways.get(way),
                    way == 0 ? x : back,
                    starts.get(way),
                    tape.ways.get(way),
                    team));
    if (tape.both()) {
      tape.joinOutputs(workers);
    }
  }

  /**
   * Returns the state of each sequence after its last step; of the backward direction that is the
   * first of the sequence.
   */
  public LayerState endState(LayerState start, Tape tape) {
    List<LayerState> starts = split(start);
    return join(
        IntStream.range(0, ways.size())
            .mapToObj(way -> ways.get(way).endState(starts.get(way), tape.ways.get(way)))
            .toList());
  }

  /**
   * Runs backward through all steps, from the gradient in {@link Tape#dOutput}.
   *
   * @param dx receives the gradient of the inputs, [R][inputs]
   * @param gradients flat gradients, to which those of the parameters are added
   */
  public void backward(Weights w, Tape tape, Matrix dx, float[] gradients, Workers workers) {
    if (!tape.both()) {
      forth().backward(w.ways.getFirst(), tape.ways.getFirst(), dx, gradients, workers);
      return;
    }
    tape.splitGradients(workers);
    if (tape.endGradient != null) {
      List<LayerState> ends = split(tape.endGradient);
      tape.ways.get(0).addEndGradient(ends.get(0));
      tape.ways.get(1).addEndGradient(ends.get(1));
    }
    tape.dReversed = Rows.room(tape.dReversed, dx.rows(), dx.columns());
    Matrix dBack = Matrix.of(tape.dReversed, dx.rows(), dx.columns());
    eachWay(
        workers,
        (way, team) ->
            ways.get(way)
                .backward(
                    w.ways.get(way), tape.ways.get(way), way == 0 ? dx : dBack, gradients, team));
    tape.eachRow(
        workers,
        row ->
            Rows.add(
                dBack.data(), dBack.row(tape.mirror[row]), dx.data(), dx.row(row), dx.columns()));
  }
}
