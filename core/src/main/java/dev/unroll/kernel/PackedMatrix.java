package dev.unroll.kernel;

import java.util.Arrays;

/**
 * The right operand B of a product, copied into panels of {@link #WIDTH} columns so that the inner
 * loop reads it front to back: panel p holds, for each row k, the elements (k, p·WIDTH …) side by
 * side; the last panel is filled up with zeros.
 *
 * <p>A panel is two vectors wide: with 8 rows of A at a time (512-bit vectors, 32 registers) that
 * is 16 sums, 2 loads and 8 broadcasts for 16 multiply-adds; with 4 rows (16 registers) 8 sums,
 * which just hides the latency of two multiply-add units. The array is kept and reused by the next
 * {@link #pack}.
 */
public final class PackedMatrix {

  /** Columns of a panel. */
  static final int WIDTH = Kernels.VECTOR ? 2 * Lanes.COUNT : 16;

  private float[] panels = new float[0];
  private int rows;
  private int columns;

  /** Creates an empty matrix of 0 × 0; {@link #pack} fills it. */
  public PackedMatrix() {}

  /** Copies {@code source} (of any strides), splitting the work by panels. */
  public void pack(Matrix source, Workers workers) {
    rows = source.rows();
    columns = source.columns();
    int size = Math.multiplyExact(panelCount(), rows * WIDTH);
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
    return (columns + WIDTH - 1) / WIDTH;
  }

  float[] panels() {
    return panels;
  }

  int panelOffset(int panel) {
    return panel * rows * WIDTH;
  }

  private void packPanels(Matrix source, int from, int to) {
    for (int panel = from; panel < to; panel++) {
      int first = panel * WIDTH;
      int width = Math.min(WIDTH, columns - first);
      int start = source.offset() + first * source.columnStride();
      if (source.columnStride() == 1) {
        packRows(source, start, width, panelOffset(panel));
      } else {
        packColumns(source, start, width, panelOffset(panel));
      }
    }
  }

  private void packRows(Matrix source, int start, int width, int target) {
    for (int k = 0; k < rows; k++) {
      int at = target + k * WIDTH;
      System.arraycopy(source.data(), start + k * source.rowStride(), panels, at, width);
      if (width < WIDTH) {
        Arrays.fill(panels, at + width, at + WIDTH, 0f);
      }
    }
  }

  /** Reads column by column, the direction in which a transposed source lies in memory. */
  private void packColumns(Matrix source, int start, int width, int target) {
    float[] data = source.data();
    // Blocks of 16 rows keep the lines of the panel that are being filled in the nearest cache.
    for (int block = 0; block < rows; block += 16) {
      int end = Math.min(rows, block + 16);
      for (int j = 0; j < width; j++) {
        int from = start + j * source.columnStride();
        for (int k = block; k < end; k++) {
          panels[target + k * WIDTH + j] = data[from + k * source.rowStride()];
        }
      }
      for (int k = block; width < WIDTH && k < end; k++) {
        Arrays.fill(panels, target + k * WIDTH + width, target + (k + 1) * WIDTH, 0f);
      }
    }
  }
}
