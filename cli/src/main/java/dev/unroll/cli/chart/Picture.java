package dev.unroll.cli.chart;

import dev.unroll.file.SafeFiles;
import java.awt.geom.Rectangle2D;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A title and one or more charts below it.
 *
 * @param title what is seen, in a sentence
 * @param panels the charts, from top to bottom
 */
public record Picture(String title, List<Panel> panels) {

  private static final int TITLE_HEIGHT = 20;

  /** Copies the list. */
  public Picture {
    panels = List.copyOf(panels);
  }

  /** Creates a picture of one chart. */
  public Picture(String title, Panel panel) {
    this(title, List.of(panel));
  }

  /**
   * Writes the picture: beside, synced, then renamed. It is SVG, or PNG where the name of the file
   * ends in {@code .png}.
   */
  public void write(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    SafeFiles.replace(file, name.endsWith(".png") ? png() : svg().getBytes(StandardCharsets.UTF_8));
  }

  private List<String> lines() {
    return Style.TITLE.wrap(title, Style.WIDTH - 2.0 * Style.EDGE);
  }

  private int height() {
    return 2 * Style.EDGE
        + TITLE_HEIGHT * lines().size()
        + panels.stream().mapToInt(Panel::height).sum();
  }

  private String svg() {
    var surface = new SvgSurface(Style.WIDTH, height(), title);
    paint(surface);
    return surface.end();
  }

  private byte[] png() {
    var surface = new ImageSurface(Style.WIDTH, height());
    paint(surface);
    return surface.png();
  }

  private void paint(Surface surface) {
    var brush = new Brush(surface);
    surface.fill(new Rectangle2D.Double(0, 0, Style.WIDTH, height()), Style.GROUND);
    surface.down(Style.EDGE);
    for (String line : lines()) {
      brush.title(line, 8);
      surface.down(TITLE_HEIGHT);
    }
    double left = panels.stream().mapToDouble(Panel::left).max().orElse(0);
    double right = panels.stream().mapToDouble(Panel::right).max().orElse(0);
    for (Panel panel : panels) {
      panel.paint(brush, left, right);
      surface.down(panel.height());
    }
  }
}
