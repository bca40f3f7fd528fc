package dev.unroll.cli.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import java.io.StringWriter;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Draws SVG. Texts stay texts, and are aligned by whoever shows them: letters may be wider there.
 * Nothing depends on the fonts of this machine.
 */
final class SvgSurface implements Surface {

  private static final String SPACE = "http://www.w3.org/2000/svg";
  private static final double BASELINE = 0.35;

  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter xml;
  private double down;
  private int clips;

  /** Begins a file; {@code title} is read aloud to those who do not see it. */
  SvgSurface(int width, int height, String title) {
    try {
      xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      begin(
          "svg",
          "xmlns",
          SPACE,
          "width",
          width,
          "height",
          height,
          "viewBox",
          "0 0 " + width + " " + height,
          "role",
          "img",
          "font-family",
          "Helvetica, Arial, 'Liberation Sans', sans-serif");
      begin("title");
      xml.writeCharacters(title);
      xml.writeEndElement();
    } catch (XMLStreamException e) {
      throw failed(e);
    }
  }

  /** Ends the file and returns it. */
  String end() {
    try {
      xml.writeEndDocument();
      xml.flush();
    } catch (XMLStreamException e) {
      throw failed(e);
    }
    return text.append('\n').toString();
  }

  private static IllegalStateException failed(XMLStreamException e) {
    return new IllegalStateException("a document of this program, in memory", e);
  }

  private void begin(String name, Object... attributes) throws XMLStreamException {
    if (!name.equals("svg") && !name.equals("tspan")) {
      xml.writeCharacters("\n");
    }
    xml.writeStartElement(name);
    for (int i = 0; i < attributes.length; i += 2) {
      Object value = attributes[i + 1];
      String shown = value instanceof Double number ? number(number) : value.toString();
      xml.writeAttribute(attributes[i].toString(), shown);
    }
  }

  private void whole(String name, Object... attributes) {
    try {
      begin(name, attributes);
      xml.writeEndElement();
    } catch (XMLStreamException e) {
      throw failed(e);
    }
  }

  @Override
  public void write(Text each, Style.Letters letters, Color color) {
    double x = each.x();
    double y = down + each.y();
    double size = letters.size();
    try {
      begin(
          "text",
          "x",
          x + (each.form() == Form.UPWARD ? BASELINE * size : 0),
          "y",
          y + (each.form() == Form.UPWARD ? 0 : BASELINE * size),
          "font-size",
          size,
          "text-anchor",
          each.align().anchor(),
          "fill",
          hex(color));
      if (each.form() == Form.EDGED) {
        xml.writeAttribute("stroke", hex(Style.GROUND));
        xml.writeAttribute("stroke-width", "3");
        xml.writeAttribute("stroke-linejoin", "round");
        xml.writeAttribute("paint-order", "stroke");
      }
      if (letters.bold()) {
        xml.writeAttribute("font-weight", "bold");
      }
      if (each.form() == Form.UPWARD) {
        String place = number(x + BASELINE * size) + " " + number(y);
        xml.writeAttribute("transform", "rotate(-90 " + place + ")");
      }
      xml.writeCharacters(each.text());
      xml.writeEndElement();
    } catch (XMLStreamException e) {
      throw failed(e);
    }
  }

  @Override
  public void draw(Shape shape, Style.Pen pen) {
    BasicStroke stroke = pen.stroke();
    var dashes = new StringBuilder();
    if (stroke.getDashArray() != null) {
      for (float dash : stroke.getDashArray()) {
        dashes.append(dashes.isEmpty() ? "" : " ").append(number(dash));
      }
    }
    whole(
        "path",
        "d",
        path(shape),
        "fill",
        "none",
        "stroke",
        hex(pen.color()),
        "stroke-width",
        (double) stroke.getLineWidth(),
        "stroke-linejoin",
        "round",
        "stroke-dasharray",
        dashes.isEmpty() ? "none" : dashes);
  }

  @Override
  public void fill(Shape shape, Color color) {
    whole("path", "d", path(shape), "fill", hex(color));
  }

  @Override
  public void clip(Rectangle2D rectangle) {
    String id = "clip" + ++clips;
    try {
      begin("clipPath", "id", id);
      whole("path", "d", path(rectangle));
      xml.writeEndElement();
      begin("g", "clip-path", "url(#" + id + ")");
    } catch (XMLStreamException e) {
      throw failed(e);
    }
  }

  @Override
  public void unclip() {
    try {
      xml.writeEndElement();
    } catch (XMLStreamException e) {
      throw failed(e);
    }
  }

  @Override
  public void down(double pixels) {
    down += pixels;
  }

  private String path(Shape shape) {
    var path = new StringBuilder();
    double[] at = new double[6];
    var parts = shape.getPathIterator(AffineTransform.getTranslateInstance(0, down));
    for (; !parts.isDone(); parts.next()) {
      int kind = parts.currentSegment(at);
      int numbers =
          switch (kind) {
            case PathIterator.SEG_CLOSE -> 0;
            case PathIterator.SEG_CUBICTO -> 6;
            case PathIterator.SEG_QUADTO -> 4;
            default -> 2;
          };
      path.append("MLQCZ".charAt(kind));
      for (int i = 0; i < numbers; i++) {
        path.append(i == 0 ? "" : " ").append(number(at[i]));
      }
    }
    return path.toString();
  }

  /** A tenth of a pixel is enough. */
  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  private static String hex(Color color) {
    return String.format(Locale.ROOT, "#%06x", color.getRGB() & 0xFFFFFF);
  }
}
