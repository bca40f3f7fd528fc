package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All Java of the documentation, taken from its pages, compiled and run on small data. */
class DocsTest {

  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  /** What the reader of the page has. */
  private static final String DATA =
      """
      class Page {
        record Ticket(String body, String queue) {}
        record Review(String text, double stars) {}
        static <T> List<T> often(List<T> all) {
          return java.util.Collections.nCopies(10, all).stream().flatMap(List::stream).toList();
        }
        static List<Ticket> tickets() {
          return often(List.of(new Ticket("the invoice is wrong", "billing"),
              new Ticket("the screen is black", "support"), new Ticket("an invoice came twice", "billing"),
              new Ticket("the screen does not turn on", "support")));
        }
        static List<Ticket> laterTickets() {
          return often(List.of(new Ticket("please cancel my order", "orders"),
              new Ticket("the invoice is late", "billing")));
        }
        record Reading(java.time.LocalDateTime time, double load, double price) {}
        record Stroke(float[][] points, String letter) {}
        static List<Reading> readings() {
          return java.util.stream.IntStream.range(0, 120).mapToObj(i -> new Reading(
              java.time.LocalDateTime.of(2026, 1, 1, 0, 0).plusHours(i), i % 24, i % 5)).toList();
        }
        static List<Stroke> strokes() {
          return often(List.of(new Stroke(new float[][] {{0, 1}, {1, 1}, {2, 1}}, "a"),
              new Stroke(new float[][] {{2, 0}, {1, 0}, {0, 0}}, "b")));
        }
        static List<Review> reviews() {
          return often(List.of(new Review("very good", 5), new Review("good", 4),
              new Review("bad", 2), new Review("very bad", 1)));
        }
      """;

  @TempDir Path folder;

  @Test
  void thePageOfJavaRuns() throws Exception {
    List<String> blocks = blocks(Path.of("../docs/java.md"));
    assertThat(blocks).hasSizeGreaterThan(10);
    UserProgram.writeData(folder);
    var said = run(program(blocks));
    assertThat(said)
        .contains(
            "true",
            "support",
            "Anna/B-PER lives/O in/O Rome/B-LOC",
            "support ",
            "macro F1",
            "Optional[2026-01-06T00:00] [",
            "classify 0.3.0",
            "[billing, support, orders] from sha256:");
  }

  /** Each page is a method of one program; the page of Java has the imports of all. */
  @Test
  void theOtherPagesRun() throws Exception {
    String imports = blocks(Path.of("../docs/java.md")).getFirst();
    var program = new StringBuilder(imports + DATA);
    var calls = new StringBuilder();
    try (Stream<Path> pages = Files.walk(Path.of("../docs"))) {
      for (Path page : pages.filter(DocsTest::isOther).sorted().toList()) {
        List<String> blocks = blocks(page);
        if (!blocks.isEmpty()) {
          String name = page.getFileName().toString().replaceAll("\\W", "_");
          program.append("static void " + name + "() throws Exception {\n");
          program.append(String.join("", blocks) + "}\n");
          calls.append(name + "();\n");
        }
      }
    }
    assertThat(calls.toString().lines()).hasSizeGreaterThan(10);
    program.append(
        "public static void main(String[] args) throws Exception {\n" + calls + "}\n}\n");
    for (String name : List.of("data", "kotlin", "library")) {
      Path to = Files.createDirectories(folder.resolve("examples").resolve(name));
      try (Stream<Path> files = Files.list(Path.of("../examples", name))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    }
    run(program.toString());
  }

  private static boolean isOther(Path page) {
    return page.toString().endsWith(".md") && !page.endsWith("java.md");
  }

  private static List<String> blocks(Path page) throws IOException {
    return BLOCK.matcher(Files.readString(page)).results().map(block -> block.group(1)).toList();
  }

  @Test
  void theReadmeRuns() throws Exception {
    String block = blocks(Path.of("../README.md")).getFirst();
    var news = List.of("the cats were full", "the cat was red", "the cats were red");
    Files.write(folder.resolve("news.txt"), UserProgram.repeated(news, 20));
    String imports =
        "import dev.unroll.*; import dev.unroll.model.*; import dev.unroll.result.*; import java.nio.file.*; import java.util.*;\n";
    run(program(List.of(imports, block)));
    assertThat(folder.resolve("news.safetensors")).isRegularFile();
  }

  /** The first block has the imports; the others are one method. */
  private static String program(List<String> blocks) {
    return blocks.getFirst()
        + DATA
        + "  public static void main(String[] args) throws Exception {\n"
        + String.join("", blocks.subList(1, blocks.size()))
        + "  }\n}\n";
  }

  private String run(String program) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("Page.java"), program);
    return UserProgram.run(folder, file.toString());
  }
}
