package dev.unroll.kernel;

/**
 * The right operand of a product with one row, in 8 or 16 bits an element: reading weights from
 * memory is what such a product takes its time for. Only values that {@link Precision#round} gave
 * can be packed; they come out as they went in, so the product has the bits of the one with {@link
 * PackedMatrix}.
 *
 * <p>Panels are four vectors wide. A word of 32 bits holds the elements of one row k that are one
 * vector apart: two 16-bit floats, the upper one in the upper half, or four bytes, the first in the
 * lowest.
 */
final class CompactMatrix {

  /** Columns of a vector. */
  private static final int UNIT = Kernels.VECTOR ? Lanes.COUNT : 16;

  /** Vectors of a panel. */
  static final int VECTORS = 4;

  static final int PANEL = VECTORS * UNIT;

  /** From the first element of an array to the next cache line, as in {@link PackedMatrix}. */
  private static final int START = 12;

  private final Precision precision;
  private final int rows;
  private final int columns;
  private final int[] words;
  private final float[] scales;

  private CompactMatrix(Precision precision, int rows, int columns) {
    this.precision = precision;
    this.rows = rows;
    this.columns = columns;
    int panels = (columns + PANEL - 1) / PANEL;
    words = new int[Math.addExact(START, Math.multiplyExact(panels * wordsOfRow(), rows))];
    scales = new float[precision == Precision.INT8 ? panels * PANEL : 0];
  }

  static CompactMatrix of(Matrix source, Precision precision, Workers workers) {
    var matrix = new CompactMatrix(precision, source.rows(), source.columns());
    workers.run(matrix.panels(), 1, (from, to) -> matrix.pack(source, from, to));
    return matrix;
  }

  int panels() {
    return (columns + PANEL - 1) / PANEL;
  }

  /** Words of one row of a panel. */
  private int wordsOfRow() {
    return precision == Precision.INT8 ? UNIT : 2 * UNIT;
  }

  private void pack(Matrix source, int from, int to) {
    float[] column = new float[rows];
    for (int j = from * PANEL; j < Math.min(columns, to * PANEL); j++) {
      for (int k = 0; k < rows; k++) {
        column[k] = source.data()[source.row(k) + j * source.columnStride()];
      }
      int vector = j % PANEL / UNIT;
      int at = START + j / PANEL * rows * wordsOfRow() + j % UNIT;
      if (precision == Precision.INT8) {
        float scale = Precision.scale(column, 0, rows);
        scales[j] = scale;
        for (int k = 0; k < rows; k++) {
          words[at + k * UNIT] |= (Precision.level(column[k], scale) & 0xff) << (8 * vector);
        }
      } else {
        for (int k = 0; k < rows; k++) {
          words[at + (2 * k + vector / 2) * UNIT] |=
              (Float.floatToRawIntBits(column[k]) >>> 16) << (16 * (vector % 2));
        }
      }
    }
  }

  /** Returns element (k, j). */
  float get(int k, int j) {
    int vector = j % PANEL / UNIT;
    int at = START + j / PANEL * rows * wordsOfRow() + j % UNIT;
    if (precision == Precision.INT8) {
      return (byte) (words[at + k * UNIT] >> (8 * vector)) * scales[j];
    }
    int word = words[at + (2 * k + vector / 2) * UNIT];
    return Float.intBitsToFloat((word >>> (16 * (vector % 2))) << 16);
  }

  /**
   * Computes {@code sums[to + j] += Σ x[from + k]·B[k][j]} for the columns of one panel, k in
   * ascending order. Sums of columns that do not exist are computed too, from zeros.
   */
  void addPanel(float[] x, int from, int panel, float[] sums, int to) {
    int first = START + panel * rows * wordsOfRow();
    if (!Kernels.vector()) {
      addPanelScalar(x, from, panel, sums, to);
    } else if (precision == Precision.INT8) {
      var row = new VectorCompact.Row(x, from, rows);
      VectorCompact.addBytes(row, words, first, scales, panel * PANEL, sums, to);
    } else {
      VectorCompact.addHalves(new VectorCompact.Row(x, from, rows), words, first, sums, to);
    }
  }

  /** The scalar twin. */
  void addPanelScalar(float[] x, int from, int panel, float[] sums, int to) {
    for (int k = 0; k < rows; k++) {
      for (int j = 0; j < Math.min(PANEL, columns - panel * PANEL); j++) {
        sums[to + j] = Math.fma(x[from + k], get(k, panel * PANEL + j), sums[to + j]);
      }
    }
  }
}
