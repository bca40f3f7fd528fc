package dev.unroll.cli.chart;

/** A chart of a picture, as wide as the picture. */
public abstract class Panel {

  /** For the charts of this package. */
  Panel() {}

  /** Returns the height, in pixels. */
  abstract int height();

  /** Returns the pixels that are needed left of the data. */
  double left() {
    return 0;
  }

  /** Returns the pixels that are needed right of the data. */
  double right() {
    return 0;
  }

  /**
   * Draws the chart, below the origin.
   *
   * @param left pixels left of the data, so that those of all panels begin below each other
   * @param right pixels right of the data
   */
  abstract void paint(Brush brush, double left, double right);
}
