package dev.unroll.stack;

import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Slice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network as the places of its parameters. Weights and activations are arguments of what it does,
 * so that one serves any number of users.
 *
 * @param <W> parameters in the kernel's layout, ready for use. Matrices are copies; what else is
 *     read from the array itself must not change until it is packed again
 */
public abstract class ParameterizedNetwork<W> {

  /** Gives out the parameters while a network is built. */
  protected final Layout layout = new Layout();

  /** Begins with no parameters. */
  protected ParameterizedNetwork() {}

  /** Returns the places of all parameters. */
  public final Layout layout() {
    return layout;
  }

  /** Returns the number of parameters. */
  public final int size() {
    return layout.size();
  }

  /** Returns the names and places of all parameters. */
  public final List<Slice> slices() {
    return layout.slices();
  }

  /** Returns first values of all parameters, determined by {@code seed}. */
  public abstract float[] initialize(long seed);

  /** Returns whether training drops anything at random. */
  public abstract boolean drops();

  /** Returns weights to pack parameters into that were rounded to {@code precision}. */
  public abstract W newWeights(Precision precision);

  /** Packs parameters for the forward pass. */
  public abstract void packForward(float[] parameters, W weights, Workers workers);

  /** Returns parameters that were rounded to {@code precision}, packed for the forward pass. */
  public final W pack(float[] parameters, Precision precision, Workers workers) {
    W weights = newWeights(precision);
    packForward(parameters, weights, workers);
    return weights;
  }

  /**
   * Packs parameters for a step of training; where recurrent weights are dropped, what is left of
   * them.
   *
   * @param noise random numbers of the step, or null for none
   */
  public abstract void packForTraining(
      float[] parameters, W weights, @Nullable CounterRandom noise, Workers workers);

  /**
   * Takes from the gradients of a step those of the weights that {@link #packForTraining} dropped
   * with the same random numbers.
   */
  public abstract void dropGradients(
      W weights, float[] gradients, @Nullable CounterRandom noise, Workers workers);
}
