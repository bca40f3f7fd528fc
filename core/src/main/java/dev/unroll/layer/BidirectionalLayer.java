package dev.unroll.layer;

import dev.unroll.base.Direction;
import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

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
    return forth().fits(state, ways.size() * batch);
  }

  private static LayerState join(List<LayerState> states) {
    return states.size() == 1 ? states.getFirst() : states.get(0).join(states.get(1));
  }

  private List<LayerState> split(LayerState state) {
    return ways.size() == 1 ? List.of(state) : state.halves();
  }

  /** The weights of both directions in the kernel's layout. */
  public static final class Weights implements LayerWeights {
    private final List<RecurrentWeights> ways;

    private Weights(List<RecurrentWeights> ways) {
      this.ways = ways;
    }

    /**
     * Remembers what inputs that were read lately contribute to the gates, until other parameters
     * are packed: for layers whose inputs occur again, as the vectors of tokens do. It changes no
     * bit.
     */
    public void rememberInputs() {
      ways.forEach(RecurrentWeights::rememberInputs);
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
    return way == 0 ? random : random.part(BidirectionalTape.REVERSE);
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

  /** Returns an empty tape; {@code keepsAll} if {@link #backward} will follow. */
  public BidirectionalTape newTape(boolean keepsAll) {
    return new BidirectionalTape(
        direction, ways.stream().map(way -> way.newTape(keepsAll)).toList());
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
   * Runs all steps of all sequences; the outputs are the tape's {@link BidirectionalTape#output}.
   *
   * @param x inputs, [R][inputs]
   * @param start state of each sequence before its first step
   */
  public void forward(
      Weights w, Matrix x, LayerState start, BidirectionalTape tape, Workers workers) {
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
  public LayerState endState(LayerState start, BidirectionalTape tape) {
    List<LayerState> starts = split(start);
    return join(
        IntStream.range(0, ways.size())
            .mapToObj(way -> ways.get(way).endState(starts.get(way), tape.ways.get(way)))
            .toList());
  }

  /**
   * Runs backward through all steps, from the gradient in {@link BidirectionalTape#dOutput}.
   *
   * @param dx receives the gradient of the inputs, [R][inputs]
   * @param gradients flat gradients, to which those of the parameters are added
   */
  public void backward(
      Weights w, BidirectionalTape tape, Matrix dx, float[] gradients, Workers workers) {
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
