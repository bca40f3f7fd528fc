package dev.unroll.layer;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import java.util.Arrays;

/**
 * A {@link RecurrentLayer} that a batch runs through a step at a time, where the input of a step
 * depends on what came out of the step before. All is computed to the same bits as by {@link
 * RecurrentLayer#forward} and {@link RecurrentLayer#backward}; the caller splits the sequences
 * among threads.
 */
public final class SteppedLayer {

  private final RecurrentLayer layer;

  /** Runs {@code layer}. */
  public SteppedLayer(RecurrentLayer layer) {
    this.layer = layer;
  }

  /** Returns the layer. */
  public RecurrentLayer layer() {
    return layer;
  }

  /** What one batch leaves for the backward pass; reused by the next batch. */
  public static final class Tape {
    private final LayerTape own;
    private Steps steps = Steps.of();
    private Matrix x = Matrix.of(new float[0], 0, 0);
    private LayerState start = new LayerState(new float[0], new float[0]);

    private Tape(LayerTape own) {
      this.own = own;
    }

    /** Returns the layer's tape, whose outputs and gradients of outputs are read and written. */
    public LayerTape own() {
      return own;
    }
  }

  /** Returns an empty tape. */
  public Tape newTape() {
    return new Tape(layer.newTape());
  }

  /**
   * Begins a batch; call {@link LayerTape#begin} of its {@link Tape#own} first.
   *
   * @param x inputs, [R][inputs], of which each step's rows are written before the step
   */
  public void begin(Steps steps, Matrix x, LayerState start, Tape tape) {
    tape.steps = steps;
    tape.x = x;
    tape.start = start;
    layer.begin(x, start, tape.own);
  }

  /** Computes step {@code t} of the sequences from {@code from} up to {@code to}. */
  public void forward(RecurrentWeights w, Tape tape, int t, int from, int to) {
    int first = tape.steps.row(t, from);
    int end = tape.steps.row(t, to);
    if (first < end) {
      Matrix rows = tape.x.rows(first, end);
      var step = layer.newStep(w, tape.own.rows(), Workers.single()).moveTo(first, end);
      layer.inputForward(w, rows, tape.own.rows(), first, end, Workers.single());
      layer.stepForward(step, tape.start, tape.own);
    }
  }

  /** Returns the state of each sequence after its last step. */
  public LayerState endState(Tape tape) {
    return layer.endState(tape.start, tape.own);
  }

  /** Prepares the gradient buffers; those of the outputs are zeros, to be added to. */
  public void beginBackward(Tape tape) {
    tape.own.beginBackward();
    Matrix gradient = tape.own.dOutput();
    int from = gradient.offset();
    Arrays.fill(gradient.data(), from, from + gradient.rows() * gradient.columns(), 0f);
    layer.beginBackward(tape.own);
  }

  /**
   * Runs {@link #forward} backward; the steps come in descending order.
   *
   * @param dx receives the gradient of the step's inputs in its rows, [R][inputs]
   */
  public void backward(RecurrentWeights w, Tape tape, Matrix dx, int t, int from, int to) {
    int first = tape.steps.row(t, from);
    int end = tape.steps.row(t, to);
    if (first < end) {
      layer.stepBackward(
          layer.newStep(w, tape.own.rows(), Workers.single()).moveTo(first, end), tape.own);
      layer.inputBackward(w, tape.own, dx, first, end, Workers.single());
    }
  }

  /** Ends the backward pass: adds the gradients of all parameters to {@code gradients}. */
  public void endBackward(RecurrentWeights w, Tape tape, float[] gradients, Workers workers) {
    layer.addGradients(w, tape.own, gradients, workers);
  }
}
