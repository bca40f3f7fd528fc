package dev.unroll.dist;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/** A page in Markdown as GitHub reads it: with tables, and headings that have anchors. */
final class Markdown {

  static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());

  private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();

  /** A link or an image: what it shows, and where it leads. */
  record Target(String text, String destination) {}

  /** The root of the parsed page. */
  final Node root;

  private final Map<Node, String> anchors = new LinkedHashMap<>();
  private String title = "";

  Markdown(String text) {
    this.root = PARSER.parse(text);
    var seen = new HashMap<String, Integer>();
    root.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Heading heading) {
            String name = anchor(text(heading));
            int before = seen.merge(name, 1, Integer::sum) - 1;
            anchors.put(heading, before == 0 ? name : name + "-" + before);
            title = title.isEmpty() ? text(heading) : title;
            visitChildren(heading);
          }
        });
  }

  /** Returns the text of the first heading. */
  String title() {
    return title;
  }

  /** Returns the anchors of the headings, in their order. */
  Map<Node, String> anchors() {
    return anchors;
  }

  /** Returns all links and images in a node, in their order. */
  static List<Target> links(Node node) {
    var links = new ArrayList<Target>();
    node.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Link link) {
            links.add(new Target(text(link), link.getDestination()));
            visitChildren(link);
          }

          @Override
          public void visit(Image image) {
            links.add(new Target(text(image), image.getDestination()));
          }
        });
    return links;
  }

  /** Returns the anchor that GitHub gives to a heading, without a number. */
  static String anchor(String heading) {
    return heading
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{M}\\p{N}_ -]", "")
        .replace(' ', '-');
  }

  /** Returns what a reader sees of a node. */
  static String text(Node node) {
    var text = new StringBuilder();
    node.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text part) {
            text.append(part.getLiteral());
          }

          @Override
          public void visit(Code part) {
            text.append(part.getLiteral());
          }
        });
    return text.toString();
  }
}
