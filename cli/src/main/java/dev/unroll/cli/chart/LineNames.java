package dev.unroll.cli.chart;

import dev.unroll.cli.chart.Surface.Align;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The names of lines, right of the data, each at the height where its line ends, or as near as
 * others leave room; a short piece of the line stands before its name.
 */
record LineNames(Area area, Brush brush) {

  private static final double GAP = 8;
  private static final double SAMPLE = 20;
  private static final double BETWEEN = 3;

  /** A name, and the height at which it is wanted. */
  record Name(String text, double y, Style.Pen pen) {}

  private record Placed(Name name, List<String> lines, double top) {
    double height() {
      return (double) Style.LINE_HEIGHT * lines.size();
    }

    double bottom() {
      return top + height();
    }

    Placed at(double other) {
      return new Placed(name, lines, other);
    }
  }

  /** Returns the pixels that names need, samples of the lines included. */
  static double width(List<String> names, double most) {
    double widest =
        names.stream()
            .filter(name -> !name.isEmpty())
            .flatMap(name -> Style.TEXT.wrap(name, most).stream())
            .mapToDouble(line -> Style.TEXT.width(line))
            .max()
            .orElse(-GAP - SAMPLE - GAP);
    return GAP + SAMPLE + GAP + widest;
  }

  /** Writes the names; a line whose name is empty has none. */
  void paint(List<Name> names) {
    double left = area.box().getMaxX() + GAP;
    double room = Style.WIDTH - Style.EDGE - left - SAMPLE - GAP + 0.5;
    var placed = new ArrayList<Placed>();
    names.stream()
        .filter(name -> !name.text.isEmpty())
        .sorted(Comparator.comparingDouble(Name::y))
        .forEach(
            name -> {
              List<String> lines = Style.TEXT.wrap(name.text, room);
              placed.add(new Placed(name, lines, name.y - Style.LINE_HEIGHT * lines.size() / 2.0));
            });
    spread(placed);
    for (Placed each : placed) {
      double middle = each.top + each.height() / 2;
      brush.line(left, middle, left + SAMPLE, middle, each.name.pen);
      double y = each.top + Style.LINE_HEIGHT / 2.0;
      for (String line : each.lines) {
        brush.text(line, left + SAMPLE + GAP, y, Align.LEFT, Style.INK);
        y += Style.LINE_HEIGHT;
      }
    }
  }

  /** Moves names down until none covers another, then up where the last ones lie too low. */
  private void spread(List<Placed> placed) {
    double least = area.box().getY() - Style.LINE_HEIGHT / 2.0;
    for (int i = 0; i < placed.size(); i++) {
      placed.set(i, placed.get(i).at(Math.max(placed.get(i).top, least)));
      least = placed.get(i).bottom() + BETWEEN;
    }
    double most = area.box().getMaxY() + Style.LINE_HEIGHT / 2.0;
    for (int i = placed.size() - 1; i >= 0; i--) {
      Placed each = placed.get(i);
      placed.set(i, each.at(Math.min(each.top, most - each.height())));
      most = placed.get(i).top - BETWEEN;
    }
  }
}
