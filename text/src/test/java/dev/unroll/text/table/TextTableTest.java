package dev.unroll.text.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.text.table.TextTable.Form;
import dev.unroll.text.table.TextTable.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTableTest {

  @TempDir Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static List<Row> read(Path file) {
    return new TextReading(TextTable.USUAL).rows(List.of(file), true);
  }

  private static void assertRefused(Path file, TextTable table, String... parts) {
    assertThatThrownBy(() -> new TextReading(table).rows(List.of(file), true))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void quotesBetweenTabsAreLettersAndBetweenCommasAreNot() throws IOException {
    Path tabs = file("a.tsv", "label\ttext\nx\t\" an \"odd\" one\ny\tb, c\n");
    assertThat(read(tabs))
        .containsExactly(
            new Row(tabs.toString(), 2, "\" an \"odd\" one", List.of("x")),
            new Row(tabs.toString(), 3, "b, c", List.of("y")));
    Path commas = file("a.csv", "id,text,label\n1,\"a, \"\"b\"\"\nand more\",x\n\n2,c,y\n");
    assertThat(read(commas))
        .containsExactly(
            new Row(commas.toString(), 2, "a, \"b\"\nand more", List.of("x")),
            new Row(commas.toString(), 5, "c", List.of("y")));
    Path quoted = file("b.tsv", "label\ttext\nx\t\"with a\ttab\"\n");
    assertRefused(quoted, TextTable.USUAL, "b.tsv:2: 3 fields, where the header has 2", ".csv");
    var table = new TextTable("text", "label", null, Form.BY_NAME, true);
    assertThat(new TextReading(table).rows(List.of(quoted), true).getFirst().text())
        .isEqualTo("with a\ttab");
  }

  @Test
  void theHeaderNamesTheColumns() throws IOException {
    assertRefused(
        file("none.tsv", "x\thello\ny\tbye\n"),
        TextTable.USUAL,
        "none.tsv:1: no column is called",
        "[x, hello]");
    Path other = file("other.tsv", "Sentence\tClass\nhello\tx\n");
    assertThat(read(other).getFirst().labels()).containsExactly("x"); // usual names, too
    var table = new TextTable("Sentence", "Class", null, Form.BY_NAME, false);
    assertThat(new TextReading(table).rows(List.of(other), true).getFirst().labels())
        .containsExactly("x");
    assertRefused(file("twice.tsv", "label\ttext\ttext\n"), TextTable.USUAL, "several columns");
  }

  @Test
  void emptyFieldsAndBrokenQuotesAreRefusedWithTheirLine() throws IOException {
    assertRefused(
        file("t.tsv", "label\ttext\nx\ta\nx\t \n"), TextTable.USUAL, "t.tsv:3: the text is empty");
    assertRefused(
        file("l.tsv", "label\ttext\n\ta\n"), TextTable.USUAL, "l.tsv:2: the label is empty");
    assertRefused(
        file("q.csv", "label,text\nx,\"a\ny,b\n"),
        TextTable.USUAL,
        "q.csv:2: a quote that is not closed");
    assertRefused(
        file("b.tsv", "label\ttext\n\n\nx\ta\n\nx\t \n"),
        TextTable.USUAL,
        "b.tsv:6: the text is empty");
    assertRefused(
        file("n.csv", "label,text\n\"x\ny\",a\n"), TextTable.USUAL, "n.csv:2: a label with a tab");
    assertThat(read(file("r.tsv", "label\ttext\r\nx\ta\rb\r\n")).getFirst().text())
        .isEqualTo("a b");
    assertThatThrownBy(() -> new TextTable("text", "label", "", Form.BY_NAME, false))
        .hasMessageContaining("separator");
    assertRefused(file("e.tsv", ""), TextTable.USUAL, "e.tsv: there is no text");
    assertRefused(file("h.tsv", "label\ttext\n"), TextTable.USUAL, "h.tsv: there is no text");
  }

  @Test
  void whatIsWrongWithAnAnswerHasItsColumnAndItsPlace() throws IOException {
    var table = new TextTable("text", "price", null, Form.BY_NAME, false);
    assertRefused(file("c.tsv", "price\ttext\n\ta\n"), table, "c.tsv:2: the price is empty");
    Row row =
        new TextReading(table)
            .rows(List.of(file("d.tsv", "price\ttext\n\nx\ta\n")), true)
            .getFirst();
    assertThat(row.<String>read(Row::text)).isEqualTo("a");
    assertThatThrownBy(
            () ->
                row.read(
                    own -> {
                      throw new InputException("no number", "Write one.");
                    }))
        .hasMessageContaining("d.tsv:3: no number");
  }

  @Test
  void severalLabelsStandBetweenSeparators() throws IOException {
    Path file = file("s.tsv", "label\ttext\na|b\tone\n\ttwo\n b |b\tthree\n");
    var table = new TextTable("text", "label", "|", Form.BY_NAME, false);
    assertThat(new TextReading(table).rows(List.of(file), true).stream().map(Row::labels))
        .containsExactly(List.of("a", "b"), List.of(), List.of("b"));
  }

  @Test
  void withoutLabelsTextsAreLinesOrTheColumn() throws IOException {
    Path lines = file("p.txt", "one\n\nlabel\ttext\n");
    var texts =
        new TextReading(TextTable.USUAL)
            .rows(List.of(lines), false).stream().map(Row::text).toList();
    assertThat(texts).containsExactly("one", "", "label\ttext");
    Path table = file("p.tsv", "text\tother\na\t1\n\t2\n");
    texts =
        new TextReading(TextTable.USUAL)
            .rows(List.of(table), false).stream().map(Row::text).toList();
    assertThat(texts).containsExactly("a", "");
  }

  @Test
  void aFolderForEachLabelHasAFileForEachText() throws IOException {
    for (String label : List.of("pos", "neg")) {
      Path inside = Files.createDirectories(folder.resolve("films").resolve(label));
      Files.writeString(inside.resolve("1.txt"), "a " + label + " film\nof two lines\n");
    }
    var rows = read(folder.resolve("films"));
    assertThat(rows.stream().map(Row::labels)).containsExactly(List.of("neg"), List.of("pos"));
    assertThat(rows.getFirst().text()).isEqualTo("a neg film\nof two lines");
    Files.writeString(folder.resolve("films/neg/2.txt"), " \n");
    assertRefused(folder.resolve("films"), TextTable.USUAL, "2.txt", "the text is empty");
    assertRefused(folder.resolve("films/neg"), TextTable.USUAL, "has no folders");
  }
}
