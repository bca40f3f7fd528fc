package dev.unroll.layer;

import dev.unroll.kernel.CellBuffers;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.NormalizedRows;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import dev.unroll.kernel.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Layer normalisation inside a cell (Ba et al. 2016): the input's products of a step, each group of
 * recurrent products, and what tanh is taken of in an LSTM are brought to mean 0 and variance 1,
 * and multiplied by a learnt gain that starts at 1.
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
  private final @Nullable Slice cellGain;
  private final @Nullable Slice cellBias;
  private final List<Integer> firstOfGroup = new ArrayList<>();

  Normalization(Cell cell, int units, String prefix, Layout layout) {
    int from = 0;
    for (int gates : cell.groups()) {
      firstOfGroup.add(from);
      from += gates * units;
    }
    inputGain = layout.vector(prefix + "input.gain", cell.gateNames().size() * units);
    recurrentGain =
        from == 0 ? new Slice("none", 0, 1, 0) : layout.vector(prefix + "recurrent.gain", from);
    boolean memory = cell.kind() == CellBuffers.Kind.MEMORY;
    cellGain = memory ? layout.vector(prefix + "cell.gain", units) : null;
    cellBias = memory ? layout.vector(prefix + "cell.bias", units) : null;
  }

  /** Gains start at 1. */
  void initialize(float[] parameters) {
    fillWithOnes(parameters, inputGain);
    fillWithOnes(parameters, recurrentGain);
    if (cellGain != null) {
      fillWithOnes(parameters, cellGain);
    }
  }

  private static void fillWithOnes(float[] parameters, Slice gain) {
    Arrays.fill(parameters, gain.offset(), gain.offset() + gain.size(), 1f);
  }

  /** Computes the gates gain ∗ LN(product) + bias from the input's products, in the buffers. */
  void input(float[] parameters, Slice bias, CellBuffers b, int from, int to, Workers workers) {
    NormalizedRows products = b.normalizedInput();
    Matrix z = b.gates(to);
    workers.run(
        to - from,
        4,
        (first, end) -> {
          products.normalize(from + first, from + end);
          Rows.broadcast(parameters, bias.offset(), z, from + first, from + end);
          products.addTo(z, parameters, inputGain.offset(), from + first, from + end);
        });
  }

  /** Adds a group's products, in the buffers, to {@code target}: gain ∗ LN(product). */
  void recurrent(float[] parameters, int group, CellBuffers b, Matrix target, int from, int to) {
    NormalizedRows products = b.normalizedGroup(group);
    products.normalize(from, to);
    products.addTo(target, parameters, gainOf(group), from, to);
  }

  private int gainOf(int group) {
    return recurrentGain.offset() + firstOfGroup.get(group);
  }

  /** Writes what tanh is to be taken of, gain ∗ LN(c⟨t⟩) + bias; only with a memory cell. */
  void cell(float[] parameters, CellBuffers b, int from, int to) {
    if (cellGain == null || cellBias == null) {
      throw new IllegalStateException("a cell without memory");
    }
    NormalizedRows cells = b.normalizedCell();
    Matrix memory = b.cell(to);
    for (int row = from; row < to; row++) {
      memory.copyRow(row, cells.rows(to), row);
    }
    cells.normalize(from, to);
    Rows.broadcast(parameters, cellBias.offset(), b.squashed(to), from, to);
    cells.addTo(b.squashed(to), parameters, cellGain.offset(), from, to);
  }

  /** Adds to the gradients of the memory cells what came through the output. */
  void cellBack(float[] parameters, CellBuffers b, int from, int to) {
    if (cellGain == null) {
      throw new IllegalStateException("a cell without memory");
    }
    NormalizedRows cells = b.normalizedCell();
    cells.backward(b.dSquashed(to).rows(from, to), parameters, cellGain.offset(), from);
    Matrix gradient = cells.gradients(to);
    float[] dCell = b.dCell().data();
    for (int row = from; row < to; row++) {
      Rows.add(gradient.data(), gradient.row(row), dCell, b.sequence(row), b.units());
    }
  }

  /**
   * Returns the gradients of a group's products of the rows from {@code from} on, from those of
   * gain ∗ LN(product).
   */
  Matrix recurrentBack(float[] parameters, int group, CellBuffers b, int from, Matrix dy) {
    NormalizedRows products = b.normalizedGroup(group);
    products.backward(dy, parameters, gainOf(group), from);
    return products.gradients(from + dy.rows()).rows(from, from + dy.rows());
  }

  /** Returns the gradients of the input's products of some rows, from those of z. */
  Matrix inputBack(float[] parameters, CellBuffers b, int from, int to, Workers workers) {
    NormalizedRows products = b.normalizedInput();
    Matrix dz = b.dGates(to).rows(from, to);
    workers.run(
        to - from,
        4,
        (first, end) ->
            products.backward(dz.rows(first, end), parameters, inputGain.offset(), from + first));
    return products.gradients(to).rows(from, to);
  }

  /** Adds the gradients of all gains and biases, after the way back through all rows. */
  void addGradients(Cell cell, CellBuffers b, int rows, float[] gradients, Workers workers) {
    b.normalizedInput().addGainGradients(b.dGates(rows), gradients, inputGain.offset(), workers);
    for (int group = 0; group < firstOfGroup.size(); group++) {
      Matrix dy = cell.recurrentGradient(b, rows, group);
      b.normalizedGroup(group).addGainGradients(dy, gradients, gainOf(group), workers);
    }
    if (cellGain != null && cellBias != null) {
      Matrix dy = b.dSquashed(rows);
      b.normalizedCell().addGainGradients(dy, gradients, cellGain.offset(), workers);
      Rows.addColumnSums(dy, gradients, cellBias.offset(), workers);
    }
  }
}
