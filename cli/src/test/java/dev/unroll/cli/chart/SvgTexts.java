package dev.unroll.cli.chart;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** The texts of a picture, and the rectangles that they may need in any font. */
public record SvgTexts(int width, int height, List<Placed> texts) {

  /** A text and its rectangle. */
  public record Placed(String text, double left, double top, double right, double bottom) {
    boolean covers(Placed other) {
      return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }
  }

  /** Reads the texts of a file. */
  public static SvgTexts of(Path file) {
    try {
      return of(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SvgTexts of(String svg) {
    Element root = parse(svg).getDocumentElement();
    var texts = new ArrayList<Placed>();
    var elements = root.getElementsByTagName("text");
    for (int i = 0; i < elements.getLength(); i++) {
      texts.add(placed((Element) elements.item(i)));
    }
    return new SvgTexts(
        (int) number(root, "width"), (int) number(root, "height"), List.copyOf(texts));
  }

  private static Placed placed(Element text) {
    double size = number(text, "font-size");
    double width =
        new Style.Letters(size, text.hasAttribute("font-weight")).width(text.getTextContent());
    double x = number(text, "x");
    double y = number(text, "y");
    if (text.hasAttribute("transform")) {
      return new Placed(text.getTextContent(), x - size, y - width, x, y);
    }
    double begin =
        switch (text.getAttribute("text-anchor")) {
          case "middle" -> x - width / 2;
          case "end" -> x - width;
          default -> x;
        };
    return new Placed(text.getTextContent(), begin, y - 0.8 * size, begin + width, y + 1);
  }

  private static double number(Element element, String name) {
    return Double.parseDouble(element.getAttribute(name));
  }

  private static Document parse(String svg) {
    try {
      return DocumentBuilderFactory.newDefaultInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(svg)));
    } catch (ParserConfigurationException | SAXException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what is written, a line each. */
  public String all() {
    return String.join("\n", texts.stream().map(Placed::text).toList());
  }

  /** Returns the texts that may not lie inside of the picture. */
  public List<Placed> clipped() {
    return texts.stream()
        .filter(each -> each.left < 0 || each.top < 0 || each.right > width || each.bottom > height)
        .toList();
  }

  /** Returns pairs of texts of which one may cover the other. */
  public List<String> overlapping() {
    var pairs = new ArrayList<String>();
    for (int i = 0; i < texts.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (texts.get(i).covers(texts.get(j))) {
          pairs.add(texts.get(j) + " / " + texts.get(i));
        }
      }
    }
    return pairs;
  }
}
