package dev.unroll.layer;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Layer normalization inside a cell (Ba et al. 2016): the input's products of a step, each
 * recurrent product, and what tanh is taken of in an LSTM are brought to mean 0 and variance 1, and
 * multiplied by a learned gain that starts at 1.
 *
 * <pre>{@code
 * z⟨t⟩ = gx ∗ LN(Wx x⟨t⟩) + ga ∗ LN(Wa a⟨t-1⟩) + b        a⟨t⟩ = Γo ∗ tanh(gc ∗ LN(c⟨t⟩) + bc)
 * }</pre>
 *
 * <p>Parameters: {@code input.gain} and {@code recurrent.gain} [G·H]; with a memory cell {@code
 * cell.gain} and {@code cell.bias} [H].
 */
final class Normalization {

  private final Slice inputGain;
  private final Slice recurrentGain;
  private final @Nullable Slice memoryGain;
  private final @Nullable Slice memoryBias;
  private final List<Integer> firstOfProduct = new ArrayList<>();

  Normalization(LayerForm form, String prefix, Layout layout) {
    int from = 0;
    for (int gates : form.cell().products()) {
      firstOfProduct.add(from);
      from += gates * form.units();
    }
    inputGain = layout.vector(prefix + "input.gain", form.width());
    recurrentGain = from == 0 ? Slice.none() : layout.vector(prefix + "recurrent.gain", from);
    boolean memory = form.cell().hasMemory();
    memoryGain = memory ? layout.vector(prefix + "cell.gain", form.units()) : null;
    memoryBias = memory ? layout.vector(prefix + "cell.bias", form.units()) : null;
  }

  /** Gains start at 1. */
  void initialize(float[] parameters) {
    fillWithOnes(parameters, inputGain);
    fillWithOnes(parameters, recurrentGain);
    if (memoryGain != null) {
      fillWithOnes(parameters, memoryGain);
    }
  }

  private static void fillWithOnes(float[] parameters, Slice gain) {
    Arrays.fill(parameters, gain.offset(), gain.offset() + gain.size(), 1f);
  }

  /** Computes the gates gain ∗ LN(product) + bias from the input's products, on the tape. */
  void input(float[] parameters, Slice bias, TapeRows b, int from, int to, Workers workers) {
    NormalizedRows products = b.normalizedInput();
    Matrix z = b.gates(0, to);
    workers.run(
        to - from,
        4,
        (first, end) -> {
          products.normalize(from + first, from + end);
          Rows.broadcast(parameters, bias.offset(), z, from + first, from + end);
          Matrix own = z.rows(from + first, from + end);
          products.addTo(own, from + first, parameters, inputGain.offset());
        });
  }

  /** Adds to {@code target} a recurrent product that is on the tape: gain ∗ LN(product). */
  void recurrent(float[] parameters, int product, TapeRows b, int from, Matrix target) {
    NormalizedRows products = b.normalizedProduct(product);
    int to = from + target.rows();
    products.normalize(from, to);
    products.addTo(target, from, parameters, gainOf(product));
  }

  private int gainOf(int product) {
    return recurrentGain.offset() + firstOfProduct.get(product);
  }

  /** Writes what tanh is to be taken of, gain ∗ LN(c⟨t⟩) + bias; only with a memory cell. */
  void memory(float[] parameters, TapeRows b, int from, int to, Matrix target) {
    if (memoryGain == null || memoryBias == null) {
      throw new IllegalStateException("a cell without memory");
    }
    NormalizedRows rows = b.normalizedMemory();
    Matrix memory = b.memory(from, to);
    Matrix own = rows.rows(from, to);
    for (int row = 0; row < memory.rows(); row++) {
      memory.copyRow(row, own, row);
    }
    rows.normalize(from, to);
    Rows.broadcast(parameters, memoryBias.offset(), target, 0, target.rows());
    rows.addTo(target, from, parameters, memoryGain.offset());
  }

  /** Adds to the gradients of the memory cells what came through the output. */
  void memoryBackward(float[] parameters, TapeRows b, int from, int to, Matrix dMemory) {
    if (memoryGain == null) {
      throw new IllegalStateException("a cell without memory");
    }
    NormalizedRows rows = b.normalizedMemory();
    rows.backward(b.dNormalized(from, to), parameters, memoryGain.offset(), from);
    Matrix gradient = rows.gradients(from, to);
    for (int row = 0; row < dMemory.rows(); row++) {
      int source = gradient.row(row);
      Rows.add(gradient.data(), source, dMemory.data(), dMemory.row(row), b.units());
    }
  }

  /**
   * Returns the gradients of a recurrent product of the rows from {@code from} on, from those of
   * gain ∗ LN(product).
   */
  Matrix recurrentBackward(float[] parameters, int product, TapeRows b, int from, Matrix dy) {
    NormalizedRows products = b.normalizedProduct(product);
    products.backward(dy, parameters, gainOf(product), from);
    return products.gradients(from, from + dy.rows());
  }

  /** Returns the gradients of the input's products of some rows, from those of z. */
  Matrix inputBackward(float[] parameters, TapeRows b, int from, int to, Workers workers) {
    NormalizedRows products = b.normalizedInput();
    Matrix dz = b.gates(from, to);
    workers.run(
        to - from,
        4,
        (first, end) ->
            products.backward(dz.rows(first, end), parameters, inputGain.offset(), from + first));
    return products.gradients(from, to);
  }

  /**
   * Adds the gradients of all gains and biases, after the backward pass through all rows.
   *
   * @param recurrent of each recurrent product, the gradients of gain ∗ LN(product)
   */
  void addGradients(
      TapeRows b, int rows, List<Matrix> recurrent, float[] gradients, Workers workers) {
    b.normalizedInput().addGainGradients(b.gates(0, rows), gradients, inputGain.offset(), workers);
    for (int product = 0; product < recurrent.size(); product++) {
      b.normalizedProduct(product)
          .addGainGradients(recurrent.get(product), gradients, gainOf(product), workers);
    }
    if (memoryGain != null && memoryBias != null) {
      Matrix dy = b.dNormalized(0, rows);
      b.normalizedMemory().addGainGradients(dy, gradients, memoryGain.offset(), workers);
      Rows.addColumnSums(dy, gradients, memoryBias.offset(), workers);
    }
  }
}
