package dev.unroll.cli.chart;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Rectangle2D;

/** What is drawn on: an SVG file or an image. */
interface Surface {

  /**
   * A text and where it stands.
   *
   * @param text the text
   * @param x where it begins, has its middle, or ends
   * @param y height of its middle
   * @param align which of these
   * @param form whether it is written in any special way
   */
  record Text(String text, double x, double y, Align align, Form form) {}

  /** How a text is written. */
  enum Form {
    PLAIN,
    /** It reads from the bottom to the top. */
    UPWARD,
    /** It has an edge in the color of the ground, so that it can be read over lines. */
    EDGED
  }

  /** Where a text lies relative to its place. */
  enum Align {
    LEFT("start", 0),
    CENTER("middle", 0.5),
    RIGHT("end", 1);

    private final String anchor;
    private final double share;

    Align(String anchor, double share) {
      this.anchor = anchor;
      this.share = share;
    }

    /** Returns what SVG calls it. */
    String anchor() {
      return anchor;
    }

    /** Returns the share of the text that lies before its place. */
    double share() {
      return share;
    }
  }

  void write(Text text, Style.Letters letters, Color color);

  void draw(Shape shape, Style.Pen pen);

  void fill(Shape shape, Color color);

  /** Draws only inside of a rectangle from here on, until {@link #unclip}. */
  void clip(Rectangle2D rectangle);

  /** Draws everywhere again. */
  void unclip();

  /** Moves the origin down. */
  void down(double pixels);
}
