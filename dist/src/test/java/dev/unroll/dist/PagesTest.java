package dev.unroll.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of the documentation hold together: every link leads somewhere. */
class PagesTest {

  private static final Pages PAGES = new Pages(Path.of(".."));
  private static final Pattern HREF = Pattern.compile("(?:href|src)=\"([^\"]*)\"");
  private static final Pattern ID = Pattern.compile(" id=\"([^\"]*)\"");
  private static final Pattern QUOTE = Pattern.compile("(?ms)^```java ([^\n]+\\.java)\n(.*?)^```");
  private static final List<String> TASKS =
      List.of("lm", "classify", "regress", "tag", "transduce", "recognize", "forecast");

  @TempDir Path folder;

  @Test
  void everyLinkLeadsToAFileAndAnAnchor() throws IOException {
    var broken = new ArrayList<String>();
    for (Path page : PAGES.all()) {
      for (var link : Markdown.links(new Markdown(PAGES.text(page)).root)) {
        if (!Pages.isElsewhere(link.destination()) && !leadsSomewhere(page, link.destination())) {
          broken.add(page + ": " + link.destination());
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static boolean leadsSomewhere(Path page, String destination) throws IOException {
    Path file = PAGES.target(page, destination);
    String anchor = Pages.anchor(destination);
    if (!Files.exists(PAGES.root().resolve(file))) {
      return false;
    }
    return anchor.isEmpty()
        || !Pages.isPage(file)
        || new Markdown(PAGES.text(file)).anchors().containsValue(anchor);
  }

  /** Run {@code ./unroll-docs --update} if it fails. */
  @Test
  void whatIsMadeFromCodeIsAsTheCodeIs() throws IOException {
    var stale = new ArrayList<Path>();
    for (var page : Site.made(PAGES).entrySet()) {
      Path file = PAGES.root().resolve(page.getKey());
      if (!Files.exists(file) || !Files.readString(file).equals(page.getValue())) {
        stale.add(page.getKey());
      }
    }
    assertThat(stale).as("pages that ./unroll-docs --update writes again").isEmpty();
  }

  @Test
  void everyRowOfTheMathematicsLeadsToItsLines() throws IOException {
    assertThat(PAGES.text(Path.of("docs", "mathematics.md")).lines())
        .filteredOn(line -> line.startsWith("| ") && !line.matches("\\| (label|part|---) .*"))
        .isNotEmpty()
        .allMatch(row -> row.matches(".*\\.java#L\\d+-L\\d+\\).*"));
  }

  /** A block that names a file is in that file. */
  @Test
  void quotedCodeStandsInItsSource() throws IOException {
    int quotes = 0;
    for (Path page : PAGES.all()) {
      for (var block : QUOTE.matcher(PAGES.text(page)).results().toList()) {
        assertThat(Files.readString(PAGES.root().resolve(block.group(1))))
            .as("%s quotes %s", page, block.group(1))
            .contains(block.group(2));
        quotes++;
      }
    }
    assertThat(quotes).isGreaterThan(2);
  }

  @Test
  void theHomePageLeadsToAllPages() throws IOException {
    Set<Path> reached = new LinkedHashSet<>();
    reach(Path.of("docs", "index.md"), reached);
    assertThat(PAGES.all()).allMatch(reached::contains);
  }

  private static void reach(Path page, Set<Path> reached) throws IOException {
    if (!Pages.isPage(page) || !reached.add(page)) {
      return;
    }
    for (var link : Markdown.links(new Markdown(PAGES.text(page)).root)) {
      if (!Pages.isElsewhere(link.destination())) {
        reach(PAGES.target(page, link.destination()), reached);
      }
    }
  }

  @Test
  void tasksHaveTheSameHeadings() throws IOException {
    for (String task : TASKS) {
      var page = new Markdown(PAGES.text(Path.of("docs", task + ".md")));
      assertThat(page.anchors().values())
          .as(task)
          .containsSubsequence(
              "data", "train", "evaluate", "predict", "options", "java", "pitfalls");
    }
  }

  @Test
  void theReadmeIsShort() throws IOException {
    assertThat(PAGES.text(Path.of("README.md")).lines().count()).isLessThanOrEqualTo(70);
  }

  @Test
  void linksOfTheSiteStayInTheSite() throws IOException {
    Site.main(new String[] {"..", folder.resolve("site").toString(), "1.2.3", "false"});
    var broken = new TreeSet<String>();
    for (Path page : Distribution.files(folder.resolve("site"))) {
      boolean ours = !page.startsWith(folder.resolve("site/javadoc")); // javadoc checks its own
      if (ours && page.toString().endsWith(".html")) {
        HREF.matcher(Files.readString(page))
            .results()
            .map(link -> link.group(1))
            .filter(link -> !Pages.isElsewhere(link) && !link.contains("javadoc/"))
            .filter(link -> !leadsInSite(page, link))
            .forEach(link -> broken.add(page + ": " + link));
      }
    }
    assertThat(broken).isEmpty();
  }

  private static boolean leadsInSite(Path page, String link) {
    String path = link.replaceFirst("#.*", "");
    Path file = path.isEmpty() ? page : page.resolveSibling(path);
    try {
      return Files.isRegularFile(file)
          && (!link.contains("#")
              || ID.matcher(Files.readString(file))
                  .results()
                  .anyMatch(id -> id.group(1).equals(Pages.anchor(link))));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
