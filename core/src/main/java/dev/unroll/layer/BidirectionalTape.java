package dev.unroll.layer;

import dev.unroll.base.Direction;
import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Rows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a layer that reads in one direction or in both remembers of one batch. */
public final class BidirectionalTape {

  /** Random numbers of the backward direction, after those of the forward one. */
  static final long REVERSE = 1L << 20;

  private final Direction direction;
  final List<LayerTape> ways;
  private Steps steps = Steps.of();

  /** Of each row, the row as far from its sequence's end as that is from the beginning. */
  int[] mirror = {};

  private float[] reversed = {};
  float[] dReversed = {};
  private float[] output = {};
  private float[] dOutput = {};
  @Nullable LayerState endGradient;

  BidirectionalTape(Direction direction, List<LayerTape> ways) {
    this.direction = direction;
    this.ways = ways;
  }

  boolean both() {
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

  /** Returns the gradient of the outputs, [R][outputs], to be written before the backward pass. */
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
    return first.join(second);
  }

  /** Copies the rows of {@code x} to where the backward direction reads them. */
  Matrix reverse(Matrix x, Workers workers) {
    reversed = Rows.room(reversed, steps.rows(), x.columns());
    Matrix target = Matrix.of(reversed, x.rows(), x.columns());
    eachRow(workers, row -> x.copyRow(mirror[row], target, row));
    return target;
  }

  void joinOutputs(Workers workers) {
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

  void splitGradients(Workers workers) {
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

  interface RowTask {
    void run(int row);
  }

  void eachRow(Workers workers, RowTask task) {
    workers.run(
        steps.rows(),
        16,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            task.run(row);
          }
        });
  }
}
