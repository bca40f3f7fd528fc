package dev.unroll.network;

import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Slice;
import java.util.List;

/**
 * A network as the places of its parameters. Weights and activations are arguments of what it does,
 * so that one serves any number of users.
 */
public abstract class ParameterizedNetwork {

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

  /**
   * Returns {@code parameters} with the rows of all weight matrices rounded, as {@link
   * Layout#round} does.
   */
  public final float[] round(float[] parameters, Precision precision) {
    return layout.round(parameters, precision);
  }

  /** Returns first values of all parameters, determined by {@code seed}. */
  public abstract float[] initialize(long seed);
}
