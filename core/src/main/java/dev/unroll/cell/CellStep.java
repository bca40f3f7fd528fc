package dev.unroll.cell;

import dev.unroll.base.Matrix;

/**
 * What a cell reads and writes at one step: n rows, one for each sequence, of gates, states, their
 * gradients and the cell's own parameters, and the products with recurrent weights. H is the number
 * of units; a projected output a⟨t-1⟩ is narrower.
 */
public interface CellStep {

  /** Returns all gates, [n][G·H]: pre-activations, gate values, then gradients. */
  Matrix z();

  /** Returns the gates of a recurrent product, [n][gates·H]. */
  Matrix z(int product);

  /** Returns one gate, [n][H]. */
  Matrix gate(int gate);

  /** Returns a⟨t-1⟩, [n][outputs]. */
  Matrix before();

  /** Returns a⟨t⟩, before a projection, [n][H]. */
  Matrix output();

  /** Returns c⟨t-1⟩, [n][H]; only with a memory cell. */
  Matrix memoryBefore();

  /** Returns c⟨t⟩, [n][H]; only with a memory cell. */
  Matrix memory();

  /** Returns c⟨t⟩ as the gates computed it, before zoneout, [n][H]; after the loop over time. */
  Matrix freshMemory();

  /** Returns further rows that the cell keeps for the backward pass, [n][H]. */
  Matrix kept(String name);

  /** Returns the cell's own parameters of a name, [rows][H]. */
  Matrix own(String name);

  /**
   * Adds a recurrent product: {@code target += state · Waᵀ}; with layer normalization {@code gain ∗
   * LN(state · Waᵀ)}.
   */
  void addProduct(int product, Matrix state, Matrix target);

  /**
   * Returns what the output function is taken of: c⟨t⟩, or with layer normalization {@code gain ∗
   * LN(c⟨t⟩) + bias}, written to {@code space}.
   */
  Matrix normalizedMemory(Matrix space);

  /** Returns the gradient of a⟨t⟩, before a projection, [n][H]. */
  Matrix dOutput();

  /** Returns the gradient of c⟨t⟩, to be replaced by that of c⟨t-1⟩, [n][H]. */
  Matrix dMemory();

  /** Returns where the gradient of a⟨t-1⟩ is to be written, [n][outputs]. */
  Matrix dBefore();

  /** Returns the gradient of rows that the cell keeps, [n][H]. */
  Matrix dKept(String name);

  /** Returns where the gradient of {@link #normalizedMemory} is to be added, [n][H]. */
  Matrix dNormalizedMemory();

  /** Adds to {@link #dMemory} what was added to {@link #dNormalizedMemory}. */
  void normalizeMemoryBackward();

  /** Runs a recurrent product backward: {@code dState = dz · Wa}. */
  void productBackward(int product, Matrix dz, Matrix dState);

  /** Runs a recurrent product backward: {@code dState += dz · Wa}. */
  void addProductBackward(int product, Matrix dz, Matrix dState);

  /**
   * Adds to the gradient of a row of the cell's own parameters {@code Σ dy ∗ x} over all rows, in
   * ascending order; after the loop over time.
   */
  void addOwnGradient(String name, int row, Matrix dy, Matrix x);

  /** Adds to the gradient of a vector of the cell's own parameters {@code Σ dy} over all rows. */
  void addOwnGradient(String name, Matrix dy);
}
