package dev.unroll.cli.chart;

import dev.unroll.cli.chart.Surface.Align;
import java.awt.Color;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Lines over a common axis. Each is named in words at its right end; what may not be drawn, such as
 * NaN or the logarithm of zero, breaks a line.
 */
public final class LineChart extends Panel {

  private static final int PLOT_HEIGHT = 230;
  private static final int CAPTION_HEIGHT = 26;
  private static final int FOOT_HEIGHT = 44;
  private static final double LABEL_WIDTH = 130;
  private static final int TICKS_X = 7;
  private static final int TICKS_TIME = 5;
  private static final int TICKS_Y = 7;
  private static final int DECADES = 5;

  private final String captionX;
  private final String captionY;
  private final List<Line> lines = new ArrayList<>();
  private final List<Band> bands = new ArrayList<>();
  private final List<Note> notes = new ArrayList<>();
  private Scale.Kind kindX = Scale.Kind.NUMBERS;
  private Scale.Kind kindY = Scale.Kind.NUMBERS;
  private double[] rangeY = {};
  private int drawn;

  private record Line(String name, double[] x, double[] y, Style.Pen pen, boolean dots) {}

  private record Band(double[] x, double[] low, double[] high, Color color) {}

  private record Note(String text, double x, double y, boolean dot) {}

  /**
   * Creates a chart without any line.
   *
   * @param x what lies from left to right, with its unit
   * @param y what lies from the bottom to the top, with its unit
   */
  public LineChart(String x, String y) {
    captionX = x;
    captionY = y;
  }

  /** Draws x by its logarithm. */
  public LineChart logarithmicX() {
    kindX = Scale.Kind.LOGARITHMS;
    return this;
  }

  /** Draws y by its logarithm. */
  public LineChart logarithmicY() {
    kindY = Scale.Kind.LOGARITHMS;
    return this;
  }

  /** Reads x as milliseconds since 1970, and names times of day, days, months or years. */
  public LineChart times() {
    kindX = Scale.Kind.TIMES;
    return this;
  }

  /**
   * Draws y from {@code least} to {@code most}, whatever the data; what lies outside is cut. A
   * range that is not finite changes nothing.
   */
  public LineChart rangeY(double least, double most) {
    if (Double.isFinite(least) && Double.isFinite(most) && least < most) {
      rangeY = new double[] {least, most};
    }
    return this;
  }

  /** Adds a line; each has a color and a dash of its own. */
  public LineChart line(String name, double[] x, double[] y) {
    return add(new Line(name, x, y, Style.pen(drawn++), false));
  }

  /** Adds a line with a dot at each of its points. */
  public LineChart dotted(String name, double[] x, double[] y) {
    return add(new Line(name, x, y, Style.pen(drawn++), true));
  }

  /** Adds a line in gray: what was measured, and forecasts are compared with. */
  public LineChart measured(String name, double[] x, double[] y) {
    return add(new Line(name, x, y, Style.MEASURED, false));
  }

  /** Adds a dashed line in gray: what others are compared with. */
  public LineChart reference(String name, double[] x, double[] y) {
    return add(new Line(name, x, y, Style.REFERENCE, false));
  }

  private LineChart add(Line line) {
    lines.add(line);
    return this;
  }

  /** Shades what lies between two lines, in the color of the line that is added next. */
  public LineChart band(double[] x, double[] low, double[] high) {
    bands.add(new Band(x, low, high, Style.tint(Style.color(drawn), 0.25)));
    return this;
  }

  /** Marks a point, and writes a text beside it. */
  public LineChart point(String text, double x, double y) {
    notes.add(new Note(text, x, y, true));
    return this;
  }

  /** Writes a text, centered at a place. */
  public LineChart text(String text, double x, double y) {
    notes.add(new Note(text, x, y, false));
    return this;
  }

  @Override
  int height() {
    return CAPTION_HEIGHT + PLOT_HEIGHT + FOOT_HEIGHT;
  }

  @Override
  double left() {
    return Area.left(scaleY());
  }

  @Override
  double right() {
    return LineNames.width(lines.stream().map(Line::name).toList(), LABEL_WIDTH);
  }

  @Override
  void paint(Brush brush, double before, double after) {
    brush.text(captionY, Style.EDGE, 10, Align.LEFT);
    Area area = area(before, after);
    area.rows(brush);
    Rectangle2D box = area.box();
    brush
        .surface()
        .clip(
            new Rectangle2D.Double(
                box.getX(), box.getY() - 2, box.getWidth() + 2, box.getHeight() + 2));
    bands.forEach(band -> brush.surface().fill(shape(band, area), band.color));
    lines.forEach(line -> brush.surface().draw(path(line.x, line.y, area), line.pen));
    brush.surface().unclip();
    area.columns(brush, captionX, false);
    lines.stream().filter(Line::dots).forEach(line -> dots(line, area, brush));
    notes.forEach(note -> paint(note, area, brush));
    new LineNames(area, brush).paint(lines.stream().map(line -> name(line, area)).toList());
  }

  private Area area(double before, double after) {
    Scale x = scaleX();
    Scale y = scaleY();
    double left = Style.EDGE + before;
    return new Area(
        new Rectangle2D.Double(
            left, CAPTION_HEIGHT, Style.WIDTH - Style.EDGE - after - left, PLOT_HEIGHT),
        x,
        y);
  }

  private Scale scaleX() {
    int ticks = kindX == Scale.Kind.TIMES ? TICKS_TIME : TICKS_X;
    var shown = shown(kindX, lines.stream().flatMapToDouble(line -> Arrays.stream(line.x)));
    return Scale.of(kindX, shown.getMin(), shown.getMax(), ticks);
  }

  private Scale scaleY() {
    int ticks = kindY == Scale.Kind.LOGARITHMS ? DECADES : TICKS_Y;
    if (rangeY.length > 0) {
      return Scale.of(kindY, rangeY[0], rangeY[1], ticks);
    }
    DoubleStream ends =
        bands.stream()
            .flatMapToDouble(
                band -> DoubleStream.concat(Arrays.stream(band.low), Arrays.stream(band.high)));
    DoubleStream values = lines.stream().flatMapToDouble(line -> Arrays.stream(line.y));
    var shown = shown(kindY, DoubleStream.concat(values, ends));
    return Scale.around(kindY, shown.getMin(), shown.getMax(), ticks);
  }

  /** Returns the range of what can be drawn; from 1 to 2 if that is nothing. */
  private static DoubleSummaryStatistics shown(Scale.Kind kind, DoubleStream values) {
    var shown =
        values
            .filter(Double::isFinite)
            .filter(value -> kind != Scale.Kind.LOGARITHMS || value > 0)
            .summaryStatistics();
    return shown.getCount() > 0 ? shown : DoubleStream.of(1, 2).summaryStatistics();
  }

  private static Path2D path(double[] x, double[] y, Area area) {
    var path = new Path2D.Double();
    boolean pen = false;
    for (int i = 0; i < x.length; i++) {
      boolean shown = area.x().shows(x[i]) && area.y().shows(y[i]);
      if (shown && pen) {
        path.lineTo(area.x(x[i]), area.y(y[i]));
      } else if (shown) {
        path.moveTo(area.x(x[i]), area.y(y[i]));
      }
      pen = shown;
    }
    return path;
  }

  private static void dots(Line line, Area area, Brush brush) {
    for (int i = 0; i < line.x.length; i++) {
      if (area.x().shows(line.x[i]) && area.y().shows(line.y[i])) {
        brush.mark(0, area.x(line.x[i]), area.y(line.y[i]));
      }
    }
  }

  private static Path2D shape(Band band, Area area) {
    Path2D shape = path(band.x, band.low, area);
    for (int i = band.x.length - 1; i >= 0; i--) {
      shape.lineTo(area.x(band.x[i]), area.y(band.high[i]));
    }
    shape.closePath();
    return shape;
  }

  private static void paint(Note note, Area area, Brush brush) {
    double x = area.x(note.x);
    double y = area.y(note.y);
    if (!note.dot) {
      brush.note(note.text, x, y);
      return;
    }
    boolean below = y - area.box().getY() < 26;
    double half = Style.TEXT.width(note.text) / 2 + 4;
    double middle = Math.max(Style.EDGE + half, Math.min(x, Style.WIDTH - Style.EDGE - half));
    middle = Math.min(middle, Math.max(area.box().getMaxX() - half, Style.EDGE + half));
    brush.note(note.text, middle, y + (below ? 17 : -17));
    brush.mark(0, x, y);
  }

  private static LineNames.Name name(Line line, Area area) {
    double end = area.box().getMaxY();
    for (int i = line.x.length - 1; i >= 0; i--) {
      if (area.x().shows(line.x[i]) && area.y().shows(line.y[i])) {
        end = Math.clamp(area.y(line.y[i]), area.box().getY(), area.box().getMaxY());
        break;
      }
    }
    return new LineNames.Name(line.name, end, line.pen);
  }
}
