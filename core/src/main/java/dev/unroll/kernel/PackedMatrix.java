package dev.unroll.kernel;

/**
 * The right operand B of a product, copied into panels so that the inner loop reads it front to
 * back: a panel holds, for each row k, some columns side by side. Panels are {@link #WIDE} columns
 * wide; what is left of the columns goes into panels of one vector, the last one filled up with
 * zeros.
 *
 * <p>The first panel begins {@link #START} elements behind the array's first, which is a multiple
 * of 64 bytes where the array itself is at one: with {@code -XX:ObjectAlignmentInBytes=64}, and for
 * large arrays of the G1 collector. Elsewhere each 512-bit load touches two cache lines, which
 * costs a quarter of the speed.
 */
public final class PackedMatrix {

  /** Columns of a panel: four vectors where there are 32 registers, else two. */
  static final int WIDE = Kernels.VECTOR ? Lanes.PANEL_VECTORS * Lanes.COUNT : 16;

  /** Columns of the panels at the end. */
  static final int NARROW = Kernels.VECTOR ? Lanes.COUNT : 16;

  /** From the first element of an array, 16 bytes behind its head, to the next cache line. */
  private static final int START = 12;

  /** Rows that are transposed at a time: as many floats as a cache line has. */
  private static final int BLOCK = 16;

  private float[] panels = new float[0];
  private int rows;
  private int columns;

  /** Creates an empty matrix of 0 × 0; {@link #pack} fills it. */
  public PackedMatrix() {}

  /** Copies {@code source} (of any strides), splitting the work by panels. */
  public void pack(Matrix source, Workers workers) {
    rows = source.rows();
    columns = source.columns();
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
  public int rows() {
    return rows;
  }

  /** Returns the number of columns, without the zeros that fill the last panel. */
  public int columns() {
    return columns;
  }

  int panelCount() {
    int wide = columns / WIDE;
    return wide + (columns - wide * WIDE + NARROW - 1) / NARROW;
  }

  float[] panels() {
    return panels;
  }

  /** Returns where a panel begins. */
  int panelOffset(int panel) {
    int wide = Math.min(panel, columns / WIDE);
    return Math.addExact(START, Math.multiplyExact(rows, wide * WIDE + (panel - wide) * NARROW));
  }

  /** Returns the first column of a panel. */
  int firstColumn(int panel) {
    int wide = Math.min(panel, columns / WIDE);
    return wide * WIDE + (panel - wide) * NARROW;
  }

  /** Returns the width of a panel. */
  int width(int panel) {
    return panel < columns / WIDE ? WIDE : NARROW;
  }

  private void packPanels(Matrix source, int from, int to) {
    float[] block = new float[BLOCK * WIDE];
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
