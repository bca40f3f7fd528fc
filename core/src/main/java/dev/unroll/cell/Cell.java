package dev.unroll.cell;

import dev.unroll.base.Matrix;
import dev.unroll.network.Cells;
import java.util.List;

/**
 * One step of a recurrent layer, apart from the loop over time. To add a cell, implement it, list
 * it in {@link Cells} and write its reference in the tests: see {@code docs/extending.md}.
 *
 * <p>The layer puts the input's share {@code Wx x⟨t⟩ + b} into the gates of all steps at once; a
 * cell adds the recurrent share and computes the gates and the new state, and in the backward pass
 * the gradients of both. The recurrent weights of some gates are one product per step: one for most
 * cells, two where a reset gate must be known before the candidate is computed.
 */
public interface Cell {

  /** Returns the name in files, on the command line and in tests, such as {@code lstm}. */
  String label();

  /** Returns a few words for a list of cells, such as {@code without a reset gate}. */
  String summary();

  /** Returns the names of the gates in the order in which they lie in a row, such as u, f, c, o. */
  List<String> gates();

  /** Returns the number of gates of each recurrent product; an empty list for no product. */
  default List<Integer> products() {
    return List.of(gates().size());
  }

  /** What a cell carries from one step to the next. */
  enum State {
    /** Its output a⟨t⟩. */
    OUTPUT,
    /** Its output a⟨t⟩ and a memory cell c⟨t⟩; the output may be projected to fewer values. */
    OUTPUT_AND_MEMORY
  }

  /** Returns what the state consists of. */
  default State state() {
    return State.OUTPUT;
  }

  /** Returns whether there is a memory cell c⟨t⟩. */
  default boolean hasMemory() {
    return state() == State.OUTPUT_AND_MEMORY;
  }

  /** Returns the names of further rows, [n][H], that the backward pass needs. */
  default List<String> kept() {
    return List.of();
  }

  /** Returns the names of those {@link #kept} rows that have gradients, {@link CellStep#dKept}. */
  default List<String> keptWithGradient() {
    return List.of();
  }

  /** Returns the cell's parameters besides weights and bias, such as peepholes. */
  default List<Own> own() {
    return List.of();
  }

  /**
   * Returns the family of the cell. Cells of one family have interchangeable states, so that a
   * decoder can start from an encoder's state.
   */
  default String family() {
    return label();
  }

  /**
   * Returns whether {@link #backward} reads a⟨t⟩: where zoneout put the mean of two steps in its
   * place, it must not.
   */
  default boolean backwardReadsOutput() {
    return false;
  }

  /** Returns the initial value of a gate's bias. */
  default float initialBias(String gate) {
    return 0f;
  }

  /** Computes gates and new state; {@link CellStep#z} holds {@code Wx x⟨t⟩ + b} before. */
  void forward(CellStep s);

  /**
   * Replaces the gates in {@link CellStep#z} by the gradients of their pre-activations, and
   * computes the gradients of the state before, from those of the new state.
   */
  void backward(CellStep s);

  /** Returns what a recurrent product multiplied its weights by, [n][outputs]. */
  default Matrix productInput(int product, CellStep s) {
    return s.before();
  }

  /** Returns the gradients of the results of a recurrent product, [n][gates·H]. */
  default Matrix productGradient(int product, CellStep s) {
    return s.z(product);
  }

  /**
   * Adds the gradients of the parameters in {@link #own}, after the loop over time.
   *
   * @param all all steps of all sequences
   */
  default void addOwnGradients(CellStep all) {}

  /**
   * Parameters of a cell besides weights and bias: vectors with one value per unit.
   *
   * @param name the end of the tensor's name in a model file, such as {@code peephole.weight}
   * @param rows number of vectors
   * @param first the values they start from
   * @param rounding whether they are rounded with the weight matrices
   */
  record Own(String name, int rows, First first, Rounding rounding) {

    /** Whether parameters are rounded when a model's weights are. */
    public enum Rounding {
      /** They keep single precision: a few in a thousand of all parameters. */
      NEVER,
      /** Row by row, as weight matrices are. */
      WITH_WEIGHTS
    }

    /** Initial values, uniform in [least, most]. */
    public record First(double least, double most) {

      /** All zeros. */
      public static final First ZERO = new First(0, 0);

      /** Uniform in [least, most]. */
      public static First uniform(double least, double most) {
        return new First(least, most);
      }
    }

    /** One vector. */
    public static Own vector(String name, First first, Rounding rounding) {
      return new Own(name, 1, first, rounding);
    }
  }
}
