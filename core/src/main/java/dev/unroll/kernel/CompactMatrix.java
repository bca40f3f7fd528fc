package dev.unroll.kernel;

import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;

/**
 * The right operand of a product with one row, in 8 or 16 bits per element: such a product spends
 * its time on reading weights from memory. Only values that {@link Precision#round} returned can be
 * packed; they come out as they went in, so the product has the bits of the one with {@link
 * PackedMatrix}.
 *
 * <p>Panels are four vectors wide; in a panel, row follows row. Bytes lie side by side. Of 16-bit
 * floats two that are one vector apart share a word of 32 bits, the first in the lower half.
 */
final class CompactMatrix {

  /** Columns of a vector. */
  private static final int UNIT = Kernels.VECTOR ? Lanes.COUNT : 16;

  /** Vectors of a panel. */
  private static final int VECTORS = 4;

  static final int PANEL = VECTORS * UNIT;

  /** From the first element of an array to the next cache line, as in {@link PackedMatrix}. */
  private static final int START_OF_WORDS = 12;

  private static final int START_OF_BYTES = 48;

  private final int rows;
  private final int columns;
  private final byte[] levels;
  private final float[] scales;
  private final int[] words;

  private CompactMatrix(Precision precision, int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
    boolean bytes = precision == Precision.INT8;
    int size = Math.multiplyExact(panels() * PANEL, rows);
    levels = new byte[bytes ? Math.addExact(START_OF_BYTES, size) : 0];
    scales = new float[bytes ? panels() * PANEL : 0];
    words = new int[bytes ? 0 : START_OF_WORDS + size / 2];
  }

  static CompactMatrix of(Matrix source, Precision precision, Workers workers) {
    var matrix = new CompactMatrix(precision, source.rows(), source.columns());
    workers.run(matrix.panels(), 1, (from, to) -> matrix.pack(source, from, to));
    return matrix;
  }

  int panels() {
    return (columns + PANEL - 1) / PANEL;
  }

  private boolean hasBytes() {
    return levels.length > 0;
  }

  private void pack(Matrix source, int from, int to) {
    float[] column = new float[rows];
    for (int j = from * PANEL; j < Math.min(columns, to * PANEL); j++) {
      for (int k = 0; k < rows; k++) {
        column[k] = source.data()[source.row(k) + j * source.columnStride()];
      }
      if (hasBytes()) {
        scales[j] = Precision.scale(column, 0, rows);
        for (int k = 0; k < rows; k++) {
          levels[levelAt(k, j)] = (byte) Precision.level(column[k], scales[j]);
        }
      } else {
        for (int k = 0; k < rows; k++) {
          words[wordAt(k, j)] |= (Float.floatToRawIntBits(column[k]) >>> 16) << halfShift(j);
        }
      }
    }
  }

  private int levelAt(int k, int j) {
    return START_OF_BYTES + (j / PANEL * rows + k) * PANEL + j % PANEL;
  }

  private int wordAt(int k, int j) {
    int pair = j % PANEL / (2 * UNIT);
    return START_OF_WORDS + (j / PANEL * rows + k) * (PANEL / 2) + pair * UNIT + j % UNIT;
  }

  /** Where in its word the 16-bit float of column j begins. */
  private static int halfShift(int j) {
    return 16 * (j / UNIT % 2);
  }

  /** Returns element (k, j). */
  float get(int k, int j) {
    return hasBytes()
        ? levels[levelAt(k, j)] * scales[j]
        : Float.intBitsToFloat((words[wordAt(k, j)] >>> halfShift(j)) << 16);
  }

  /**
   * Computes {@code sums[to + j] += Σ x[from + k]·B[k][j]} for the columns of one panel, k in
   * ascending order. Sums of columns that do not exist are computed too, from zeros.
   */
  void addPanel(float[] x, int from, int panel, float[] sums, int to) {
    var row = new VectorCompact.Row(x, from, rows);
    int column = panel * PANEL;
    if (!Kernels.vector() || rows == 0) {
      addPanelScalar(x, from, panel, sums, to);
    } else if (hasBytes()) {
      VectorCompact.addBytes(row, levels, levelAt(0, column), scales, column, sums, to);
    } else {
      VectorCompact.addHalves(row, words, wordAt(0, column), sums, to);
    }
  }

  /** The scalar twin. */
  void addPanelScalar(float[] x, int from, int panel, float[] sums, int to) {
    for (int k = 0; k < rows; k++) {
      for (int j = 0; j < Math.min(PANEL, columns - panel * PANEL); j++) {
        sums[to + j] = Fma.fma(x[from + k], get(k, panel * PANEL + j), sums[to + j]);
      }
    }
  }
}
