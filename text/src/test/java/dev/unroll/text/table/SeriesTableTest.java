package dev.unroll.text.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import dev.unroll.data.Measurements;
import dev.unroll.text.Calendar;
import dev.unroll.text.Gaps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesTableTest {

  @TempDir Path folder;

  private Path file(String... lines) throws IOException {
    return Files.writeString(folder.resolve("s.csv"), String.join("\n", lines) + "\n");
  }

  private SeriesTable.Read read(Gaps gaps, String... lines) throws IOException {
    return SeriesTable.read(file(lines), null).series(List.of("x"), List.of(), gaps);
  }

  @ParameterizedTest
  @CsvSource({
    "1949, 1950, 1951, 1 year, 1, 1952",
    "1949-11, 1949-12, 1950-01, 1 month, 12, 1950-02",
    "2020-01-31, 2020-02-29, 2020-03-31, 1 month, 12, 2020-04-30",
    "2020-01-01, 2020-04-01, 2020-07-01, 3 months, 4, 2020-10-01",
    "2020-02-27, 2020-02-28, 2020-02-29, 1 day, 7, 2020-03-01",
    "2020-01-01, 2020-01-08, 2020-01-15, 1 week, 52, 2020-01-22",
    "2020-01-01 22:00, 2020-01-01 23:00:00, 2020-01-02T00:00, 1 hour, 24, 2020-01-02 01:00:00",
    "2020-01-01T00:00:00Z, 2020-01-01T01:15:00+01:00, 2020-01-01T00:30Z, 15 minutes, 96,"
        + " 2020-01-01T00:45:00Z",
  })
  void stepsAreFound(String a, String b, String c, String step, int season, String next)
      throws IOException {
    var read = read(Gaps.REFUSE, "t,x", a + ",1", b + ",2", c + ",3");
    TimeAxis axis = read.axis();
    assertThat(axis).isNotNull();
    assertThat(axis.step()).isEqualTo(step);
    assertThat(axis.season()).isEqualTo(season);
    assertThat(read.label(3)).isEqualTo(next);
    assertThat(read.series().rows()).isDeepEqualTo(new double[][] {{1}, {2}, {3}});
  }

  @Test
  void severalSeriesInATableAreNamed() throws IOException {
    var file = file("s,t,x", "a,1949-01,1", "a,1949-02,2", "b,1949-01,3", "b,1949-02,4");
    assertThatThrownBy(() -> SeriesTable.read(file, null))
        .isInstanceOfSatisfying(
            InputException.class,
            e -> assertThat(e.fix()).contains("column s is a series", "{series s}"));
  }

  @Test
  void objectsOfJsonAreRows() throws IOException {
    Path lines =
        Files.writeString(
            folder.resolve("s.jsonl"),
            "{\"x\": 1.5, \"t\": \"1949-01\"}\n\n"
                + "{\"t\": \"1949-02\", \"x\": null, \"y\": {\"z\": 2}}\n");
    var table = SeriesTable.read(lines, null);
    assertThat(table.columns()).containsExactly("x", "y.z");
    var read = table.series(List.of("x"), List.of(), Gaps.FILL);
    assertThat(read.series().rows()).isDeepEqualTo(new double[][] {{1.5}, {1.5}});
    assertThat(read.label(2)).isEqualTo("1949-03");
    Path array =
        Files.writeString(
            folder.resolve("s.json"),
            "[{\"t\": \"1949-01\", \"x\": 1},\n{\"t\": \"1949-02\", \"x\": [2]}]");
    var some = SeriesTable.read(array, null);
    assertThatThrownBy(() -> some.series(List.of("y"), List.of(), Gaps.REFUSE))
        .hasMessageContaining("s.json:1: no column of numbers is called «y»");
    assertThat(some.series(List.of("x"), List.of(), Gaps.REFUSE).series().rows())
        .isDeepEqualTo(new double[][] {{1}, {2}});
    for (String within : List.of("[{\"t\": 1949}]", "[1949, 1950]")) {
      Path file =
          Files.writeString(folder.resolve("w.json"), "{\"id\": 7, \"data\": " + within + "}");
      assertThatThrownBy(() -> SeriesTable.read(file, null))
          .isInstanceOf(InputException.class)
          .hasMessageContainingAll("w.json:1: ", "member «data» is an array", "for each time");
    }
    Path none = Files.writeString(folder.resolve("n.jsonl"), "\n");
    assertThatThrownBy(() -> SeriesTable.read(none, null))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("n.jsonl: there is no object in it");
  }

  @Test
  void hoursThatComeTwiceMayBeThoseOfSummerTime() throws IOException {
    var hours = file("t,x", "2023-10-29 02:00,1", "2023-10-29 02:30,2", "2023-10-29 02:00,3");
    assertThatThrownBy(() -> SeriesTable.read(hours, null))
        .isInstanceOfSatisfying(
            InputException.class, e -> assertThat(e.fix()).contains("{time-zone} the zone"));
    var days = file("t,x", "2023-10-29,1", "2023-10-29,2");
    assertThatThrownBy(() -> SeriesTable.read(days, null))
        .isInstanceOfSatisfying(
            InputException.class, e -> assertThat(e.fix()).doesNotContain("time-zone"));
  }

  /** As those of a file are. */
  @Test
  void timesFromMemoryMayBeThoseThatClocksShow() {
    var hours = List.of("01:00", "02:00", "02:00", "03:00");
    var rows =
        Measurements.of(List.of(0, 1, 2, 3), i -> LocalDateTime.parse("2023-10-29T" + hours.get(i)))
            .column("x", i -> i);
    var berlin = SeriesForm.FOUND.withZone("Europe/Berlin");
    var read = SeriesTable.of(rows, berlin).series(List.of("x"), List.of(), Gaps.REFUSE);
    assertThat(read.series().rows()).isDeepEqualTo(new double[][] {{0}, {1}, {2}, {3}});
    assertThatThrownBy(() -> SeriesTable.of(rows)).hasMessageContaining("is there twice");
  }

  @Test
  void namesOfColumnsMayBeInOtherCaseAndNearOnesAreProposed() throws IOException {
    var table = SeriesTable.read(file("t, Sold ,price", "1949,1,2", "1950,3,4"), null);
    assertThat(table.series(List.of("SOLD"), List.of(), Gaps.REFUSE).series().rows())
        .isDeepEqualTo(new double[][] {{1}, {3}});
    assertThatThrownBy(() -> table.series(List.of("prise"), List.of(), Gaps.REFUSE))
        .hasMessageContaining("Did you mean «price»?");
  }

  @Test
  void aCategoryIsTheWholeOfWhatStandsThere() throws IOException {
    var table = SeriesTable.read(file("t,a=b,x", "1949,c=d,1", "1950,d,2"), null);
    assertThat(table.series(List.of("a=b=c=d", "a=b=d"), List.of(), Gaps.REFUSE).series().rows())
        .isDeepEqualTo(new double[][] {{1, 0}, {0, 1}});
  }

  @Test
  void gapsAreFilledByAStraightLineOrTakenAsTheyCome() throws IOException {
    String[] lines = {
      "t,x", "2020-01-01,1", "2020-01-02,2", "2020-01-03,", "2020-01-06,5", "2020-01-07,NaN"
    };
    var filled = read(Gaps.FILL, lines);
    assertThat(filled.series().rows())
        .isDeepEqualTo(new double[][] {{1}, {2}, {2.75}, {3.5}, {4.25}, {5}, {5}});
    assertThat(filled.places()).containsExactly(0, 1, 2, 5, 6);
    assertThatThrownBy(() -> read(Gaps.FILL, "t,x", "2020-01-01,1", "2020-01-02,2", "2120-01-03,5"))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("s.csv:4: ", "36,524 rows are missing before 2120-01-03");
    var masked = read(Gaps.MASK, lines);
    assertThat(Arrays.deepToString(masked.series().rows()))
        .isEqualTo("[[1.0], [2.0], [NaN], [NaN], [NaN], [5.0], [NaN]]");
    var taken = read(Gaps.SKIP, "t,x", "2020-01-01,1", "2020-01-02,2", "2020-01-06,5");
    assertThat(taken.series().size()).isEqualTo(3);
  }

  /** Spreadsheets write columns and rows in which nothing stands any more. */
  @Test
  void blankColumnsAndRowsAtTheEndAreNotRead() throws IOException {
    var file = file("t;x;;", "2020-01-01;1,5;;", "2020-01-02;2;;", "2020-01-03;;;", ";;;", ";;;");
    var table = SeriesTable.read(file, null);
    assertThat(table.columns()).containsExactly("x");
    assertThat(table.series(List.of("x"), List.of(), Gaps.FILL).series().rows())
        .isDeepEqualTo(new double[][] {{1.5}, {2}, {2}});
    var longer = file("t,x,", "2020-01-01,1,,", "2020-01-02,2,,");
    assertThatThrownBy(() -> SeriesTable.read(longer, null))
        .hasMessageContaining("s.csv:2: 4 fields, where the header has 2");
    var used = SeriesTable.read(file("t,x,", "2020-01-01,1,5", "2020-01-02,2,"), null);
    assertThat(used.columns()).containsExactly("x", "");
  }

  @Test
  void whatStandsForAMissingNumberIsKnown() throws IOException {
    for (String none : List.of("", "NA", "#N/A", "<NA>", "None", "NULL", "-", "?", ".", "–")) {
      var read = read(Gaps.FILL, "t,x", "2020-01-01,1", "2020-01-02," + none, "2020-01-03,2");
      assertThat(read.series().rows()).as(none).isDeepEqualTo(new double[][] {{1}, {1.5}, {2}});
    }
  }

  @Test
  void aLineForExcelAboveTheHeaderSaysWhatStandsBetweenFields() throws IOException {
    var read = read(Gaps.REFUSE, "sep=;", "t;x", "2020-01-01;1,5", "2020-01-02;2");
    assertThat(read.series().rows()).isDeepEqualTo(new double[][] {{1.5}, {2}});
    assertThatThrownBy(() -> read(Gaps.REFUSE, "sep=;", "t;x", "2020-01-01;1;5"))
        .hasMessageContaining("s.csv:3: 3 fields");
  }

  @Test
  void aTableWithoutAHeaderIsRefusedAlsoIfItHasNames() throws IOException {
    var file = file("2020-01-01,Berlin,1", "2020-01-02,Berlin,2", "2020-01-03,Berlin,3");
    assertThatThrownBy(() -> SeriesTable.read(file, null))
        .hasMessageContaining("s.csv:1: there is no header, but «2020-01-01,Berlin,1»");
  }

  @ParameterizedTest
  @CsvSource({
    "1001, 1002, 2020-01-01, 2020-01-02, day",
    "2020, 2020, 2020-01-01, 2020-01-02, day",
    "2020, 2021, 31.12.2020, 30.12.2019, year",
    "1577836800, 1577836860, 2020-01-01, 2020-01-02, year",
  })
  void idsBeforeDatesAreNotTimes(String a, String b, String dayA, String dayB, String time)
      throws IOException {
    String first = a + "," + dayA + ",1";
    var table = SeriesTable.read(file("year,day,x", first, b + "," + dayB + ",2"), null);
    assertThat(table.columns()).doesNotContain(time).hasSize(2);
  }

  @Test
  void theNumbersOfAFileOfOneColumnAreNotYears() throws IOException {
    var table = SeriesTable.read(file("x", "1949", "1950", "", "2003", ""), null);
    assertThat(table.columns()).containsExactly("x");
    assertThat(table.series(List.of("x"), List.of(), Gaps.FILL).series().rows())
        .isDeepEqualTo(new double[][] {{1949}, {1950}, {1976.5}, {2003}});
    assertThatThrownBy(() -> table.series(List.of("x"), List.of(), Gaps.REFUSE))
        .hasMessageContaining("s.csv:4: no number in column x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2020-01-01,1;2020-01-02,2;2020-01-02,3|:4: the time 2020-01-02 is there twice",
        "2020-01-02,1;2020-01-01,2|:3: the time 2020-01-01 comes after a later one",
        "2020-01-01,1;2020-01-02,2;2020-01-03,3;2020-01-06,3|:5: 2 rows are missing before"
            + " 2020-01-06",
        "2020-01-01 00:00,1;2020-01-01 01:00,2;2020-01-01 02:00,2;2020-01-01 02:30,3|:5: the time"
            + " 2020-01-01 02:30 is not a whole number of steps of 1 hour",
        "2020-01-01,1;2020-01-02,|:3: no number in column x",
        "2020-01-01,1;2020-01-02,nan|:3: no number in column x",
        "2020-01-01,1;2020-01-02,many|:3: «many» in column x is not a finite number",
        "2020-01-01,1;2020-01-02,1e999|:3: «1e999» in column x is not a finite number",
        "2020-01-01,1;noon,2|:3: «noon» is not a time",
        "2020-01-01,1;2020-01,2|:3: «2020-01» is not a time written as those before",
        "2020-01-01,1;2020-13-01,2|:3: «2020-13-01» is not a time",
        "2020-01-01,1;2020-01-02|:3: 1 field, where the header has 2",
        "2020-01-01,1;\"2020-01-02,2|a quote that is not closed",
        "2020-01-01,1|s.csv: 1 row",
      })
  void whatIsWrongIsNamed(String rows, String message) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(Gaps.REFUSE, ("t,x;" + rows).split(";")))
        .withMessageContaining(message);
  }

  /**
   * Rows with the same time: a column of texts is proposed first, then one of numbers, then none.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "t,k,x,symbol;2020-01-01,1,1,A;2020-01-01,2,1,B;2020-01-02,1,1,A;2020-01-02,2,1,B|is there"
            + " twice|--series symbol}",
        "t,x,symbol;2020-01-01,1,A;2020-01-02,2,A;2020-01-01,3,B;2020-01-02,4,B|a later"
            + " one|--series symbol}",
        "t,k,x;2020-01-01,1,7;2020-01-01,2,8;2020-01-02,1,9;2020-01-02,2,3|is there twice|--series"
            + " k}",
        "year,quarter,x;1959,1,7;1959,2,8;1959,3,9;1960,1,3|is there twice|--time none}",
      })
  void whatTellsRowsOfATimeApartIsNamed(String rows, String problem, String advice) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(Gaps.REFUSE, rows.split(";")))
        .withMessageContaining(problem)
        .satisfies(
            refused -> assertThat(refused.message(option -> "--" + option + "}")).contains(advice));
  }

  @Test
  void theCalendarGoesOnBehindTheLastRow() throws IOException {
    var table = SeriesTable.read(file("t,x", "2020-01-01,1", "2020-01-02,2", "2020-01-03,"), null);
    var read =
        table.series(
            List.of("x"), List.of(Calendar.WEEKDAY, Calendar.MONTH), Gaps.REFUSE, List.of("x"), 2);
    assertThat(read.series().columns())
        .containsExactly("x", "weekday.sin", "weekday.cos", "month.sin", "month.cos");
    assertThat(read.series().size()).isEqualTo(5);
    double[] last = read.series().rows()[4];
    assertThat(last[0]).isNaN();
    assertThat(last[1]).isCloseTo(Math.sin(2 * Math.PI * 6 / 7), within(1e-12)); // a Sunday
    assertThat(read.series().rows()[2][0]).isNaN();
  }

  @Test
  void rowsWithoutTimesAreAStepApart() throws IOException {
    var table = SeriesTable.read(file("x;y", "1;5", "2;6"), TimedRows.NONE);
    assertThat(table.columns()).containsExactly("x", "y");
    var read = table.series(List.of("y", "x"), List.of(), Gaps.REFUSE);
    assertThat(read.series().rows()).isDeepEqualTo(new double[][] {{5, 1}, {6, 2}});
    assertThat(read.label(1)).isEqualTo("2");
  }
}
