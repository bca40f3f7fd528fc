package dev.unroll.text.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.data.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {

  @TempDir private Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  @Test
  void aQuotedFieldMayHaveDelimitersQuotesAndLineEnds() throws IOException {
    Path file = file("a.csv", "a,b\n\n\"1,\"\"2\n3\",x\r\nlast,y\n");
    List<Table.Row> rows = Table.read(file).rows(Table.Format.of(file));
    assertThat(rows).extracting(Table.Row::line).containsExactly(1L, 3L, 5L);
    assertThat(rows.get(1).fields()).containsExactly("1,\"2\n3", "x");
    assertThat(rows.get(2).fields()).containsExactly("last", "y");
  }

  @Test
  void quotesBetweenTabsAreLetters() throws IOException {
    Path file = file("a.tsv", "\"a\tb\"\n");
    assertThat(Table.read(file).rows(Table.Format.of(file)).getFirst().fields())
        .containsExactly("\"a", "b\"");
  }

  /** The name before .gz decides the format, whatever its case. */
  @Test
  void aCompressedFileIsReadLikeAPlainOne() throws IOException {
    Path file = folder.resolve("pairs.CSV.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("\"a,b\",c\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    assertThat(PairTable.USUAL.read(List.of(file))).containsExactly(new Pair("a,b", "c"));
  }

  @Test
  void anUnclosedQuoteIsReportedWithItsRow() throws IOException {
    Path file = file("a.csv", "a,b\n\"1,2\n3,4\n");
    assertThatThrownBy(() -> Table.read(file).rows(Table.Format.COMMAS))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("a.csv:2: a quote that is not closed");
  }

  @Test
  void rowsAreShownAsSoonAsTheyAreRead() throws IOException {
    Path file = file("a.csv", "a,b\n\n\"1,\"\"2\n3\",x\r\nlast,y\n\"not closed\n");
    var rows = new ArrayList<Table.Row>();
    assertThatThrownBy(() -> Table.forEach(file, Table.Format.COMMAS, rows::add))
        .hasMessageContaining("a.csv:6: a quote that is not closed");
    assertThat(rows).extracting(Table.Row::line).containsExactly(1L, 3L, 5L);
    assertThat(rows.get(1).fields()).containsExactly("1,\"2\n3", "x");
    rows.clear();
    assertThatThrownBy(
            () ->
                Table.forEach(
                    file,
                    Table.Format.COMMAS,
                    row -> {
                      throw new java.io.UncheckedIOException(new IOException("of the reader"));
                    }))
        .hasMessageContaining("of the reader");
  }

  @Test
  void aHeaderNamesEachColumnOnce() {
    var header = new Table.Row("f", 1, List.of("a", "b", "a"));
    assertThat(header.column("b", "")).isEqualTo(1);
    assertThatThrownBy(() -> header.column("a", "fix"))
        .hasMessageContaining("f:1: several columns are called «a»");
    assertThatThrownBy(() -> header.column("c", "fix"))
        .hasMessageContaining("f:1: no column is called «c»");
  }

  @Test
  void rowsWithoutAHeaderSkipBlankLinesAndKeepTheirNumbers() throws IOException {
    Path file = file("scores", "a\t1\n \t\n\nb\tx\n");
    List<Table.Row> rows = Table.rows(List.of(file), 2, 2, "name, score");
    assertThat(rows).extracting(Table.Row::line).containsExactly(1L, 4L);
    assertThat(rows.get(0).number(1, "score")).isEqualTo(1);
    assertThatThrownBy(() -> rows.get(1).number(1, "score"))
        .hasMessageContaining("scores:4: the score is «x»");
    assertThatThrownBy(() -> Table.rows(List.of(file), 3, 3, "name, score"))
        .hasMessageContaining("scores:1: 2 fields between tabs");
  }

  @Test
  void rowsWithoutAHeaderMayHaveSemicolonsOrCommas() throws IOException {
    for (String name : List.of("p.tsv", "p.txt")) {
      Path file = folder.resolve(name);
      Files.writeString(file, "The dog, he barks;The dog, he bark\n");
      assertThat(Table.rows(List.of(file), 2, 3, "good, bad").getFirst().fields())
          .containsExactly("The dog, he barks", "The dog, he bark");
    }
    Path prose = folder.resolve("r.csv");
    Files.writeString(prose, "a, b;c\nb;a\na;b, c, d\nb;a\n");
    assertThat(Table.rows(List.of(prose), 2, 3, "good, bad").getFirst().fields())
        .containsExactly("a, b", "c");
    Path file = Files.writeString(folder.resolve("q.csv"), "\"He, barks\",He bark\n");
    assertThat(Table.rows(List.of(file), 2, 3, "good, bad").getFirst().fields())
        .containsExactly("He, barks", "He bark");
  }
}
