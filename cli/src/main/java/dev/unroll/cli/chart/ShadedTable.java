package dev.unroll.cli.chart;

import dev.unroll.cli.chart.Surface.Align;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.List;

/**
 * A square table of shares, the darker the larger: those on the diagonal in blue, the others, which
 * are mistakes, in orange.
 */
public final class ShadedTable extends Panel {

  private static final double MOST_NAMES = 150;
  private static final double MOST_ABOVE = 110;
  private static final double MOST_SIDE = 56;
  private static final double LEAST_SHOWN = 0.005;
  private static final int CAPTION_HEIGHT = 26;
  private static final double DARK = 0.55;

  private final List<String> names;
  private final double[][] shares;
  private final String rows;
  private final String columns;

  /**
   * Creates a table.
   *
   * @param rows what its rows are
   * @param columns what its columns are
   * @param names names of rows and columns
   * @param shares by row and column, in [0, 1]
   */
  public ShadedTable(String rows, String columns, List<String> names, double[][] shares) {
    this.names = List.copyOf(names);
    this.shares = shares.clone();
    this.rows = rows;
    this.columns = columns;
  }

  private double widest() {
    return names.stream().mapToDouble(name -> Style.TEXT.width(name)).max().orElse(0);
  }

  private double begin() {
    double names = Math.min(MOST_NAMES, widest());
    return Style.EDGE + Math.max(names, Style.TEXT.width("↓ " + rows)) + 8;
  }

  private double side() {
    return Math.min(MOST_SIDE, (Style.WIDTH - Style.EDGE - begin()) / Math.max(1, names.size()));
  }

  private boolean upward() {
    return widest() > side() - 4;
  }

  private double top() {
    return CAPTION_HEIGHT + (upward() ? Math.min(MOST_ABOVE, widest()) + 8 : 20);
  }

  @Override
  int height() {
    return (int) Math.ceil(top() + side() * names.size() + CAPTION_HEIGHT);
  }

  @Override
  void paint(Brush brush, double left, double right) {
    brush.text(columns + " →", begin(), 8, Align.LEFT);
    brush.text("↓ " + rows, begin() - 8, top() - 10, Align.RIGHT);
    double square = side() * names.size();
    brush.surface().fill(new Rectangle2D.Double(begin(), top(), square, square), Style.GRID);
    for (int i = 0; i < names.size(); i++) {
      double middle = side() * (i + 0.5);
      String name = Style.TEXT.shortenMiddle(names.get(i), MOST_NAMES);
      brush.text(name, begin() - 8, top() + middle, Align.RIGHT, Style.INK);
      if (upward()) {
        String above = Style.TEXT.shortenMiddle(names.get(i), MOST_ABOVE);
        brush.upward(above, begin() + middle, top() - 6);
      } else {
        brush.text(names.get(i), begin() + middle, top() - 10, Align.CENTER, Style.INK);
      }
      for (int j = 0; j < names.size(); j++) {
        paint(i, j, brush);
      }
    }
    brush.text(
        "Numbers are % of a row; a cell without a number is below 0.5%.",
        Style.EDGE, top() + side() * names.size() + 16, Align.LEFT);
  }

  private void paint(int row, int column, Brush brush) {
    double share = shares[row][column];
    double x = begin() + side() * column;
    double y = top() + side() * row;
    brush
        .surface()
        .fill(
            new Rectangle2D.Double(x + 0.5, y + 0.5, side() - 1, side() - 1),
            shade(share, row == column));
    if (share >= LEAST_SHOWN) {
      Color ink = row == column && share > DARK ? Style.GROUND : Style.INK;
      String text = String.valueOf(Math.round(100 * share));
      brush.text(text, x + side() / 2, y + side() / 2, Align.CENTER, ink);
    }
  }

  /** Small shares are shaded more than in proportion: one mistake in a hundred can be seen. */
  private static Color shade(double share, boolean right) {
    if (share < LEAST_SHOWN) {
      return Style.GROUND;
    }
    return right ? Style.tint(Style.RIGHT, share) : Style.tint(Style.WRONG, Math.sqrt(share));
  }
}
