package dev.unroll.kernel;

import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import org.jspecify.annotations.Nullable;

/**
 * The right operand B of a product, copied into panels so that the inner loop reads it front to
 * back: a panel holds, for each row k, some columns side by side. Panels are four vectors wide, or
 * two where registers are few. The columns that are left, or are too many for it, go into panels of
 * three where that comes out even (as 4 + 3 + 3 + 3 vectors for 200 columns of 512 bits), else of
 * one. The last vector of the last panel is filled up with zeros.
 *
 * <p>The first panel begins {@link Matrix#ALIGNED} elements after the array's first, which is a
 * multiple of 64 bytes where the array itself is at one: with {@code
 * -XX:ObjectAlignmentInBytes=64}, and for large arrays of the G1 collector. Elsewhere each 512-bit
 * load touches two cache lines, which costs a quarter of the speed.
 */
public final class PackedMatrix {

  /** Columns of a vector, the unit of a panel's width. */
  static final int UNIT = Kernels.VECTOR ? Lanes.COUNT : 16;

  /** Units of a wide panel. */
  private static final int WIDE = Kernels.VECTOR ? Lanes.PANEL_VECTORS : 1;

  /** Columns of the widest panel. */
  static final int WIDEST = WIDE * UNIT;

  /** Rows that are transposed at a time: as many floats as a cache line has. */
  private static final int BLOCK = 16;

  private float[] panels = new float[0];
  private @Nullable CompactMatrix compact;
  private int wide;
  private int triples;
  private int rows;
  private int columns;

  /** Creates an empty matrix of 0 × 0; {@link #pack} fills it. */
  public PackedMatrix() {}

  /** Copies {@code source} (of any strides), splitting the work by panels. */
  public void pack(Matrix source, Workers workers) {
    pack(source, Precision.FLOAT32, workers);
  }

  /**
   * Copies {@code source}, and where {@code precision} is less than that of floats keeps a second
   * copy for products with one row, which the time to read it decides.
   *
   * @param precision the precision that each column of {@code source} was rounded to
   */
  public void pack(Matrix source, Precision precision, Workers workers) {
    compact = precision == Precision.FLOAT32 ? null : CompactMatrix.of(source, precision, workers);
    rows = source.rows();
    columns = source.columns();
    chooseWidths();
    int size = panelOffset(panelCount());
    if (panels.length < size) {
      panels = new float[size];
    }
    workers.run(panelCount(), 1, (from, to) -> packPanels(source, from, to));
  }

  /** Forgets the content: a product with it is refused until it is packed again. */
  public void clear() {
    rows = 0;
    columns = 0;
  }

  /** Returns the number of rows, over which a product sums. */
  int rows() {
    return rows;
  }

  /** Returns the number of columns, without the zeros that fill the last panel. */
  int columns() {
    return columns;
  }

  private void chooseWidths() {
    int units = (columns + UNIT - 1) / UNIT;
    triples = -units & 3;
    if (WIDE == 4 && 3 * triples <= units) {
      wide = (units - 3 * triples) / WIDE;
    } else {
      wide = units / WIDE;
      triples = units % WIDE / 3; // of four, three are left
    }
  }

  int panelCount() {
    int units = (columns + UNIT - 1) / UNIT;
    return wide + triples + (units - WIDE * wide - 3 * triples);
  }

  /** Returns how many of the first panels have the full width, none of it zeros that fill up. */
  int fullPanels() {
    return Math.min(wide, columns / WIDEST);
  }

  /** Returns the copy in fewer bits, if there is one. */
  @Nullable CompactMatrix compact() {
    return compact;
  }

  float[] panels() {
    return panels;
  }

  /** Returns where a panel begins. */
  int panelOffset(int panel) {
    return Math.addExact(Matrix.ALIGNED, Math.multiplyExact(rows, firstColumn(panel)));
  }

  /** Returns the first column of a panel. */
  int firstColumn(int panel) {
    int beforeTriples = Math.min(panel, wide);
    int beforeSingles = Math.min(panel - beforeTriples, triples);
    return UNIT
        * (WIDE * beforeTriples + 3 * beforeSingles + panel - beforeTriples - beforeSingles);
  }

  /** Returns the width of a panel. */
  int width(int panel) {
    return UNIT * (panel < wide ? WIDE : panel < wide + triples ? 3 : 1);
  }

  private void packPanels(Matrix source, int from, int to) {
    float[] block = new float[BLOCK * WIDEST];
    for (int panel = from; panel < to; panel++) {
      int first = firstColumn(panel);
      int count = Math.min(width(panel), columns - first);
      int start = source.offset() + first * source.columnStride();
      if (source.columnStride() == 1 && count == width(panel)) {
        packRows(source, start, panel);
      } else {
        packBlocks(source, start, panel, count, block);
      }
    }
  }

  private void packRows(Matrix source, int start, int panel) {
    int width = width(panel);
    int target = panelOffset(panel);
    for (int k = 0; k < rows; k++) {
      System.arraycopy(
          source.data(), start + k * source.rowStride(), panels, target + k * width, width);
    }
  }

  /** Reads column by column, the direction in which a transposed source lies in memory. */
  private void packBlocks(Matrix source, int start, int panel, int count, float[] block) {
    float[] data = source.data();
    int width = width(panel);
    int target = panelOffset(panel);
    java.util.Arrays.fill(block, 0f);
    for (int first = 0; first < rows; first += BLOCK) {
      int height = Math.min(BLOCK, rows - first);
      for (int j = 0; j < count; j++) {
        int from = start + j * source.columnStride() + first * source.rowStride();
        for (int k = 0; k < height; k++) {
          block[k * width + j] = data[from + k * source.rowStride()];
        }
      }
      System.arraycopy(block, 0, panels, target + first * width, height * width);
    }
  }
}
