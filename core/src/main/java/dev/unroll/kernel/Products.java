package dev.unroll.kernel;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products on a packed right operand: {@code C = A·B}, {@code C += A·B} and {@code C = A·B +
 * b}. A may have any strides, so that {@code Aᵀ·B} is a view, and {@code A·Bᵀ} is computed by
 * packing a transposed view.
 *
 * <p>Each element of C is summed over k in one ascending order with fused multiply-add, starting
 * from 0, its old value or the row b. Work is split over rows and columns of C, never over k, so no
 * result depends on the number of threads, the vector width or the shapes of the blocks. The sum
 * over k is cut into blocks that keep a panel of B in a near cache; a cut stores the partial sum
 * exactly and continues from it, which changes nothing.
 *
 * <p>The rows of A are copied, some at a time, to a place where their stride is a constant of the
 * inner loops.
 */
public final class Products {

  private static final float[] ZEROS =
      new float[Math.max(PackedMatrix.WIDEST, CompactMatrix.PANEL)];

  /** Rows of A for each thread from which on threads share out rows. */
  private static final int FEWEST_ROWS = 16;

  private Products() {}

  /** Computes {@code c = a·b} on all threads: shapes [M][K] · [K][N] → [M][N]. */
  public static void multiply(Matrix a, PackedMatrix b, Matrix c, Workers workers) {
    multiplyFrom(Start.ZERO, a, new Term(b, c), workers);
  }

  /** Computes {@code c += a·b} on all threads: shapes [M][K] · [K][N] → [M][N]. */
  public static void multiplyAdd(Matrix a, PackedMatrix b, Matrix c, Workers workers) {
    multiplyFrom(Start.of(c), a, new Term(b, c), workers);
  }

  /**
   * Computes {@code c = a·b + row}, the same row, one of N elements, for each row of c, on all
   * threads of {@code workers}. The sums start from the row.
   */
  public static void multiplyOnto(Matrix row, Matrix a, PackedMatrix b, Matrix c, Workers workers) {
    if (row.rows() != 1 || row.columns() != c.columns() || row.columnStride() != 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a row of %d × %d for a product of %d columns",
              row.rows(),
              row.columns(),
              c.columns()));
    }
    multiplyFrom(new Start(row.data(), row.offset(), 0, 1), a, new Term(b, c), workers);
  }

  /**
   * One of several products with the same left operand.
   *
   * @param b the right operand
   * @param c what the product is added to
   */
  public record Term(PackedMatrix b, Matrix c) {}

  /**
   * What the sums of the rows of a left operand are added to: that of row i to {@code data[offset +
   * i]}.
   */
  public record RowSums(float[] data, int offset) {}

  /**
   * Computes {@code c += a·b} of some terms on all threads, and adds up the rows of a. The bits are
   * those of one after the other, but the left operand is brought to its place once.
   *
   * @param a the left operand of all, a transposed matrix
   * @param sums to which the elements of each row of a are added, in ascending order; null for none
   */
  public static void multiplyAdd(
      Matrix a, @Nullable RowSums sums, List<Term> terms, Workers workers) {
    if (a.rows() < FEWEST_ROWS * workers.threads()) {
      terms.forEach(term -> multiplyAdd(a, term.b, term.c, workers));
      if (sums != null) {
        Rows.addColumnSums(a.transposed(), sums.data, sums.offset, workers);
      }
      return;
    }
    terms.forEach(term -> begin(a, term));
    var products = terms.stream().map(term -> new Product(a, term, Start.of(term.c))).toList();
    workers.run(
        a.rows(), 6, (from, to) -> multiplyBlocks(products, sums, from, to, 0, Integer.MAX_VALUE));
  }

  /** What the sums start from: element (i, j) at {@code offset + i·rowStride + j·columnStride}. */
  private record Start(float[] data, int offset, int rowStride, int columnStride) {

    static final Start ZERO = new Start(ZEROS, 0, 0, 0);

    static Start of(Matrix c) {
      return new Start(c.data(), c.offset(), c.rowStride(), 1);
    }
  }

  private record Product(Matrix a, Term term, Start start) {

    int panels() {
      return term.b.panelCount();
    }
  }

  /** Computes {@code c = start + a·b}; threads share out the rows, or the panels of b. */
  private static void multiplyFrom(Start start, Matrix a, Term term, Workers workers) {
    begin(a, term);
    int rows = a.rows();
    CompactMatrix compact = term.b.compact();
    if (compact != null && rows == 1 && a.columnStride() == 1) {
      workers.run(
          compact.panels(), 1, (from, to) -> multiplyRow(a, compact, term.c, start, from, to));
      return;
    }
    var products = List.of(new Product(a, term, start));
    int panels = term.b.panelCount();
    if (workers.threads() == 1) {
      multiplyBlocks(products, null, 0, rows, 0, panels);
    } else if (rows >= FEWEST_ROWS * workers.threads()) {
      workers.run(rows, 6, (from, to) -> multiplyBlocks(products, null, from, to, 0, panels));
    } else {
      workers.run(panels, 1, (from, to) -> multiplyBlocks(products, null, 0, rows, from, to));
    }
  }

  /** Multiplies one row with a right operand in fewer bits, panels {@code from … to}. */
  private static void multiplyRow(
      Matrix a, CompactMatrix b, Matrix c, Start start, int from, int to) {
    var scratch = Scratch.borrow();
    float[] sums = scratch.sums(CompactMatrix.PANEL);
    for (int panel = from; panel < to; panel++) {
      int column = panel * CompactMatrix.PANEL;
      int count = Math.min(CompactMatrix.PANEL, c.columns() - column);
      int source = start.offset + column * start.columnStride;
      System.arraycopy(start.data, source, sums, 0, count);
      b.addPanel(a.data(), a.offset(), panel, sums, 0);
      System.arraycopy(sums, 0, c.data(), c.offset() + column, count);
    }
    scratch.giveBack();
  }

  /**
   * Some rows of A, with {@link Tile#DEEP} values of k, meet one panel of B after the other: the
   * sums of a panel then stay in a near cache from block to block of depth.
   *
   * @param products of the same A, of each of which those panels are multiplied that it has
   */
  private static void multiplyBlocks(
      List<Product> products,
      @Nullable RowSums sums,
      int rowFrom,
      int rowTo,
      int panelFrom,
      int panelTo) {
    var scratch = Scratch.borrow();
    Matrix a = products.getFirst().a;
    for (int k = 0; k < Math.max(1, a.columns()); k += Tile.DEEP) {
      for (int row = rowFrom; row < rowTo; row += Tile.ROWS) {
        var blocks = blocks(a, row, Math.min(Tile.ROWS, rowTo - row), k, scratch);
        if (sums != null) {
          for (Block block : blocks) {
            block.addSums(sums);
          }
        }
        for (Product product : products) {
          multiplyPanels(blocks, product, panelFrom, Math.min(panelTo, product.panels()));
        }
      }
    }
    scratch.giveBack();
  }

  /** Brings some rows of A to their place, up to {@link Tile#DEEP} values of k. */
  private static Block[] blocks(Matrix a, int row, int rows, int depth, Scratch scratch) {
    boolean inPlace = rows == 1 && a.columnStride() == 1;
    boolean byColumns = !inPlace && a.rowStride() == 1 && a.columnStride() != 1;
    int size = Tile.leftSize(rows, byColumns);
    int values = Math.min(Tile.DEEP, Math.max(1, a.columns() - depth));
    var blocks = new Block[(values + Tile.DEPTH - 1) / Tile.DEPTH];
    float[] left = inPlace ? a.data() : scratch.left(blocks.length * size);
    for (int i = 0; i < blocks.length; i++) {
      int k = depth + i * Tile.DEPTH;
      int count = Math.min(Tile.DEPTH, a.columns() - k);
      int offset = inPlace ? a.row(row) + k : i * size;
      blocks[i] = new Block(left, offset, byColumns, row, rows, k, count, scratch);
      if (!inPlace) {
        blocks[i].copy(a);
      }
    }
    return blocks;
  }

  private static void multiplyPanels(Block[] blocks, Product product, int from, int to) {
    Term term = product.term;
    Start sums = Start.of(term.c);
    if (blocks[0].isRow()) {
      for (Block block : blocks) {
        block.multiplyRow(term, block.depth == 0 ? product.start : sums, from, to);
      }
      return;
    }
    for (int panel = from; panel < to; panel++) {
      for (Block block : blocks) {
        block.multiplyPanel(term, block.depth == 0 ? product.start : sums, panel);
      }
    }
  }

  /** Some rows of A, at some depth, where the inner loops want them. */
  private record Block(
      float[] left,
      int offset,
      boolean byColumns,
      int row,
      int rows,
      int depth,
      int count,
      Scratch scratch) {

    /** Copies what the block is of. */
    void copy(Matrix a) {
      float[] data = a.data();
      int from = a.row(row) + depth * a.columnStride();
      if (byColumns) {
        Strips.pack(data, from, a.columnStride(), new Tile.StripSize(rows, count), left, offset);
        return;
      }
      for (int i = 0; i < rows; i++) {
        int source = from + i * a.rowStride();
        int target = offset + i * Tile.ROW_STRIDE;
        if (a.columnStride() == 1) {
          System.arraycopy(data, source, left, target, count);
          continue;
        }
        for (int k = 0; k < count; k++) {
          left[target + k] = data[source + k * a.columnStride()];
        }
      }
    }

    /** Adds the elements of each row to its sum. */
    void addSums(RowSums sums) {
      if (!byColumns) {
        for (int i = 0; i < rows; i++) {
          int from = offset + i * Tile.ROW_STRIDE;
          for (int k = 0; k < count; k++) {
            sums.data[sums.offset + row + i] += left[from + k];
          }
        }
        return;
      }
      Strips.addSums(left, offset, new Tile.StripSize(rows, count), sums.data, sums.offset + row);
    }

    /** Whether it is one row, for which there are kernels of their own. */
    boolean isRow() {
      return rows == 1 && !byColumns && Kernels.vector();
    }

    /** Multiplies the only row with some panels, many side by side. */
    void multiplyRow(Term term, Start start, int panelFrom, int panelTo) {
      int panel = panelFrom;
      int end = Math.min(panelTo, term.b.fullPanels());
      for (; panel <= end - VectorOneRow.PANELS; panel += VectorOneRow.PANELS) {
        VectorOneRow.multiply(row(term, start, panel), from(start, term, panel), at(term, panel));
      }
      if (panelTo == term.b.panelCount() && multiplyLast(term, start, panel)) {
        return;
      }
      for (; panel < panelTo; panel++) {
        multiplyPanel(term, start, panel);
      }
    }

    /** The only row and some panels side by side. */
    private VectorOneRow.Row row(Term term, Start start, int panel) {
      PackedMatrix b = term.b;
      int width = b.width(panel);
      return new VectorOneRow.Row(
          count,
          left,
          offset,
          b.panels(),
          b.panelOffset(panel) + depth * width,
          b.rows() * width,
          start.data,
          start.columnStride * width,
          term.c.data());
    }

    private int from(Start start, Term term, int panel) {
      int column = term.b.firstColumn(panel);
      return start.offset + row * start.rowStride + column * start.columnStride;
    }

    private int at(Term term, int panel) {
      return term.c.row(row) + term.b.firstColumn(panel);
    }

    /** Multiplies the only row with the last panels side by side, where there is a way for them. */
    private boolean multiplyLast(Term term, Start start, int panel) {
      PackedMatrix b = term.b;
      int narrow = 3 * PackedMatrix.UNIT;
      boolean three = b.panelCount() - panel == 3 && b.columns() % PackedMatrix.UNIT == 0;
      if (!three || b.width(panel + 1) != narrow || b.width(panel + 2) != narrow) {
        return false;
      }
      boolean same = b.width(panel) == narrow;
      if (!same && depth > 0) { // rows of other lengths have come before in each
        return false;
      }
      if (same) {
        VectorOneRow.threeTimesThree(
            row(term, start, panel), from(start, term, panel), at(term, panel));
      } else {
        VectorOneRow.fourAndTwiceThree(
            row(term, start, panel), from(start, term, panel), at(term, panel));
      }
      return true;
    }

    void multiplyPanel(Term term, Start start, int panel) {
      PackedMatrix b = term.b;
      Matrix c = term.c;
      int column = b.firstColumn(panel);
      int width = b.width(panel);
      var tile =
          new Tile(
              count,
              left,
              byColumns,
              b.panels(),
              b.panelOffset(panel) + depth * width,
              width,
              start.data,
              start.rowStride,
              c.data(),
              c.rowStride());
      int from = start.offset + row * start.rowStride + column * start.columnStride;
      int at = c.row(row) + column;
      int existing = c.columns() - column;
      if (existing < width) {
        multiplyAtEdge(tile, from, at, existing);
      } else {
        multiplyTile(tile, from, at);
      }
    }

    /** Where a panel is wider than what is left of C, the sums are kept in a buffer. */
    private void multiplyAtEdge(Tile tile, int from, int at, int columns) {
      int width = tile.width();
      float[] sums = scratch.sums(rows * width);
      for (int i = 0; i < rows; i++) {
        System.arraycopy(tile.source(), from + i * tile.sourceStride(), sums, i * width, columns);
      }
      multiplyTile(tile.on(sums, width, sums, width), 0, 0);
      for (int i = 0; i < rows; i++) {
        System.arraycopy(sums, i * width, tile.target(), at + i * tile.targetStride(), columns);
      }
    }

    private void multiplyTile(Tile tile, int from, int at) {
      if (!Kernels.vector()) {
        ScalarTiles.multiply(tile, offset, from, at, rows);
      } else if (byColumns) {
        VectorColumnTiles.multiply(tile, offset, from, at, rows);
      } else {
        VectorRowTiles.multiply(tile, offset, from, at, rows);
      }
    }
  }

  /** Checks the shapes and counts the work. */
  private static void begin(Matrix a, Term term) {
    PackedMatrix b = term.b;
    Matrix c = term.c;
    if (a.columns() != b.rows() || a.rows() != c.rows() || b.columns() != c.columns()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "product of %d × %d and %d × %d into %d × %d",
              a.rows(),
              a.columns(),
              b.rows(),
              b.columns(),
              c.rows(),
              c.columns()));
    }
    if (c.columnStride() != 1) {
      throw new IllegalArgumentException("a product is written row by row, not transposed");
    }
    Kernels.count((long) c.rows() * b.rows() * c.columns());
  }
}
