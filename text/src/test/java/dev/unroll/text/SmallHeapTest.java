package dev.unroll.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.InputException;
import dev.unroll.text.Segmentation.Unit;
import dev.unroll.text.ngram.ArpaFile;
import dev.unroll.text.table.ConllFile;
import dev.unroll.text.table.PairTable;
import dev.unroll.text.table.SeriesTable;
import dev.unroll.text.table.TextReading;
import dev.unroll.text.table.TextTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small files that unpack to more than the memory end in a sentence, not in OutOfMemoryError. */
class SmallHeapTest {

  @TempDir Path folder;

  /** Reads a file in each way, in a JVM of its own. */
  static final class Reader {
    private Reader() {}

    /** Prints what each reader says of each file that is named. */
    public static void main(String[] files) {
      var table = new TextTable("text", "label", "|", TextTable.Form.TSV, false);
      for (String name : files) {
        Path file = Path.of(name);
        var each = List.of(file);
        say("table", () -> new TextReading(table).rows(each, true));
        say("lines", () -> new TextReading(TextTable.USUAL).rows(each, false));
        say("pairs", () -> PairTable.USUAL.read(each));
        say("columns", () -> ConllFile.read(file));
        say("series", () -> series(file));
        say("vectors", () -> WordVectors.read(file, word -> true, 10));
        say("arpa", () -> ArpaFile.read(file));
        for (Unit unit : Unit.values()) {
          var options = new Corpus.Options(Segmentation.of(unit), 100, 1, true);
          say(unit.toString(), () -> Corpus.read(each, options));
        }
      }
    }

    private static Object series(Path file) {
      var table = SeriesTable.read(file, "none");
      return table.series(table.columns(), List.of(), Gaps.SKIP);
    }

    private static void say(String what, java.util.function.Supplier<Object> reader) {
      try {
        reader.get();
        System.out.println(what + ": read");
      } catch (InputException e) {
        System.out.println(what + ": " + e.getMessage().replace('\n', ' '));
      } catch (Throwable e) { // what the test looks for
        System.out.println(what + " THROWN " + e);
      }
    }
  }

  private Path bomb(String name, String part, int megabytes) throws IOException {
    return bomb(name, "label\ttext\n", part, megabytes);
  }

  private Path bomb(String name, String begin, String part, int megabytes) throws IOException {
    Path file = folder.resolve(name + ".gz");
    byte[] bytes = part.repeat((1 << 20) / part.length()).getBytes(StandardCharsets.UTF_8);
    try (var out =
        new GZIPOutputStream(Files.newOutputStream(file), 1 << 16) {
          {
            def.setLevel(Deflater.BEST_SPEED);
          }
        }) {
      out.write(begin.getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < megabytes; i++) {
        out.write(bytes);
      }
    }
    return file;
  }

  private static List<String> said(Path... files) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Reader.class.getName()));
    for (Path file : files) {
      command.add(file.toString());
    }
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = process.inputReader()) {
      var lines = in.lines().toList();
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      return lines;
    }
  }

  @Test
  void whatDoesNotFitIntoTheMemoryIsRefused() throws Exception {
    List<String> said =
        said(
            bomb("line", "x", 175),
            bomb("rows", "a\tb\n", 7),
            bomb("sentences", "a b\n\n", 7),
            bomb("fields", "\t", 3),
            bomb("letters", "abcdefgh\n", 10));
    assertThat(said).hasSize(5 * 12).noneMatch(line -> line.contains("THROWN"));
    assertThat(said.subList(0, 12)) // all but the vectors, which the header is none of
        .filteredOn(line -> line.contains("the line is longer than "))
        .hasSize(11);
    assertThat(said.subList(12, 24))
        .anyMatch(line -> line.startsWith("table: ") && line.contains("-Xmx"));
  }

  @Test
  void whatHasNoEndIsRefused() throws Exception {
    List<String> said =
        said(
            bomb("quote.csv", "label,text\n\"", "x".repeat(1023) + "\n", 20),
            bomb("comments", "", "# a\n", 3));
    assertThat(said).hasSize(2 * 12).noneMatch(line -> line.contains("THROWN"));
    assertThat(said.subList(1, 3)).allMatch(line -> line.contains("A quote may not be closed."));
    assertThat(said.get(12 + 3)).contains("columns: ", "A blank line ends a sentence.");
  }
}
