package dev.unroll.cli.chart;

import dev.unroll.cli.chart.Surface.Align;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * A row for each case, with a mark for each thing that was measured of it, over a common
 * logarithmic axis on which 1 is the one that all are compared with. A thin line shows the spread
 * of a measurement.
 */
public final class DotChart extends Panel {

  private static final int ROW_HEIGHT = 20;
  private static final int KEY_HEIGHT = 26;
  private static final int SIDES_HEIGHT = 20;
  private static final int FOOT_HEIGHT = 44;
  private static final double MOST_NAMES = 300;
  private static final double INDENT = 14;
  private static final double GAP = 8;
  private static final Style.Pen ONE = new Style.Pen(Style.INK, Style.THIN);

  /** What was measured: the median and its spread. */
  public record Measured(double median, double least, double most) {}

  private record Row(String name, Map<String, Measured> marks) {}

  private final Titles titles;
  private final List<String> series;
  private final List<Row> rows = new ArrayList<>();

  /**
   * What the axis and its sides are called.
   *
   * @param x what lies from left to right, with its unit
   * @param left what it means to lie left of 1
   * @param right what it means to lie right of 1
   */
  public record Titles(String x, String left, String right) {}

  /** Creates a chart without any row; each of the {@code series} has a mark of its own. */
  public DotChart(Titles titles, List<String> series) {
    this.titles = titles;
    this.series = List.copyOf(series);
  }

  /** Begins a group of rows. */
  public DotChart group(String name) {
    rows.add(new Row(name, Map.of()));
    return this;
  }

  /** Adds a row; a series that has no entry has no mark. */
  public DotChart row(String name, Map<String, Measured> marks) {
    rows.add(new Row(name, marks));
    return this;
  }

  @Override
  int height() {
    return KEY_HEIGHT + SIDES_HEIGHT + ROW_HEIGHT * rows.size() + FOOT_HEIGHT;
  }

  @Override
  void paint(Brush brush, double left, double right) {
    paintKey(brush);
    Area area = area();
    area.columns(brush, titles.x, true);
    double one = area.x(1);
    brush.line(one, area.box().getY() - 6, one, area.box().getMaxY(), ONE);
    double above = KEY_HEIGHT + 6;
    if (area.x().least() < 1) {
      brush.text("← " + titles.left, one - 6, above, Align.RIGHT);
    }
    brush.text(titles.right + " →", one + 6, above, Align.LEFT);
    double y = area.box().getY() + ROW_HEIGHT / 2.0;
    for (Row row : rows) {
      paint(row, y, area, brush);
      y += ROW_HEIGHT;
    }
  }

  private void paintKey(Brush brush) {
    double x = Style.EDGE + 5;
    for (int i = 0; i < series.size(); i++) {
      brush.mark(i, x, 10);
      brush.text(series.get(i), x + 10, 10, Align.LEFT, Style.INK);
      x += 34 + Style.TEXT.width(series.get(i));
    }
  }

  private Area area() {
    double names = rows.stream().mapToDouble(row -> Style.TEXT.width(row.name)).max().orElse(0);
    double left = Style.EDGE + INDENT + Math.min(MOST_NAMES, names) + GAP;
    var box =
        new Rectangle2D.Double(
            left,
            KEY_HEIGHT + SIDES_HEIGHT,
            Style.WIDTH - 2.0 * Style.EDGE - left,
            (double) ROW_HEIGHT * rows.size());
    var shown =
        rows.stream()
            .flatMap(row -> row.marks.values().stream())
            .flatMapToDouble(each -> DoubleStream.of(each.least, each.most, each.median))
            .filter(value -> Double.isFinite(value) && value > 0)
            .summaryStatistics();
    double least = Math.min(shown.getMin(), 1) / 1.1;
    double most = Math.max(1.1, shown.getMax()) * 1.1;
    Scale x = Scale.of(Scale.Kind.LOGARITHMS, least, most, 6);
    return new Area(box, x, Scale.of(Scale.Kind.NUMBERS, 0, 1, 1));
  }

  private void paint(Row row, double y, Area area, Brush brush) {
    if (row.marks.isEmpty()) {
      brush.text(row.name, Style.EDGE, y, Align.LEFT, Style.INK);
      return;
    }
    double names = area.box().getX() - Style.EDGE - INDENT - GAP;
    String name = Style.TEXT.shorten(row.name, names);
    brush.text(name, Style.EDGE + INDENT, y, Align.LEFT);
    for (int i = 0; i < series.size(); i++) {
      Measured each = row.marks.get(series.get(i));
      if (each != null) {
        brush.line(
            area.x(each.least), y, area.x(each.most), y, new Style.Pen(Style.color(i), Style.THIN));
      }
    }
    for (int i = 0; i < series.size(); i++) {
      Measured each = row.marks.get(series.get(i));
      if (each != null) {
        brush.mark(i, area.x(each.median), y);
      }
    }
  }
}
