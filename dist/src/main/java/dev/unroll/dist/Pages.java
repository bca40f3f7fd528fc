package dev.unroll.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The pages of the documentation, as they lie in the repository. */
final class Pages {

  private final Path root;

  /** Takes the folder of the repository. */
  Pages(Path root) {
    this.root = root.normalize();
  }

  Path root() {
    return root;
  }

  /** Returns all pages, relative to the repository and sorted. */
  List<Path> all() throws IOException {
    var pages = new ArrayList<Path>();
    for (String folder : List.of("docs", "examples")) {
      try (Stream<Path> files = Files.walk(root.resolve(folder))) {
        files.map(root::relativize).filter(Pages::isPage).forEach(pages::add);
      }
    }
    try (Stream<Path> files = Files.list(root)) {
      files.map(root::relativize).filter(Pages::isPage).forEach(pages::add);
    }
    pages.removeIf(page -> page.toString().contains("target"));
    pages.sort(Comparator.naturalOrder());
    return pages;
  }

  /** Returns the text of a page. */
  String text(Path page) throws IOException {
    return Files.readString(root.resolve(page));
  }

  static boolean isPage(Path file) {
    return file.toString().endsWith(".md");
  }

  /** Whether a link leaves the repository. */
  static boolean isElsewhere(String destination) {
    return destination.matches("[a-z]+:.*");
  }

  /**
   * Returns the file to which a link leads, relative to the repository; for a folder the page that
   * describes it, if there is one.
   *
   * @param destination path and anchor, relative to {@code page}; only an anchor: the page itself
   */
  Path target(Path page, String destination) {
    String path = destination.replaceFirst("#.*", "");
    if (path.isEmpty()) {
      return page;
    }
    Path target = root.resolve(page).resolveSibling(path).normalize();
    Path described = target.resolve("README.md");
    return root.relativize(Files.exists(described) ? described : target);
  }

  /** Returns the anchor of a link, or nothing. */
  static String anchor(String destination) {
    int hash = destination.indexOf('#');
    return hash < 0 ? "" : destination.substring(hash + 1);
  }
}
