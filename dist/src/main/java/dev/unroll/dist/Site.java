package dev.unroll.dist;

import dev.unroll.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Builds the documentation as a static site that needs no network and no script: a page for each in
 * Markdown, and one for each source to which they lead. Its folders are those of the repository.
 */
public final class Site {

  private static final Path HOME = Path.of("docs", "index.md");

  private final Pages pages;
  private final Path target;
  private final String version;
  private final String template;
  private final TreeSet<Path> linked = new TreeSet<>();

  private Site(Pages pages, Path target, String version) throws IOException {
    this.pages = pages;
    this.target = target;
    this.version = version;
    this.template = Files.readString(look().resolve("page.html"));
  }

  /**
   * Takes the folder of the repository, that of the site, the version, and whether to first write
   * what is made from code: {@code true} or {@code false}.
   */
  public static void main(String[] arguments) throws IOException {
    var pages = new Pages(Path.of(arguments[0]));
    if (Boolean.parseBoolean(arguments[3])) {
      update(pages);
    }
    new Site(pages, Path.of(arguments[1]), arguments[2]).build();
  }

  /** Returns what the pages say that are made from code, by their files. */
  static Map<Path, String> made(Pages pages) throws IOException {
    var made = new TreeMap<Path, String>();
    for (Path page : pages.all()) {
      made.put(page, new SourceLines(pages).corrected(page, pages.text(page)));
    }
    made.keySet().removeIf(page -> page.startsWith(Path.of("docs", "reference")));
    var nowhere = new PrintWriter(Writer.nullWriter());
    Reference.pages(Main.commandLine(nowhere, nowhere))
        .forEach((name, text) -> made.put(Path.of("docs", "reference", name), text));
    return made;
  }

  private static void update(Pages pages) throws IOException {
    for (var page : made(pages).entrySet()) {
      Path file = pages.root().resolve(page.getKey());
      if (!Files.exists(file) || !Files.readString(file).equals(page.getValue())) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, page.getValue());
        System.out.println("updated " + page.getKey());
      }
    }
  }

  private Path look() {
    return pages.root().resolve("dist/src/main/site");
  }

  private void build() throws IOException {
    Distribution.delete(target);
    Files.createDirectories(target);
    for (Path page : pages.all()) {
      var markdown = new Markdown(pages.text(page));
      String navigation = navigation(page, markdown);
      write(page, markdown.title(), navigation, html(page, markdown));
    }
    for (Path file : linked) {
      copy(file);
    }
    Files.copy(look().resolve("style.css"), target.resolve("style.css"));
    Files.copy(look().resolve("index.html"), target.resolve("index.html"));
    Path javadoc = pages.root().resolve("api/target/javadoc");
    if (Files.isDirectory(javadoc)) {
      copyFolder(javadoc, target.resolve("javadoc"));
    }
    System.out.println(target.resolve("index.html"));
  }

  /** Writes a source as a page whose lines have anchors; a picture as it is. */
  private void copy(Path file) throws IOException {
    Path to = target.resolve(file);
    Files.createDirectories(to.getParent());
    Path from = pages.root().resolve(file);
    if (isPicture(file)) {
      Files.copy(from, to);
      return;
    }
    String name = file.getFileName().toString();
    String body = Files.isDirectory(from) ? listed(file) : "<pre>" + numbered(from) + "</pre>";
    String title = "<h1>" + escaped(name) + "</h1>\n";
    write(file, name, navigation(file, new Markdown("")), title + body);
  }

  private static String numbered(Path file) throws IOException {
    var lines = new StringBuilder();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      lines.append("<span class=\"line\" id=\"L%d\">%s</span>\n".formatted(number, escaped(line)));
    }
    return lines.toString();
  }

  /** Lists the files of a folder, each of which becomes a page. */
  private String listed(Path folder) throws IOException {
    var list = new StringBuilder("<ul>\n");
    for (Path each : Distribution.files(pages.root().resolve(folder))) {
      Path file = pages.root().relativize(each);
      if (Files.isRegularFile(each) && !file.toString().contains("target")) {
        copy(file);
        String path = folder.relativize(file).toString();
        String link = relative(folder, Path.of(html(file.toString())));
        list.append("<li><a href=\"%s\">%s</a></li>\n".formatted(link, path));
      }
    }
    return list + "</ul>";
  }

  private static boolean isPicture(Path file) {
    return file.toString().matches(".*\\.(svg|png)");
  }

  private void write(Path page, String title, String navigation, String body) throws IOException {
    Path to = target.resolve(html(page.toString()));
    Files.createDirectories(to.getParent());
    String top = page.getParent() == null ? "" : "../".repeat(page.getParent().getNameCount());
    Files.writeString(
        to,
        template
            .replace("{{title}}", escaped(title))
            .replace("{{top}}", top)
            .replace("{{version}}", version)
            .replace("{{navigation}}", navigation)
            .replace("{{body}}", body));
  }

  private static String html(String page) {
    return page.endsWith(".md") ? page.replaceAll("\\.md$", ".html") : page + ".html";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** Renders a page, with links that lead to the pages of the site. */
  private String html(Path page, Markdown markdown) {
    markdown.root.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Link link) {
            link.setDestination(destination(page, link.getDestination()));
            visitChildren(link);
          }

          @Override
          public void visit(Image image) {
            linked.add(pages.target(page, image.getDestination()));
          }
        });
    String body =
        HtmlRenderer.builder()
            .extensions(Markdown.EXTENSIONS)
            .attributeProviderFactory(
                context ->
                    (node, tag, attributes) -> {
                      if (node instanceof Heading) {
                        attributes.put("id", markdown.anchors().get(node));
                      } else if (node instanceof Code code && code.getLiteral().length() < 24) {
                        attributes.put("class", "short"); // is not broken at its hyphens
                      }
                    })
            .build()
            .render(markdown.root);
    return body.replace("<table>", "<div class=\"table\"><table>")
        .replace("</table>", "</table></div>");
  }

  private String destination(Path page, String destination) {
    if (Pages.isElsewhere(destination) || destination.startsWith("#")) {
      return destination;
    }
    Path file = pages.target(page, destination);
    if (!Pages.isPage(file)) {
      linked.add(file);
    }
    String to = isPicture(file) ? file.toString() : html(file.toString());
    Path from = page.getParent() == null ? Path.of("") : page.getParent();
    String anchor = Pages.anchor(destination).replaceFirst("(L\\d+)-L\\d+", "$1");
    return from.relativize(Path.of(to)).toString().replace('\\', '/')
        + (anchor.isEmpty() ? "" : "#" + anchor);
  }

  /**
   * Returns the links of the home page by its headings, and below that of the page its own. A page
   * to which the home page does not lead stands for the one that describes its folder.
   */
  private String navigation(Path page, Markdown markdown) throws IOException {
    var groups = new LinkedHashMap<String, LinkedHashMap<Path, String>>();
    var home = new Markdown(pages.text(HOME));
    for (Node node = home.root.getFirstChild(); node != null; node = node.getNext()) {
      if (node instanceof Heading heading && heading.getLevel() == 2) {
        groups.put(Markdown.text(heading), new LinkedHashMap<>());
      } else if (!groups.isEmpty()) {
        var group = groups.lastEntry().getValue();
        Markdown.links(node)
            .forEach(link -> group.put(pages.target(HOME, link.destination()), link.text()));
      }
    }
    boolean led = groups.values().stream().anyMatch(group -> group.containsKey(page));
    Path shown = led ? page : page.resolveSibling("README.md");
    var html = new StringBuilder();
    groups.forEach(
        (title, group) -> {
          html.append("<h2>").append(escaped(title)).append("</h2>\n");
          group.forEach(
              (file, text) -> {
                boolean here = file.equals(shown);
                String mark = here ? " class=\"here\"" : "";
                String link = destination(page, relative(page, file));
                html.append("<a href=\"%s\"%s>%s</a>\n".formatted(link, mark, escaped(text)));
                html.append(here ? ownHeadings(markdown) : "");
              });
        });
    return html.toString();
  }

  private static String relative(Path page, Path file) {
    Path from = page.getParent() == null ? Path.of("") : page.getParent();
    return from.relativize(file).toString();
  }

  private static String ownHeadings(Markdown markdown) {
    return markdown.anchors().entrySet().stream()
        .filter(each -> each.getKey() instanceof Heading heading && heading.getLevel() == 2)
        .map(
            each ->
                "<a class=\"part\" href=\"#%s\">%s</a>\n"
                    .formatted(each.getValue(), escaped(Markdown.text(each.getKey()))))
        .collect(Collectors.joining());
  }

  private static void copyFolder(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.sorted(Comparator.naturalOrder()).toList()) {
        Path copy = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }
}
