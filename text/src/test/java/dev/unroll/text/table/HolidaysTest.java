package dev.unroll.text.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.batch.SeriesFormat;
import dev.unroll.data.Provenance;
import dev.unroll.text.Gaps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are absent on holidays, and what is expected of those to come. */
class HolidaysTest {

  private static final LocalDate FIRST = LocalDate.of(2024, 1, 2);

  private static final Set<LocalDate> HOLIDAYS =
      days(
          "2024-01-15 2024-02-19 2024-03-29 2024-04-01 2024-05-01 2024-05-20 2024-06-19 2024-07-04");

  @TempDir Path folder;

  private static Set<LocalDate> days(String days) {
    var all = new TreeSet<LocalDate>();
    for (String day : days.split(" ", -1)) {
      all.add(LocalDate.parse(day));
    }
    return all;
  }

  private static boolean works(LocalDate day) {
    return day.getDayOfWeek().getValue() <= 5;
  }

  private Path file(int days, int hours, Predicate<LocalDate> open) throws IOException {
    String rows =
        IntStream.range(0, days)
            .mapToObj(FIRST::plusDays)
            .filter(open)
            .flatMap(
                day -> IntStream.range(0, hours).mapToObj(h -> day.atTime(hours > 1 ? h : 0, 0)))
            .map(time -> time + "," + time.getDayOfYear() + "\n")
            .collect(Collectors.joining());
    return Files.writeString(folder.resolve("calls.csv"), "time,calls\n" + rows);
  }

  private static SeriesReading reading(@Nullable String kept) {
    var form = SeriesForm.FOUND.withHolidays(HOLIDAYS);
    return new SeriesReading(form, List.of(), Gaps.REFUSE, kept, Map.of());
  }

  private static SeriesTable.Read read(SeriesReading reading, Path file) {
    return reading.series(reading.table(file), List.of("calls"));
  }

  @Test
  void daysAreReadAsSpreadsheetsWriteThem() throws IOException {
    Path file = folder.resolve("days.csv");
    Files.writeString(file, "\"day\",\"name\"\r\n\r\n\"2024-12-25\",\"Christmas\"\r\n");
    assertThat(SeriesForm.holidays(file)).containsExactly(LocalDate.of(2024, 12, 25));
    Files.writeString(file, "2024-02-30\n2024-03-01\n");
    assertThatThrownBy(() -> SeriesForm.holidays(file))
        .hasMessageContaining("days.csv:1: «2024-02-30»");
    Files.writeString(file, "day\n\n2024-03-01\n\n2024-03-99\n");
    assertThatThrownBy(() -> SeriesForm.holidays(file))
        .hasMessageContaining("days.csv:5: «2024-03-99»");
  }

  @Test
  void withoutRowsTheyBelongToThePattern() throws IOException {
    Path file = file(120, 1, day -> works(day) && !HOLIDAYS.contains(day)); // to April 30
    var read = read(reading(null), file);
    assertThat(read.axis().step()).isEqualTo("1 day (Monday to Friday, without holidays)");
    assertThat(read.series().size()).isEqualTo(Files.readAllLines(file).size() - 1);
    int end = read.series().size();
    assertThat(read.time(end - 1).orElseThrow().toLocalDate()).isEqualTo("2024-04-30");
    assertThat(read.time(end).orElseThrow().toLocalDate()).isEqualTo("2024-05-02");
    for (int row = 0; row < end + 100; row++) {
      LocalDate day = read.time(row).orElseThrow().toLocalDate();
      assertThat(works(day) && !HOLIDAYS.contains(day)).as(day.toString()).isTrue();
    }
    assertThat(TimeAxis.words(read.axis().kept())).isEqualTo(read.axis().step());
  }

  @Test
  void aModelKnowsThatOfAFewDays() throws IOException {
    Path file = file(200, 1, day -> works(day) && !HOLIDAYS.contains(day));
    String kept = read(reading(null), file).axis().kept();
    Path few = file(28, 1, day -> works(day) && !HOLIDAYS.contains(day)); // to January 29
    var wanted = new SeriesFormat.Wanted(Provenance.NONE, List.of("calls"), List.of("calls"), 40);
    var reading = reading(kept);
    var read = reading.series(reading.table(few), wanted);
    var times =
        IntStream.range(0, read.series().size()).mapToObj(row -> read.time(row).orElseThrow());
    assertThat(times.map(LocalDateTime::toLocalDate)).doesNotContainAnyElementsOf(HOLIDAYS);
  }

  @Test
  void withRowsTheyAreDaysAsOthers() throws IOException {
    LocalDate closed = LocalDate.of(2024, 2, 19);
    Path file = file(120, 1, day -> works(day) && !day.equals(closed));
    var reading = reading(null).withGaps(Gaps.FILL);
    var read = read(reading, file);
    assertThat(read.axis().step()).isEqualTo("1 day (Monday to Friday)");
    assertThat(read.series().size()).isEqualTo(Files.readAllLines(file).size());
    int end = read.series().size();
    assertThat(read.time(end).orElseThrow().toLocalDate()).isEqualTo("2024-05-01");
  }

  @Test
  void aHolidayWithRowsIsOneAllTheSame() throws IOException {
    LocalDate open = LocalDate.of(2024, 2, 19);
    Path file = file(120, 1, day -> works(day) && (day.equals(open) || !HOLIDAYS.contains(day)));
    var read = read(reading(null), file);
    assertThat(read.series().size()).isEqualTo(Files.readAllLines(file).size() - 1);
    int end = read.series().size();
    assertThat(read.time(end).orElseThrow().toLocalDate()).isEqualTo("2024-05-02");
  }

  @Test
  void allHoursOfThemAreLeftOut() throws IOException {
    Path file = file(120, 24, day -> !HOLIDAYS.contains(day));
    var here = SeriesForm.FOUND.withHolidays(HOLIDAYS);
    for (var form : List.of(here, here.withZone("Asia/Kolkata"))) {
      var reading = new SeriesReading(form, List.of(), Gaps.REFUSE, null, Map.of());
      var read = read(reading, file);
      int end = read.series().size();
      assertThat(end).isEqualTo(Files.readAllLines(file).size() - 1);
      assertThat(read.time(end)).contains(LocalDateTime.of(2024, 5, 2, 0, 0));
    }
  }

  @Test
  void aMonthIsNotLeftOutForItsFirstDay() throws IOException {
    Path file = folder.resolve("months.csv");
    Files.writeString(file, "time,calls\n2024-02-01,1\n2024-03-01,2\n2024-05-01,4\n2024-06-01,5\n");
    var read = read(reading(null).withGaps(Gaps.FILL), file);
    assertThat(read.series().size()).isEqualTo(5);
    assertThat(read.time(2).orElseThrow().toLocalDate()).isEqualTo("2024-04-01");
  }
}
