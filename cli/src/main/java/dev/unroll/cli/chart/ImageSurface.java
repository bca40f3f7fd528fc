package dev.unroll.cli.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Draws an image, with the fonts of this machine. */
final class ImageSurface implements Surface {

  /** Pixels of the image per pixel of a page: screens of today show it sharp. */
  private static final int SHARPNESS = 2;

  private static final double BASELINE = 0.35;

  private static final Style.Pen EDGE = new Style.Pen(Style.GROUND, new BasicStroke(3));

  private final BufferedImage image;
  private final Graphics2D graphics;

  ImageSurface(int width, int height) {
    image = new BufferedImage(SHARPNESS * width, SHARPNESS * height, BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.scale(SHARPNESS, SHARPNESS);
  }

  /** Ends the drawing and returns it as PNG. */
  byte[] png() {
    graphics.dispose();
    var bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("a stream in memory", e);
    }
    return bytes.toByteArray();
  }

  @Override
  public void write(Text text, Style.Letters letters, Color color) {
    AffineTransform before = graphics.getTransform();
    graphics.translate(text.x(), text.y());
    if (text.form() == Form.UPWARD) {
      graphics.rotate(-Math.PI / 2);
    }
    int weight = letters.bold() ? Font.BOLD : Font.PLAIN;
    var glyphs =
        new Font(Font.SANS_SERIF, weight, (int) letters.size())
            .createGlyphVector(graphics.getFontRenderContext(), text.text());
    double width = glyphs.getLogicalBounds().getWidth();
    Shape outline =
        glyphs.getOutline(
            (float) (-text.align().share() * width), (float) (BASELINE * letters.size()));
    if (text.form() == Form.EDGED) {
      draw(outline, EDGE);
    }
    fill(outline, color);
    graphics.setTransform(before);
  }

  @Override
  public void draw(Shape shape, Style.Pen pen) {
    graphics.setColor(pen.color());
    graphics.setStroke(pen.stroke());
    graphics.draw(shape);
  }

  @Override
  public void fill(Shape shape, Color color) {
    graphics.setColor(color);
    graphics.fill(shape);
  }

  @Override
  public void clip(Rectangle2D rectangle) {
    graphics.setClip(rectangle);
  }

  @Override
  public void unclip() {
    graphics.setClip(null);
  }

  @Override
  public void down(double pixels) {
    graphics.translate(0, pixels);
  }
}
