package dev.unroll.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.unroll.base.InputException;
import dev.unroll.text.Segmentation.Unit;
import dev.unroll.text.ngram.ArpaFile;
import dev.unroll.text.table.ConllFile;
import dev.unroll.text.table.SeriesTable;
import dev.unroll.text.table.TextReading;
import dev.unroll.text.table.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading takes time that grows with the input, and not with its square: these would hang. */
class LinearTimeTest {

  /** Squared, this takes minutes. */
  private static final int MANY = 300_000;

  @TempDir Path folder;

  private static <T> T soon(Supplier<T> reading) {
    return assertTimeoutPreemptively(Duration.ofMinutes(1), reading::get);
  }

  private static void refusedSoon(Supplier<?> reading, String part) {
    assertThatThrownBy(() -> soon(reading))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(part)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(5000));
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static String joined(String separator, java.util.function.IntFunction<String> part) {
    return IntStream.range(0, MANY).mapToObj(part).collect(Collectors.joining(separator));
  }

  @Test
  void runsOfBlanksInWordVectors() throws IOException {
    String blanks = " ".repeat(MANY);
    Path file = file("v.txt", "a" + blanks + "1 2" + blanks + "\nb 3\t4 \t\n");
    assertThat(soon(() -> WordVectors.read(file, word -> true, 0)).rows()).hasSize(2);
    Path header = file("h.txt", "1" + blanks + "2" + blanks + "x\n");
    refusedSoon(() -> WordVectors.read(header, word -> true, 0), "«x» is not a finite number");
    String digits = "1".repeat(MANY);
    Path numbers = file("n.txt", "a 1 2\nb " + digits + "x 1 2\n");
    assertThat(soon(() -> WordVectors.read(numbers, word -> true, 0)).rows()).hasSize(2);
    Path wide = file("w.txt", "a " + "1 ".repeat(MANY) + "\n");
    refusedSoon(() -> WordVectors.read(wide, word -> true, 0), "vectors of width 300000");
  }

  @Test
  void longWordsAsBytePairs() {
    String word = joined("", i -> String.valueOf((char) ('a' + i * 7919L * i % 13)));
    var options = new Corpus.Options(Segmentation.of(Unit.BYTE_PAIRS), 2000, 1, false);
    Corpus corpus = soon(() -> Corpus.of(List.of(word, "ab".repeat(MANY)), options));
    assertThat(corpus.size()).isGreaterThan(2);
    assertThat(soon(() -> corpus.tokenizer().encode(word))).isNotEmpty();
    assertThat(soon(() -> corpus.tokenizer().encode("a".repeat(MANY)))).isNotEmpty();
  }

  @Test
  void longLinesOfEveryUnit() {
    for (String part :
        List.of("word ", "👩‍👩‍👧‍👦", "🇩🇪", "a\u0301", "漢字", "ภาษา", "...", "\u00a0", "<U+")) {
      for (Unit unit : Unit.values()) {
        assertThat(soon(() -> Segmentation.of(unit).cut(part.repeat(MANY / 4)))).isNotNull();
      }
    }
  }

  /** For each İ, which is two characters in lower case, the JDK copies the whole line. */
  @Test
  void lettersThatGrowInLowerCase() {
    var lower = Segmentation.of(Unit.CHARACTERS).withLowerCase(true);
    for (String line : List.of("İ", "xİΣ Σİ AΣİ", "Σ İΣ", "I i İ\u0307")) {
      assertThat(lower.spelled(line)).isEqualTo(line.toLowerCase(Locale.ROOT));
    }
    assertThat(soon(() -> lower.cut("İ".repeat(4 * MANY)))).hasSize(8 * MANY);
  }

  @Test
  void wideTablesOfSeries() throws IOException {
    String names = joined(",", i -> "c" + i);
    String row = joined(",", i -> "1");
    Path file = file("s.csv", "time," + names + "\n1949," + row + "\n1950," + row + "\n");
    var table = soon(() -> SeriesTable.read(file, null));
    assertThat(soon(() -> table.series(table.columns(), List.of(), Gaps.REFUSE)).series().size())
        .isEqualTo(2);
    for (String cell : List.of("T".repeat(MANY), "1".repeat(MANY) + "x", "-".repeat(MANY))) {
      Path odd = file("o.csv", "time,x\n1949,1\n" + cell + "," + cell + "\n");
      refusedSoon(() -> SeriesTable.read(odd, null), "is not a time");
      var numbers = soon(() -> SeriesTable.read(odd, "none"));
      refusedSoon(() -> numbers.series(List.of("x"), List.of(), Gaps.REFUSE), "not a finite");
    }
  }

  @Test
  void rowsFarApartAreNotFilledIn() throws IOException {
    Path two = file("t.csv", "time,x\n2000-01-01,1\n2000-01-02,1\n4000-01-01,2\n");
    refusedSoon(() -> series(two), "rows are missing before 4000-01-01");
    var rows = new StringBuilder("time,x\n");
    long second = 0;
    for (int i = 0;
        i < 20_000;
        i++) { // each gap is shorter than the file; all are 100 million rows
      second += i % 3 == 0 ? 15_000 : 1;
      var time = java.time.LocalDateTime.of(2000, 1, 1, 0, 0).plusSeconds(second);
      rows.append(time).append(time.getSecond() == 0 ? ":00" : "").append(",1\n");
    }
    Path gaps = file("g.csv", rows.toString());
    refusedSoon(() -> series(gaps), "nine in ten are missing");
  }

  private static SeriesTable.Read series(Path file) {
    return SeriesTable.read(file, null).series(List.of("x"), List.of(), Gaps.FILL);
  }

  @Test
  void manyLabelsManyColumnsAndManyQuotes() throws IOException {
    var table = new TextTable("text", "label", "|", TextTable.Form.BY_NAME, true);
    Path labels = file("l.tsv", "label\ttext\n" + joined("|", i -> "l" + i) + "\tx\n");
    assertThat(soon(() -> new TextReading(table).rows(List.of(labels), true)).getFirst().labels())
        .hasSize(MANY);
    Path columns = file("c.tsv", "label\ttext\t" + joined("\t", i -> "x") + "\na\tb\n");
    refusedSoon(() -> new TextReading(table).rows(List.of(columns), true), "2 fields");
    Path missing = file("m.tsv", joined("\t", i -> "x") + "\n");
    refusedSoon(() -> new TextReading(table).rows(List.of(missing), true), "no column is called");
    Path quotes = file("q.csv", "label,text\na,\"" + "\"\"\n".repeat(MANY) + "\n");
    refusedSoon(() -> new TextReading(table).rows(List.of(quotes), true), "not closed");
  }

  @Test
  void columnsOfCommentsBlanksAndFeatures() throws IOException {
    Path comments = file("c.conllu", "# a = b\n\n".repeat(MANY) + "1\tx" + "\t_".repeat(8) + "\n");
    assertThat(soon(() -> ConllFile.read(comments))).hasSize(1);
    Path blanks = file("b.txt", "a" + " ".repeat(MANY) + "B\n" + " ".repeat(MANY) + "\nc D");
    assertThat(soon(() -> ConllFile.read(blanks))).hasSize(2);
    Path wide = file("w.txt", "a B\n" + "x ".repeat(MANY) + "\n");
    refusedSoon(() -> ConllFile.read(wide), "300,000 columns");
  }

  @Test
  void arpaFiles() throws IOException {
    String blanks = " ".repeat(MANY);
    Path file = file("a.arpa", "\\data\\\nngram 1=1\n\n\\1-grams:\n-1" + blanks + "a\n\\end\\\n");
    assertThat(soon(() -> ArpaFile.read(file)).order()).isOne();
    Path orders = file("o.arpa", "\\data\\\n" + "ngram 1=0\n".repeat(MANY) + "\\1-grams:\n");
    refusedSoon(() -> ArpaFile.read(orders), "ends too early");
    Path count = file("n.arpa", "\\data\\\nngram 1=4000000000\n\\1-grams:\n-1 a\n");
    refusedSoon(() -> ArpaFile.read(count), "ends too early");
    String marks = "<U+".repeat(MANY);
    Path odd = file("m.arpa", "\\data\\\nngram 1=1\n\\1-grams:\n-1 " + marks + "\n\\end\\\n");
    assertThat(soon(() -> ArpaFile.read(odd)).order()).isOne();
    Path strange = file("s.arpa", "\\data\\\n" + "x".repeat(MANY) + "\n");
    refusedSoon(() -> ArpaFile.read(strange), "not \\1-grams:");
  }
}
