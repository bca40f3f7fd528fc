package dev.unroll.cli.chart;

import dev.unroll.cli.chart.Surface.Align;
import java.awt.geom.Rectangle2D;
import java.util.List;

/**
 * The rectangle in which data lie, with its axes.
 *
 * @param box the rectangle, in pixels
 * @param x what lies from left to right
 * @param y what lies from the bottom to the top
 */
record Area(Rectangle2D box, Scale x, Scale y) {

  private static final Style.Pen GRID = new Style.Pen(Style.GRID, Style.THIN);
  private static final Style.Pen AXIS = new Style.Pen(Style.AXIS, Style.THIN);
  private static final double TICK = 4;

  /** Returns the pixels that the names of ticks left of a chart need. */
  static double left(Scale y) {
    return y.ticks().stream().mapToDouble(tick -> width(tick.text())).max().orElse(0) + 8;
  }

  private static double width(String text) {
    return Style.TEXT.width(text);
  }

  double x(double value) {
    return box.getX() + x.place(value) * box.getWidth();
  }

  double y(double value) {
    return box.getMaxY() - y.place(value) * box.getHeight();
  }

  /** Draws a line and a name for each tick of y. */
  void rows(Brush brush) {
    for (Tick tick : y.ticks()) {
      double at = y(tick.value());
      brush.line(box.getX(), at, box.getMaxX(), at, GRID);
      brush.text(tick.text(), box.getX() - 8, at, Align.RIGHT);
    }
  }

  /** Draws the axis of x below the data, and what it is called. */
  void columns(Brush brush, String caption, boolean lines) {
    brush.line(box.getX(), box.getMaxY(), box.getMaxX(), box.getMaxY(), AXIS);
    List<Tick> ticks = x.ticks();
    double last = Double.NEGATIVE_INFINITY;
    for (Tick tick : ticks) {
      double at = x(tick.value());
      if (lines) {
        brush.line(at, box.getY(), at, box.getMaxY(), GRID);
      }
      brush.line(at, box.getMaxY(), at, box.getMaxY() + TICK, AXIS);
      double half = width(tick.text()) / 2;
      double middle = Math.min(at, Style.WIDTH - 2 - half);
      if (middle - half > last + 8) {
        brush.text(tick.text(), middle, box.getMaxY() + 14, Align.CENTER);
        last = middle + half;
      }
    }
    double half = width(caption) / 2;
    double middle = Math.min(box.getCenterX(), Style.WIDTH - Style.EDGE - half);
    brush.text(caption, Math.max(Style.EDGE + half, middle), box.getMaxY() + 33, Align.CENTER);
  }
}
