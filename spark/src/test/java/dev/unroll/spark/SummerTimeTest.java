package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where clocks are put forward or back, the forecaster has the rows that the command has, whatever
 * says which moments they are.
 */
class SummerTimeTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final String SESSION_ZONE = "spark.sql.session.timeZone";
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

  @TempDir private Path folder;

  @AfterEach
  void asBefore() {
    Local.session().conf().unset(SESSION_ZONE);
  }

  /** A value at a moment. */
  private record Measured(int number, Instant moment, double value) {
    LocalDateTime local() {
      return moment.atZone(BERLIN).toLocalDateTime();
    }
  }

  /** Half hours of three days, in the middle of which clocks are changed. */
  private static List<Measured> measured(String day) {
    Instant start = LocalDate.parse(day).minusDays(1).atStartOfDay(BERLIN).toInstant();
    var random = new Random(7);
    var all = new ArrayList<Measured>();
    for (int i = 0; i < 144; i++) {
      Instant moment = start.plus(Duration.ofMinutes(30L * i));
      all.add(new Measured(i, moment, Math.sin(i * 0.26) + 0.2 * random.nextDouble()));
    }
    return all;
  }

  /** What the command makes of what clocks show. */
  private float[] command(List<Measured> all, String... more) throws Exception {
    var table = new StringBuilder("time,target\n");
    for (Measured each : all) {
      table.append("%s,%s%n".formatted(CLOCK.format(each.local()), each.value));
    }
    Path data = Files.writeString(folder.resolve("clocks.csv"), table.toString());
    var options =
        new ArrayList<>(
            List.of(
                "--time=time", "--target=target", "--calendar=hour", "--context=6", "--horizon=2"));
    options.addAll(List.of(more));
    return SmallTrainings.command(data, "forecast", options.toArray(String[]::new));
  }

  private interface Time {
    Object of(Measured measured);
  }

  /** Rows in any order. */
  private static Dataset<Row> rows(List<Measured> all, DataType type, Time time) {
    var schema =
        new StructType()
            .add("number", DataTypes.IntegerType)
            .add("time", type)
            .add("target", DataTypes.DoubleType);
    var rows = new ArrayList<Row>();
    all.forEach(each -> rows.add(RowFactory.create(each.number, time.of(each), each.value)));
    Collections.shuffle(rows, new Random(3));
    return Local.session().createDataFrame(rows, schema).repartition(3);
  }

  private static Dataset<Row> moments(List<Measured> all) {
    return rows(all, DataTypes.TimestampType, each -> Timestamp.from(each.moment));
  }

  private static UnrollForecastTrainer trainer(String orderCol) {
    return SmallTrainings.small(new UnrollForecastTrainer())
        .setParam("orderCol", orderCol)
        .setParam("calendar", "hour")
        .setParam("context", 6)
        .setParam("horizon", 2);
  }

  private static float[] trained(UnrollForecastTrainer trainer, Dataset<Row> rows) {
    return SmallTrainings.parameters(trainer.fit(rows));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2024-03-31", "2024-10-27"})
  void momentsAreThoseThatClocksShow(String day) throws Exception {
    var all = measured(day);
    float[] wanted = command(all, "--time-zone=Europe/Berlin");
    Local.session().conf().set(SESSION_ZONE, "Europe/Berlin");
    assertThat(trained(trainer(""), moments(all))).isEqualTo(wanted);
    for (String session : List.of("UTC", "America/New_York", "Europe/Berlin")) {
      Local.session().conf().set(SESSION_ZONE, session);
      var trainer = trainer("").setParam("timeZone", "Europe/Berlin");
      assertThat(trained(trainer, moments(all))).as(session).isEqualTo(wanted);
    }
  }

  /** Of an hour that is shown twice only the second was measured, which clocks do not say. */
  @Test
  void aMomentIsNotTakenForTheOneBefore() throws Exception {
    var all = measured("2024-10-27");
    Instant hour = Instant.parse("2024-10-27T00:00:00Z");
    all.removeIf(
        each -> Duration.between(hour, each.moment).toHours() == 0 && !each.moment.isBefore(hour));
    float[] shifted = command(all, "--time-zone=Europe/Berlin");
    Local.session().conf().set(SESSION_ZONE, "Europe/Berlin");
    var table = new StringBuilder("time,target\n");
    for (Measured each : all) {
      var zoned = DateTimeFormatter.ISO_ZONED_DATE_TIME.format(each.moment.atZone(BERLIN));
      table.append("%s,%s%n".formatted(zoned, each.value));
    }
    Path data = Files.writeString(folder.resolve("offsets.csv"), table.toString());
    float[] wanted =
        SmallTrainings.command(
            data,
            "forecast",
            "--time-zone=Europe/Berlin",
            "--calendar=hour",
            "--context=6",
            "--horizon=2",
            "--target=target");
    assertThat(trained(trainer(""), moments(all))).isEqualTo(wanted);
    assertThat(shifted).isNotEqualTo(wanted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2024-03-31", "2024-10-27"})
  void whatClocksShowIsReadAsTheCommandDoes(String day) throws Exception {
    var all = measured(day);
    float[] wanted = command(all, "--time-zone=Europe/Berlin");
    var ordered = trainer("number").setParam("timeZone", "Europe/Berlin");
    for (Dataset<Row> rows :
        List.of(
            rows(all, DataTypes.TimestampNTZType, Measured::local),
            rows(all, DataTypes.StringType, each -> CLOCK.format(each.local())))) {
      assertThat(trained(ordered, rows)).isEqualTo(wanted);
      var byTime = trainer("").setParam("timeZone", "Europe/Berlin");
      if (day.equals("2024-03-31")) {
        assertThat(trained(byTime, rows)).isEqualTo(wanted);
      } else {
        SmallTrainings.assertRefused(
            byTime, rows, "2024-10-27 02:00", "twice", "Europe/Berlin", "orderCol");
      }
    }
  }

  /** Also where the session has another zone. */
  @Test
  void aModelIsTrainedFurtherInItsZone() throws Exception {
    var all = measured("2024-03-31");
    command(all, "--time-zone=Europe/Berlin");
    Path parent = Files.move(folder.resolve("local.safetensors"), folder.resolve("parent"));
    float[] wanted = command(all, "--from=" + parent);
    for (String session : List.of("UTC", "America/New_York")) {
      Local.session().conf().set(SESSION_ZONE, session);
      var further = trainer("").setParam("fromModel", parent.toString());
      assertThat(trained(further, moments(all))).as(session).isEqualTo(wanted);
    }
  }

  @Test
  void whatClocksShowTwiceInTheZoneOfTheModelIsRefused() throws Exception {
    command(measured("2024-03-31"), "--time-zone=Europe/Berlin");
    Path parent = Files.move(folder.resolve("local.safetensors"), folder.resolve("parent"));
    var further = trainer("").setParam("fromModel", parent.toString());
    Dataset<Row> rows = rows(measured("2024-10-27"), DataTypes.TimestampNTZType, Measured::local);
    SmallTrainings.assertRefused(
        further, rows, "2024-10-27 02:00", "twice", "Europe/Berlin", "orderCol");
  }

  /** A zone without summer time says nothing, and a model does not remember it. */
  @Test
  void clocksThatNeverChangeAreReadAsTheyAre() throws Exception {
    var all = measured("2024-03-31");
    Local.session().conf().set(SESSION_ZONE, "UTC");
    var table = new StringBuilder("time,target\n");
    for (Measured each : all) {
      table.append(
          "%s,%s%n".formatted(CLOCK.format(each.moment.atZone(ZoneId.of("UTC"))), each.value));
    }
    Path data = Files.writeString(folder.resolve("utc.csv"), table.toString());
    float[] wanted =
        SmallTrainings.command(
            data, "forecast", "--calendar=hour", "--context=6", "--horizon=2", "--target=target");
    assertThat(trained(trainer(""), moments(all))).isEqualTo(wanted);
  }
}
