package dev.unroll.text.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import dev.unroll.text.Calendar;
import dev.unroll.text.Gaps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which times come after the rows of a file that leaves some out, always the same ones. */
class TimePatternTest {

  /** A Monday. */
  private static final LocalDate FIRST = LocalDate.of(2023, 1, 2);

  @TempDir Path folder;

  private SeriesTable table(List<?> times) throws IOException {
    var text = new StringBuilder("t,x\n");
    times.forEach(time -> text.append(time).append(',').append(text.length()).append('\n'));
    return SeriesTable.read(Files.writeString(folder.resolve("s.csv"), text), null);
  }

  private SeriesTable.Read read(Gaps gaps, List<?> times) throws IOException {
    return table(times).series(List.of("x"), List.of(), gaps);
  }

  private static List<String> next(SeriesTable.Read read, int count) {
    int size = read.series().size();
    return IntStream.range(size, size + count).mapToObj(read::label).toList();
  }

  private static List<LocalDate> days(int count, Predicate<LocalDate> there) {
    return LongStream.range(0, count).mapToObj(FIRST::plusDays).filter(there).toList();
  }

  private static boolean isBusinessDay(LocalDate day) {
    return day.getDayOfWeek().getValue() < 6;
  }

  /** From 2023-01-02 on; the pattern goes on for two periods, whatever is done with gaps. */
  @ParameterizedTest
  @EnumSource(Gaps.class)
  void daysThatAreAlwaysLeftOutAreLeftOutOfForecastsToo(Gaps gaps) throws IOException {
    for (String week : List.of("1111100", "0111110", "1111001", "1010100", "1000001")) {
      Predicate<LocalDate> there = day -> week.charAt(day.getDayOfWeek().getValue() - 1) == '1';
      List<LocalDate> all = days(200, there);
      var read = read(gaps, all.subList(0, 90 * week.replace("0", "").length() / 7));
      int size = read.series().size();
      assertThat(next(read, 12))
          .as(week)
          .isEqualTo(all.subList(size, size + 12).stream().map(LocalDate::toString).toList());
      assertThat(read.axis().season()).isEqualTo(week.replace("0", "").length());
    }
  }

  @Test
  void everySecondBusinessDay() throws IOException {
    List<LocalDate> business = days(200, TimePatternTest::isBusinessDay);
    var all = IntStream.range(0, 60).mapToObj(i -> business.get(2 * i)).toList();
    var read = read(Gaps.REFUSE, all.subList(0, 50));
    assertThat(next(read, 10))
        .isEqualTo(all.subList(50, 60).stream().map(LocalDate::toString).toList());
  }

  /** Nine to five, on business days or on all; half past nine to four in steps of half an hour. */
  @ParameterizedTest
  @CsvSource({
    "60, 09:00, 17:00, 5, 9",
    "60, 09:00, 17:00, 7, 9",
    "30, 09:30, 15:30, 5, 13",
    "1, 10:00, 10:59, 5, 60"
  })
  void hoursOfTrading(int minutes, String open, String close, int days, int season)
      throws IOException {
    var all = new ArrayList<String>();
    for (var time = FIRST.atStartOfDay();
        all.size() < 25 * season;
        time = time.plusMinutes(minutes)) {
      String hour = time.toLocalTime().toString();
      boolean there = hour.compareTo(open) >= 0 && hour.compareTo(close) <= 0;
      if (there && time.getDayOfWeek().getValue() <= days) {
        all.add(time.toString().replace('T', ' ') + ":00");
      }
    }
    int known = 20 * season - 2;
    for (Gaps gaps : Gaps.values()) {
      var read = read(gaps, all.subList(0, known));
      assertThat(next(read, season + 3)).isEqualTo(all.subList(known, known + season + 3));
      assertThat(read.axis().season()).isEqualTo(season);
    }
  }

  /** Holidays are gaps in the pattern; one Saturday is an exception to it. */
  @Test
  void gapsInAPattern() throws IOException {
    Predicate<LocalDate> holiday = day -> day.getDayOfMonth() == 4;
    List<LocalDate> school =
        days(500, day -> isBusinessDay(day) && !holiday.test(day) && day.getMonthValue() != 8);
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(Gaps.REFUSE, school))
        .withMessageContainingAll(
            "s.csv:4: 1 row is missing before 2023-01-05", "steps are of 1 day (Monday to Friday)");
    var filled = read(Gaps.FILL, school);
    assertThat(filled.series().size()).isEqualTo(days(500, TimePatternTest::isBusinessDay).size());
    var saturday = new ArrayList<>(school);
    saturday.add(5, LocalDate.of(2023, 1, 7));
    saturday.sort(null);
    var taken = read(Gaps.SKIP, saturday);
    assertThat(taken.series().size()).isEqualTo(saturday.size());
    assertThat(taken.label(4)).isEqualTo("2023-01-07");
    assertThat(taken.label(saturday.size() - 1)).isEqualTo(saturday.getLast().toString());
    assertThat(next(taken, 5))
        .containsExactly("2024-05-16", "2024-05-17", "2024-05-20", "2024-05-21", "2024-05-22");
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 60, 80, 95})
  void daysThatAreMissingByChanceAreNoPattern(int percent) throws IOException {
    var random = new Random(percent);
    List<LocalDate> some = days(150, day -> random.nextInt(100) < percent);
    var read = read(Gaps.SKIP, some);
    assertThat(read.axis().hasPattern()).isFalse();
    assertThat(next(read, 2))
        .containsExactly(
            some.getLast().plusDays(1).toString(), some.getLast().plusDays(2).toString());
  }

  /** Skipped rows lie at their own times, also in the calendar. */
  @Test
  void theCalendarIsThatOfEachRow() throws IOException {
    List<LocalDate> all = days(60, TimePatternTest::isBusinessDay);
    var read =
        table(all).series(List.of("x"), List.of(Calendar.WEEKDAY), Gaps.SKIP, List.of("x"), 7);
    for (int row = 0; row < read.series().size(); row++) {
      DayOfWeek day = LocalDate.parse(read.label(row)).getDayOfWeek();
      double angle = 2 * Math.PI * (day.getValue() - 1) / 7;
      assertThat(day.getValue()).isLessThan(6);
      assertThat(read.series().rows()[row][1]).isCloseTo(Math.sin(angle), within(1e-12));
      assertThat(read.series().rows()[row][2]).isCloseTo(Math.cos(angle), within(1e-12));
    }
  }

  /** Six rows around a weekend show little; the model knows more. */
  @Test
  void aModelKeepsThePattern() throws IOException {
    String kept =
        read(Gaps.SKIP, days(60, day -> day.getDayOfWeek().getValue() != 3)).axis().kept();
    var few = table(List.of("2024-01-01", "2024-01-02", "2024-01-04", "2024-01-05", "2024-01-06"));
    var known = few.withTimes(kept).series(List.of("x"), List.of(), Gaps.REFUSE);
    assertThat(next(known, 4))
        .containsExactly("2024-01-07", "2024-01-08", "2024-01-09", "2024-01-11");
    var between = table(List.of("2024-01-04", "2024-01-05", "2024-01-06", "2024-01-07"));
    var whole = between.withTimes(kept).series(List.of("x"), List.of(), Gaps.REFUSE);
    assertThat(next(whole, 3)).containsExactly("2024-01-08", "2024-01-09", "2024-01-11");
    var before = few.withTimes(TimeAxis.WITHOUT_PATTERN).series(List.of("x"), List.of(), Gaps.SKIP);
    assertThat(before.label(4)).isEqualTo("2024-01-05"); // as 0.2.0 counted
    for (String damaged :
        List.of("1970-01-05T00:00 0 - 0 7 0-4", "x", kept.replace(" 7 ", " 3 "))) {
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(() -> few.withTimes(damaged).series(List.of("x"), List.of(), Gaps.SKIP))
          .withMessageContaining("pattern of times is damaged");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "28, 2019-02, 40, 1, 2022-06-28, 2022-07-28",
    "30, 2019-04, 12, 1, 2020-04-30, 2020-05-30",
    "30, 2019-11, 3, 1, 2020-02-29, 2020-03-30",
    "29, 2019-02, 3, 1, 2019-05-29, 2019-06-29",
    "31, 2019-12, 3, 1, 2020-03-31, 2020-04-30",
    "31, 2019-02, 13, 1, 2020-03-31, 2020-04-30",
    "31, 2019-11, 2, 3, 2020-05-31, 2020-08-31",
    "30, 2019-11, 3, 3, 2020-08-30, 2020-11-30",
    "29, 2016-02, 4, 12, 2020-02-29, 2021-02-28",
    "29, 2016-02, 2, 48, 2024-02-29, 2028-02-29",
  })
  void oneDayOfSomeMonths(int day, String first, int rows, int step, String next, String then)
      throws IOException {
    var start = YearMonth.parse(first);
    var times =
        IntStream.range(0, rows)
            .mapToObj(i -> start.plusMonths((long) i * step))
            .map(month -> month.atDay(Math.min(day, month.lengthOfMonth())))
            .toList();
    for (Gaps gaps : Gaps.values()) {
      assertThat(next(read(gaps, times), 2)).containsExactly(next, then);
    }
  }

  @Test
  void someDaysOfEachMonthAndSomeMonthsOfEachYear() throws IOException {
    var halves =
        days(400, day -> day.getDayOfMonth() == 15 || day.plusDays(1).getDayOfMonth() == 1);
    assertThat(next(read(Gaps.REFUSE, halves), 3))
        .containsExactly("2024-02-15", "2024-02-29", "2024-03-15");
    var school =
        days(1100, day -> day.getDayOfMonth() == 1 && day.getMonthValue() / 2 != 7 / 2 + 1).stream()
            .filter(day -> day.getMonthValue() != 7)
            .toList();
    var read = read(Gaps.REFUSE, school);
    assertThat(read.axis().season()).isEqualTo(9);
    assertThat(next(read, 6))
        .containsExactly(
            "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01", "2026-10-01");
  }

  @Test
  void timesWithOffsetsAndZones() throws IOException {
    var berlin = ZoneId.of("Europe/Berlin");
    var start = ZonedDateTime.of(2020, 3, 20, 0, 0, 0, 0, berlin);
    var days = IntStream.range(0, 12).mapToObj(start::plusDays).toList();
    var offsets = days.stream().map(ZonedDateTime::toOffsetDateTime).toList();
    assertThat(next(read(Gaps.REFUSE, offsets), 1)).containsExactly("2020-04-01T00:00+02:00");
    assertThat(next(read(Gaps.REFUSE, days.subList(0, 9)), 2))
        .containsExactly(
            "2020-03-29T00:00+01:00[Europe/Berlin]", "2020-03-30T00:00+02:00[Europe/Berlin]");
    var hours = IntStream.range(0, 30).mapToObj(start.plusDays(8)::plusHours).toList();
    var read = read(Gaps.REFUSE, hours);
    assertThat(read.label(26)).isEqualTo("2020-03-29T03:00+02:00[Europe/Berlin]");
    assertThat(read.axis().time(26).getHour()).isEqualTo(3);
    var same = List.of("2023-01-02T00:00+02:00", "2023-01-03T00:00+02:00", "2023-01-04T00:00+0200");
    assertThat(next(read(Gaps.REFUSE, same), 1)).containsExactly("2023-01-05T00:00:00+02:00");
  }

  @Test
  void aTimeIsAsLongAsTheLongestZoneMakesIt() {
    String time = "2020-03-29T01:02:03.123456789-03:00[America/Argentina/ComodRivadavia]";
    assertThat(IsoTime.read(time)).isNotNull();
    assertThat(IsoTime.read("T".repeat(1_000_000))).isNull();
  }

  @Test
  void partsOfSecondsAndTimesLongAgo() throws IOException {
    var start = LocalDateTime.of(2020, 1, 1, 0, 0);
    var quarters =
        IntStream.range(0, 5).mapToObj(i -> start.plus(Duration.ofMillis(250L * i))).toList();
    var read = read(Gaps.REFUSE, quarters);
    assertThat(read.axis().step()).isEqualTo("250 milliseconds");
    assertThat(next(read, 1)).containsExactly("2020-01-01 00:00:01.25");
    var old = read(Gaps.SKIP, List.of("1700-01-01", "1700-01-02", "2020-01-01"));
    assertThat(next(old, 1)).containsExactly("2020-01-02");
  }

  /** What is known of them can be used; what comes after cannot be told. */
  @Test
  void timesWithoutARule() throws IOException {
    var times =
        List.of("2020-01-01 00:00", "2020-01-01 00:07", "2020-01-01 00:10", "2020-01-01 01:11");
    var read =
        table(times).series(List.of("x"), List.of(Calendar.HOUR), Gaps.SKIP, List.of("x"), 2);
    assertThat(read.label(3)).isEqualTo("2020-01-01 01:11");
    assertThat(read.series().rows()[4]).containsOnly(Double.NaN);
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read.label(4))
        .withMessageContainingAll(
            "follow no rule", "after 2020-01-01 01:11", "rows that have a time");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(Gaps.REFUSE, times))
        .withMessageContaining("not a whole number of steps");
  }
}
