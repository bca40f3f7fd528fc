package dev.unroll.cli.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;

/**
 * How all charts look: sizes for a page that is 600 pixels wide, and the colors of Okabe and Ito
 * (2008), which color-blind readers can tell apart. Lines differ in their dashes and dots in their
 * shapes, too, so that a chart can be read without colors. The ground is white and not transparent:
 * text stays readable on dark pages.
 */
final class Style {

  static final int WIDTH = 600;
  static final int EDGE = 16;
  static final int LINE_HEIGHT = 16;

  static final Color GROUND = Color.WHITE;
  static final Color INK = new Color(0x1F2328);
  static final Color SOFT = new Color(0x59636E);
  static final Color GRID = new Color(0xE4E7EB);
  static final Color AXIS = new Color(0x8C959F);
  static final Color RIGHT = new Color(0x0072B2);
  static final Color WRONG = new Color(0xD55E00);

  static final Letters TITLE = new Letters(15, true);
  static final Letters TEXT = new Letters(12, false);

  static final BasicStroke THIN = new BasicStroke(1f);

  private static final List<Color> COLORS =
      List.of(
          new Color(0x0072B2),
          new Color(0xD55E00),
          new Color(0x009E73),
          new Color(0xCC79A7),
          new Color(0xE69F00),
          new Color(0x56B4E9));

  private static final List<float[]> DASHES =
      List.of(
          new float[] {},
          new float[] {7, 3},
          new float[] {2, 3},
          new float[] {9, 3, 2, 3},
          new float[] {14, 4},
          new float[] {4, 2, 1, 2, 1, 2});

  /** A color and a dash. */
  record Pen(Color color, BasicStroke stroke) {}

  /** What lies behind: a series as it was measured, a limit. */
  static final Pen MEASURED = new Pen(SOFT, stroke(1.2f, new float[] {}));

  static final Pen REFERENCE = new Pen(AXIS, stroke(1.2f, new float[] {4, 4}));

  private Style() {}

  /** Returns the pen of the line {@code number} of a chart, from 0. */
  static Pen pen(int number) {
    return new Pen(color(number), stroke(2f, DASHES.get(number % DASHES.size())));
  }

  static Color color(int number) {
    return COLORS.get(number % COLORS.size());
  }

  private static BasicStroke stroke(float width, float[] dash) {
    return dash.length == 0
        ? new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND)
        : new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dash, 0);
  }

  /** Returns a color between the ground and {@code full}; {@code share} is in [0, 1]. */
  static Color tint(Color full, double share) {
    return new Color(
        mix(GROUND.getRed(), full.getRed(), share),
        mix(GROUND.getGreen(), full.getGreen(), share),
        mix(GROUND.getBlue(), full.getBlue(), share));
  }

  private static int mix(int from, int to, double share) {
    return (int) Math.round(from + share * (to - from));
  }

  /**
   * How texts look.
   *
   * @param size height of the letters, in pixels
   * @param bold whether they are bold
   */
  record Letters(double size, boolean bold) {

    /** Widths from the blank to the tilde, in thousandths of the size, as in Helvetica. */
    private static final int[] WIDTHS = {
      278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
      556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722,
          667,
      611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
      667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
      222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584
    };

    /** From here on letters are as wide as they are high: Chinese, Japanese, Korean, emoji. */
    private static final int WIDE = 0x1100;

    private static final int USUAL = 600;

    /** Letters of other fonts are wider than those of Helvetica. */
    private static final double MARGIN = 1.15;

    /** Returns the pixels that a text needs, whatever the font. */
    double width(String text) {
      double width =
          text.codePoints()
              .map(
                  letter ->
                      letter >= ' ' && letter <= '~'
                          ? WIDTHS[letter - ' ']
                          : isWide(letter) ? 1000 : USUAL)
              .sum();
      return MARGIN * (bold ? 1.07 : 1) * size * width / 1000;
    }

    private static boolean isWide(int letter) {
      return letter >= WIDE && (letter < 0x2000 || letter > 0x2BFF);
    }

    /** Breaks a text between words, so that its lines fit; a longer word is cut. */
    List<String> wrap(String text, double most) {
      var lines = new ArrayList<String>();
      String line = "";
      for (String word : text.strip().split("\\s+", -1)) {
        String longer = line.isEmpty() ? word : line + " " + word;
        if (!line.isEmpty() && width(longer) > most) {
          lines.add(shorten(line, most));
          longer = word;
        }
        line = longer;
      }
      lines.add(shorten(line, most));
      return lines;
    }

    /** Cuts the end of a text that does not fit, and says so by {@code …}. */
    String shorten(String text, double most) {
      if (width(text) <= most) {
        return text;
      }
      int end = text.length();
      while (end > 1 && width(text.substring(0, end) + "…") > most) {
        end = text.offsetByCodePoints(end, -1);
      }
      return text.substring(0, end) + "…";
    }

    /** Leaves out the middle of a name that does not fit: names often differ at their ends. */
    String shortenMiddle(String text, double most) {
      int begin = text.length() / 2;
      int end = begin;
      String shown = text;
      while (width(shown) > most && begin > 1) {
        begin = text.offsetByCodePoints(begin, -1);
        end = Math.min(text.length(), text.offsetByCodePoints(end, end < text.length() ? 1 : 0));
        shown = text.substring(0, begin) + "…" + text.substring(end);
      }
      return shown;
    }
  }
}
