package dev.unroll.cli.chart;

import dev.unroll.cli.chart.Surface.Align;
import dev.unroll.cli.chart.Surface.Form;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/**
 * Draws texts, lines and marks in the style of all charts.
 *
 * @param surface what is drawn on
 */
record Brush(Surface surface) {

  private static final double RADIUS = 4.5;
  private static final Style.Pen OUTLINE = new Style.Pen(Style.GROUND, Style.THIN);

  /** Writes a text whose middle line is at {@code y}. */
  void text(String text, double x, double y, Align align) {
    text(text, x, y, align, Style.SOFT);
  }

  void text(String text, double x, double y, Align align, Color color) {
    surface.write(new Surface.Text(text, x, y, align, Form.PLAIN), Style.TEXT, color);
  }

  /** Writes a text that reads upward and begins at {@code y}. */
  void upward(String text, double x, double y) {
    surface.write(new Surface.Text(text, x, y, Align.LEFT, Form.UPWARD), Style.TEXT, Style.INK);
  }

  /** Writes a text that stays readable over lines. */
  void note(String text, double x, double y) {
    surface.write(new Surface.Text(text, x, y, Align.CENTER, Form.EDGED), Style.TEXT, Style.INK);
  }

  void title(String text, double y) {
    surface.write(
        new Surface.Text(text, Style.EDGE, y, Align.LEFT, Form.PLAIN), Style.TITLE, Style.INK);
  }

  void line(double x1, double y1, double x2, double y2, Style.Pen pen) {
    surface.draw(new Line2D.Double(x1, y1, x2, y2), pen);
  }

  /** Draws a mark: a circle, a diamond, a square or a triangle. */
  void mark(int number, double x, double y) {
    double r = RADIUS;
    Shape shape =
        switch (number % 4) {
          case 0 -> new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r);
          case 1 -> polygon(x, y - r - 1, x + r + 1, y, x, y + r + 1, x - r - 1, y);
          case 2 -> new Rectangle2D.Double(x - r + 0.5, y - r + 0.5, 2 * r - 1, 2 * r - 1);
          default -> polygon(x, y - r - 0.5, x + r + 0.5, y + r - 0.5, x - r - 0.5, y + r - 0.5);
        };
    surface.fill(shape, Style.color(number));
    surface.draw(shape, OUTLINE);
  }

  private static Shape polygon(double... places) {
    var path = new Path2D.Double();
    path.moveTo(places[0], places[1]);
    for (int i = 2; i < places.length; i += 2) {
      path.lineTo(places[i], places[i + 1]);
    }
    path.closePath();
    return path;
  }
}
