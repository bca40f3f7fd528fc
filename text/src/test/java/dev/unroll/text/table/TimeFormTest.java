package dev.unroll.text.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.unroll.base.InputException;
import dev.unroll.text.Calendar;
import dev.unroll.text.Gaps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times in the forms that people have, found from the whole column, and written again so. */
class TimeFormTest {

  @TempDir Path folder;

  private SeriesTable table(String times, @Nullable String pattern) throws IOException {
    var text = new StringBuilder("t;x\n");
    for (String time : times.split("\\|")) {
      text.append(time.strip()).append(';').append(text.length()).append('\n');
    }
    var form = pattern == null ? SeriesForm.FOUND : SeriesForm.FOUND.withFormat(pattern);
    return SeriesTable.of(Files.writeString(folder.resolve("s.csv"), text), form);
  }

  private SeriesTable.Read read(String times, @Nullable String pattern) throws IOException {
    return table(times, pattern).series(List.of("x"), List.of(), Gaps.REFUSE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "01.01.2024 | 02.01.2024 | 03.01.2024 > 1 day > 04.01.2024",
        "1.9.2024 | 1.10.2024 | 1.11.2024 > 1 month > 1.12.2024",
        "1/30/2024 | 1/31/2024 | 2/1/2024 > 1 day > 2/2/2024",
        "30/01/2024 | 31/01/2024 | 01/02/2024 > 1 day > 02/02/2024",
        "01/01/2024 | 01/02/2024 | 01/03/2024 | 01/04/2024 | 01/05/2024 | 01/13/2024 > - > -",
        "1980Q1 | 1980Q2 | 1980Q3 > 3 months > 1980Q4",
        "1980-Q3 | 1980-Q4 | 1981-Q1 > 3 months > 1981-Q2",
        "Q1 1980 | Q2 1980 | Q3 1980 > 3 months > Q4 1980",
        "2024-W51 | 2024-W52 | 2025-W01 > 1 week > 2025-W02",
        "Nov 2024 | Dec 2024 | Jan 2025 > 1 month > Feb 2025",
        "May 2024 | June 2024 | July 2024 > 1 month > August 2024",
        "Nov-98 | Dec-98 | Jan-99 > 1 month > Feb-99",
        "30-Dec-68 | 31-Dec-68 | 01-Jan-69 > - > -",
        "30-DEC-2024 | 31-DEC-2024 | 01-JAN-2025 > 1 day > 02-JAN-2025",
        "Dec 30, 2024 | Dec 31, 2024 | Jan 1, 2025 > 1 day > Jan 2, 2025",
        "Mon, 30 Dec 2024 | Tue, 31 Dec 2024 | Wed, 1 Jan 2025 > 1 day > Thu, 2 Jan 2025",
        "2024/01/30 | 2024/01/31 | 2024/02/01 > 1 day > 2024/02/02",
        "20240130 | 20240131 | 20240201 > 1 day > 20240202",
        "01/2024 | 02/2024 | 03/2024 > 1 month > 04/2024",
        "202411 | 202412 | 202501 > 1 month > 202502",
        "2024-01-01 05:00 | 2024-01-01 06:00 | 2024-01-01 07:00 > 1 hour > 2024-01-01 08:00",
        "2024-01-01T05:00 | 2024-01-01T06:00 | 2024-01-01T07:00 > 1 hour > 2024-01-01T08:00",
        "1.2.2024 9:30 | 1.2.2024 9:45 | 1.2.2024 10:00 > 15 minutes > 1.2.2024 10:15",
        "1/31/24 10:00 PM | 1/31/24 11:00 PM | 2/1/24 12:00 AM > 1 hour > 2/1/24 1:00 AM",
        "31/01/2024 10:00 am | 31/01/2024 11:00 am | 31/01/2024 12:00 pm > 1 hour > 31/01/2024 01:00 pm",
        "1704067200 | 1704070800 | 1704074400 > 1 hour > 1704078000",
        "1704067200000 | 1704070800000 | 1704074400000 > 1 hour > 1704078000000",
        "2024-01-01 00:00:00+01:00 | 2024-01-01 01:00:00+01:00 | 2024-01-01 02:00:00+01:00 > 1 hour > 2024-01-01 03:00:00+01:00",
        "2024-01-01T00:00:00.000Z | 2024-01-01T01:00:00.000Z | 2024-01-01T02:00:00.000Z > 1 hour > 2024-01-01T03:00:00.000Z",
        "01/31/2024 22:00 +0100 | 01/31/2024 23:00 +0100 | 02/01/2024 00:00 +0100 > 1 hour > 02/01/2024 01:00 +0100",
        "2024/01/31 22:00:00 UTC | 2024/01/31 23:00:00 UTC | 2024/02/01 00:00:00 UTC > 1 hour > 2024/02/01 01:00:00 UTC",
      })
  void theUsualFormsAreFoundAndWrittenAgain(String times, String step, String next)
      throws IOException {
    if (step.equals("-")) {
      assertThatExceptionOfType(InputException.class).isThrownBy(() -> read(times, null));
      return;
    }
    var read = read(times, null);
    assertThat(read.axis()).isNotNull();
    assertThat(read.axis().step()).isEqualTo(step);
    int rows = read.series().size();
    assertThat(read.label(rows)).isEqualTo(next);
    assertThat(read.label(0)).isEqualTo(times.split("\\|")[0].strip());
  }

  /** Read as months the rows are regular, as days they are not. */
  @Test
  void regularityDecidesWhichNumberIsTheMonth() throws IOException {
    var read =
        read(
            "01/02/2024 | 01/03/2024 | 01/04/2024 | 01/05/2024 | 01/06/2024 | 01/07/2024 | 01/08/2024"
                + " | 01/09/2024 | 01/10/2024 | 01/11/2024 | 01/12/2024 | 01/01/2025",
            null);
    assertThat(read.axis().step()).isEqualTo("1 month");
    assertThat(read.label(read.series().size())).isEqualTo("01/02/2025");
  }

  @Test
  void whatTheOrderAndTheStepsDoNotDecideIsRefusedWithBothReadings() throws IOException {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read("01/02/2024 | 02/02/2024 | 03/02/2024", null))
        .withMessageContainingAll(
            "s.csv:2: «01/02/2024» may be 2024-02-01 or 2024-01-02", "dd/MM/yyyy", "MM/dd/yyyy");
    assertThat(read("01/02/2024 | 02/02/2024 | 03/02/2024", "MM/dd/yyyy").axis().step())
        .isEqualTo("1 month");
    assertThat(read("01/02/2024 | 02/02/2024 | 03/02/2024", "dd/MM/yyyy").label(3))
        .isEqualTo("04/02/2024");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "2024|05|01 > yyyy_MM_dd > is not a time written as yyyy_MM_dd",
        "31.04.2024 | 01.05.2024 > > «31.04.2024» is not a time",
        "01.04.2024 | 2024-05-01 > > «2024-05-01» is not a time written as those before",
        "01.04.2024 | 02.04.2024 > dd.MM > the pattern «dd.MM» has no year",
        "01.04.2024 | 02.04.2024 > dd.bb.yyyy > is not a pattern of times",
      })
  void whatIsNoTimeIsNamed(String times, @Nullable String pattern, String message) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(times, pattern))
        .withMessageContaining(message);
  }

  @Test
  void otherFormsAreNamed() throws IOException {
    var read = read("2024_01_30 | 2024_01_31 | 2024_02_01", "yyyy_MM_dd");
    assertThat(read.label(3)).isEqualTo("2024_02_02");
    assertThat(table("2024_01_30 | 2024_01_31", "yyyy_MM_dd").rowOf("2024-01-31", false)).isOne();
  }

  /** At the end of March 2024 an hour was left out, at the end of October one was there twice. */
  @Test
  void clocksOfAZoneLeaveAnHourOutAndShowOneTwice() throws IOException {
    var berlin = SeriesForm.FOUND.withZone("Europe/Berlin");
    String spring = "31.03.2024 00:00;1|31.03.2024 01:00;2|31.03.2024 03:00;3|31.03.2024 04:00;4";
    var read = local(spring, berlin);
    assertThat(read.axis().step()).isEqualTo("1 hour");
    assertThat(read.series().size()).isEqualTo(4);
    assertThat(read.label(2)).isEqualTo("31.03.2024 03:00");
    assertThat(read.label(4)).isEqualTo("31.03.2024 05:00");
    assertThat(read.time(2).orElseThrow().getHour()).isEqualTo(3);
    String autumn = "27.10.2024 01:00;1|27.10.2024 02:00;2|27.10.2024 02:00;3|27.10.2024 03:00;4";
    assertThat(local(autumn, berlin).series().size()).isEqualTo(4);
    assertThat(local(autumn, berlin).label(2)).isEqualTo("27.10.2024 02:00");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> local("31.03.2024 01:00;1|31.03.2024 02:30;2", berlin))
        .withMessageContaining(":3: clocks in Europe/Berlin never show 31.03.2024 02:30");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> SeriesForm.FOUND.withZone("Berlin"))
        .withMessageContaining("no time zone is called Berlin");
  }

  private SeriesTable.Read local(String rows, SeriesForm form) throws IOException {
    return localTable(rows, form).series(List.of("x"), List.of(), Gaps.REFUSE);
  }

  private SeriesTable localTable(String rows, SeriesForm form) throws IOException {
    Path file = Files.writeString(folder.resolve("z.csv"), "t;x\n" + rows.replace('|', '\n'));
    return SeriesTable.of(file, form);
  }

  /** Whatever the form of the rows: 2024-07-01 begins when their clocks show it. */
  @Test
  void aTimeThatIsAskedForIsOneOfTheClocksOfTheRows() throws IOException {
    var berlin = SeriesForm.FOUND.withZone("Europe/Berlin");
    String german = "30.06.2024 22:00;1|30.06.2024 23:00;2|01.07.2024 00:00;3|01.07.2024 01:00;4";
    String iso = "2024-06-30T23:00%1$s;1|2024-07-01T00:00%1$s;2|2024-07-01T01:00%1$s;3";
    assertThat(localTable(german, berlin).rowOf("2024-07-01", false)).isEqualTo(2);
    assertThat(localTable(german, berlin).rowOf("2024-07-01 00:00", true)).isEqualTo(3);
    assertThat(localTable(german, berlin).rowOf("01.07.2024 00:00", false)).isEqualTo(2);
    assertThat(localTable(german, berlin).rowOf("2024-06-30T22:00Z", false)).isEqualTo(2);
    for (String offset : List.of("+02:00", "-05:00", "Z", "+05:30")) {
      var table = localTable(iso.formatted(offset), SeriesForm.FOUND);
      assertThat(table.rowOf("2024-07-01", false)).as(offset).isEqualTo(1);
      assertThat(table.rowOf("2024-07-01 00:00", true)).as(offset).isEqualTo(2);
    }
    // offsets of winter and summer: each row has its own
    String both = "2024-03-30T00:00+01:00;1|2024-03-31T00:00+01:00;2|2024-04-01T00:00+02:00;3";
    assertThat(localTable(both, SeriesForm.FOUND).rowOf("2024-03-31", false)).isEqualTo(1);
    assertThat(localTable(both, SeriesForm.FOUND).rowOf("2024-04-01", false)).isEqualTo(2);
  }

  @Test
  void aDayOrMonthOfHoursEndsWithItsLastHour() throws IOException {
    String hours = "2024-05-31 23:00;1|2024-06-01 00:00;2|2024-06-01 23:00;3|2024-06-02 00:00;4";
    var table = localTable(hours, SeriesForm.FOUND);
    assertThat(table.rowOf("2024-06-01", false)).isEqualTo(1);
    assertThat(table.rowOf("2024-06-01", true)).isEqualTo(3);
    assertThat(table.rowOf("2024-06-01 00:00", true)).isEqualTo(2);
    assertThat(table.rowOf("2024-05", true)).isEqualTo(1);
    assertThat(table.rowOf("2024-06", true)).isEqualTo(4);
    var days = localTable("2024-05-31;1|2024-06-01;2|2024-06-02;3", SeriesForm.FOUND);
    assertThat(days.rowOf("2024-06-01", true)).isEqualTo(2);
    assertThat(days.rowOf("2024-05", true)).isEqualTo(1);
  }

  /** An hour that is there twice begins with the first of the two and ends with the second. */
  @Test
  void aTimeThatIsThereTwiceIsAskedForAsAWhole() throws IOException {
    String autumn = "27.10.2024 01:00;1|27.10.2024 02:00;2|27.10.2024 02:00;3|27.10.2024 03:00;4";
    var table = localTable(autumn, SeriesForm.FOUND.withZone("Europe/Berlin"));
    for (String two : List.of("27.10.2024 02:00", "2024-10-27 02:00")) {
      assertThat(table.rowOf(two, false)).isEqualTo(1);
      assertThat(table.rowOf(two, true)).isEqualTo(3);
    }
    assertThat(table.rowOf("2024-10-27 03:00", false)).isEqualTo(3);
  }

  @Test
  void holidaysAreKnownDays() throws IOException {
    Path file =
        Files.writeString(folder.resolve("h.csv"), "day,name\n25.12.2024,Christmas\n26.12.2024\n");
    var form = SeriesForm.FOUND.withHolidays(SeriesForm.holidays(file));
    assertThat(SeriesForm.of(name -> form.kept().getOrDefault(name, "").toString()))
        .isEqualTo(form);
    Path days = Files.writeString(folder.resolve("d.csv"), "t,x\n2024-12-24,1\n2024-12-25,2\n");
    var reading =
        SeriesReading.USUAL
            .withForm(form)
            .withCalendar(List.of(Calendar.BUSINESS, Calendar.HOLIDAY));
    var read = reading.series(reading.table(days), List.of("x", "business", "holiday"));
    assertThat(read.series().columns()).containsExactly("x", "business", "holiday");
    assertThat(read.series().rows()).isDeepEqualTo(new double[][] {{1, 1, 0}, {2, 0, 1}});
  }
}
