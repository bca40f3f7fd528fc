package dev.unroll.text.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.unroll.base.InputException;
import dev.unroll.text.Gaps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Delimiters and decimal signs, found from the file or named. */
class NumberFormTest {

  @TempDir Path folder;

  private double[] read(String name, String lines, SeriesForm form) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, lines.replace("/", "\n").replace("TAB", "\t") + "\n");
    var table = SeriesTable.of(file, form);
    var read = table.series(List.of("x"), List.of(), Gaps.REFUSE);
    return new double[] {read.series().rows()[0][0], read.series().rows()[1][0]};
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "s.csv > t,x/2020,1.5/2021,2 > 1.5 > 2",
        "s.csv > t;x/2020;1,5/2021;2 > 1.5 > 2",
        "s.csv > t;x/2020;1.234,5/2021;2.000 > 1234.5 > 2000",
        "s.csv > t;x/2020;1,234.5/2021;2,000 > 1234.5 > 2000",
        "s.csv > tTABx/2020TAB1,5/2021TAB2,25 > 1.5 > 2.25",
        "s.txt > t|x/2020|1.5/2021|2 > 1.5 > 2",
        "s.tsv > t;x/2020;0,5/2021;-2,25 > 0.5 > -2.25",
        "s.csv > t,x/2020,\"1,5\"/2021,\"2,25\" > 1.5 > 2.25",
        "s.csv > t,x/2020,\"1,234,567\"/2021,2 > 1234567 > 2",
        "s.csv > t;x;a, b/2020;1 234,5;0/2021;2'000;0 > 1234.5 > 2000",
        "s.csv > t;x/2020;1.234/2021;2.5 > 1.234 > 2.5",
        "s.csv > t;x/2020;1.234/2021;2.345 > 1.234 > 2.345",
        "s.csv > t;x/2020;1e-3/2021;2,5 > 0.001 > 2.5",
      })
  void theyAreFound(String name, String lines, double first, double second) throws IOException {
    assertThat(read(name, lines, SeriesForm.FOUND)).containsExactly(first, second);
  }

  @Test
  void theyAreNamed() throws IOException {
    var comma = SeriesForm.FOUND.withSigns(null, true);
    assertThat(read("s.csv", "t;x/2020;1,234/2021;2.345", comma)).containsExactly(1.234, 2345);
    var point = SeriesForm.FOUND.withSigns(null, false);
    assertThat(read("s.csv", "t;x/2020;1,234/2021;2,345", point)).containsExactly(1234, 2345);
    var colon = SeriesForm.FOUND.withSigns(':', null);
    assertThat(read("s.csv", "t:x/2020:1/2021:2", colon)).containsExactly(1, 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "t;x/2020;1,234/2021;2,345 > s.csv: «1,234» may be 1.234 or 1234",
        "t;x/2020;1,5/2021;2.5 > «1,5» in column x is not a finite number",
        "t;x/2020;1.2.3/2021;2,5 > «1.2.3» in column x is not a finite number",
      })
  void whatMayBeTwoNumbersIsRefused(String lines, String message) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read("s.csv", lines, SeriesForm.FOUND))
        .withMessageContaining(message);
  }

  @Test
  void allTablesFindTheirDelimiter() throws IOException {
    Path file = Files.writeString(folder.resolve("t.csv"), "label;text\na;one, two\nb;\"x;y\"\n");
    var rows = new ArrayList<List<String>>();
    Table.forEach(file, Table.Format.COMMAS, row -> rows.add(row.fields()));
    assertThat(rows)
        .containsExactly(List.of("label", "text"), List.of("a", "one, two"), List.of("b", "x;y"));
  }
}
