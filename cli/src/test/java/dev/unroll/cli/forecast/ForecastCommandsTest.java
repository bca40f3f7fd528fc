package dev.unroll.cli.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.cli.Session;
import dev.unroll.cli.chart.SvgTexts;
import dev.unroll.tasks.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forecasts from the command line: sales that are higher on Sundays and with an offer. */
public class ForecastCommandsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DAYS = 240;

  @TempDir static Path folder;

  private static Path sales;
  private static Path model;

  public static String days(int from, int to, boolean open) {
    var random = new Random(3);
    var table = new StringBuilder("day,offer,sold\n");
    for (int day = 0; day < to; day++) {
      LocalDate date = LocalDate.of(2020, 1, 1).plusDays(day);
      int offer = random.nextInt(4) == 0 ? 1 : 0;
      double sold =
          50 + 20 * offer + (date.getDayOfWeek().getValue() == 7 ? 30 : 0) + random.nextGaussian();
      if (day >= from) {
        String number = open && day >= to - 7 ? "" : String.format(Locale.ROOT, "%.2f", sold);
        table.append(date).append(',').append(offer).append(',').append(number).append('\n');
      }
    }
    return table.toString();
  }

  private static Session.Result train(Path data, Path out, String... more) {
    var words =
        new ArrayList<>(List.of("forecast", "train", data.toString(), "-o", out.toString()));
    words.addAll(List.of("--context", "14", "--horizon", "7", "--units", "16", "--batch", "16"));
    words.addAll(List.of("--rate", "0.01"));
    words.addAll(List.of(more));
    return Session.run(words.toArray(String[]::new));
  }

  @BeforeAll
  static void train() throws IOException {
    sales = Files.writeString(folder.resolve("sales.csv"), days(0, DAYS, false));
    model = folder.resolve("model.safetensors");
    var trained =
        train(
            sales,
            model,
            "--known",
            "offer",
            "--calendar",
            "weekday",
            "--head",
            "gaussian",
            "--epochs",
            "60",
            "--rows",
            "..200");
    assertThat(trained.status()).as(trained.err()).isZero();
    assertThat(trained.err()).contains("season of 7 rows", "Next:  unroll forecast eval");
  }

  @Test
  void itBeatsTheSeasonalNaiveForecastOfDaysNotSeen() throws IOException {
    Path picture = folder.resolve("sales.svg");
    String command = "forecast eval " + model + " " + sales + " --rows 201..";
    String shown = Session.ok((command + " --plot " + picture).split(" ")).out();
    assertThat(shown)
        .contains("40 rows from 2020-07-19 to 2020-08-27; 34 origins", "in 80%", "all");
    SvgTexts drawn = SvgTexts.of(picture);
    assertThat(drawn.all())
        .contains("forecasts of 7 rows; shaded: 80% interval", "measured", "time");
    assertThat(drawn.clipped()).isEmpty();
    JsonNode json = JSON.readTree(Session.ok((command + " --json").split(" ")).out());
    double own = json.get("all").get("mase").asDouble();
    assertThat(own).isLessThan(0.4 * json.get("seasonalNaive").get("mase").asDouble());
    assertThat(json.get("all").get("coverage").asDouble()).isBetween(0.4, 1.0);
    assertThat(json.get("byHorizon")).hasSize(7);
    assertThat(json.get("byTarget").has("sold")).isTrue();
  }

  @Test
  void itGoesOnWhereTheTargetIsEmpty() throws IOException {
    Path open = Files.writeString(folder.resolve("open.csv"), days(100, DAYS, true));
    String found = Session.ok("forecast", "predict", model.toString(), open.toString()).out();
    List<String> lines = found.lines().toList();
    assertThat(lines).hasSize(8);
    assertThat(lines.getFirst()).isEqualTo("time,sold,sold 10%,sold 90%");
    assertThat(lines.get(1)).startsWith("2020-08-21,");
    for (String line : lines.subList(1, 8)) {
      String[] fields = line.split(",");
      double guess = Double.parseDouble(fields[1]);
      assertThat(guess).isBetween(Double.parseDouble(fields[2]), Double.parseDouble(fields[3]));
    }
    String objects =
        Session.ok("forecast", "predict", model.toString(), open.toString(), "--json").out();
    List<String> rows = objects.lines().toList();
    for (int row = 0; row < 7; row++) {
      String[] fields = lines.get(row + 1).split(",");
      JsonNode json = JSON.readTree(rows.get(row));
      assertThat(json.get("time").asText()).isEqualTo(fields[0]);
      JsonNode sold = json.get("sold");
      double most = 1e-4 * sold.get("forecast").asDouble();
      assertThat(sold.get("forecast").asDouble())
          .isCloseTo(Double.parseDouble(fields[1]), within(most));
      assertThat(sold.get("quantiles").get("0.9").asDouble())
          .isCloseTo(Double.parseDouble(fields[3]), within(most));
    }
  }

  @Test
  void futureRowsOfKnownColumnsAreAskedFor() {
    var result = Session.run("forecast", "predict", model.toString(), sales.toString());
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("row 241 has no number in column offer");
  }

  @Test
  void aModelIsVerifiedShownAndCompressed() throws IOException {
    Path small = folder.resolve("small.safetensors");
    var trained =
        train(
            sales,
            small,
            "--target",
            "all",
            "--each",
            "--recursive",
            "--relative",
            "window",
            "--segment",
            "7",
            "--epochs",
            "2");
    assertThat(trained.status()).as(trained.err()).isZero();
    assertThat(Session.ok("verify", small.toString(), sales.toString(), "--threads", "1").out())
        .contains("the same bits");
    assertThat(Session.ok("info", small.toString()).out())
        .contains("relative         window", "unroll forecast train FILE -o MODEL");
    Path smaller = folder.resolve("smaller.safetensors");
    Session.ok("compress", small.toString(), "-o", smaller.toString());
    assertThat(
            Session.ok("forecast", "predict", smaller.toString(), sales.toString()).out().lines())
        .hasSize(8);
  }

  @Test
  void quantilesAndOneToOneWork() throws IOException {
    Path wide = folder.resolve("wide.safetensors");
    var quantiles = train(sales, wide, "--head", "quantiles", "--epochs", "2");
    assertThat(quantiles.status()).as(quantiles.err()).isZero();
    assertThat(
            Session.ok("forecast", "eval", wide.toString(), sales.toString(), "--rows", "80%..")
                .out())
        .contains("in 80%");
    Path one = folder.resolve("one.safetensors");
    var trained =
        Session.run(
            ("forecast train "
                    + sales
                    + " -o "
                    + one
                    + " --known offer --calendar weekday"
                    + " --context 0 --horizon 1 --units 16 --epochs 60 --rate 0.02")
                .split(" "));
    assertThat(trained.status()).as(trained.err()).isZero();
    String shown =
        Session.ok("forecast", "eval", one.toString(), sales.toString(), "--rows", "80%..").out();
    double mae =
        Double.parseDouble(
            shown
                .lines()
                .filter(line -> line.startsWith("all"))
                .findFirst()
                .orElseThrow()
                .split(" +")[1]);
    assertThat(mae).isLessThan(2.5);
    Path open = Files.writeString(folder.resolve("rows.csv"), days(DAYS - 7, DAYS, true));
    List<String> all =
        Session.ok("forecast", "predict", one.toString(), open.toString()).out().lines().toList();
    assertThat(all).hasSize(8).first().isEqualTo("time,sold");
    assertThat(all.getLast()).startsWith("2020-08-27,");
  }

  @Test
  void observedColumnsEndWhereTheTargetsDo() throws IOException {
    Path wide = folder.resolve("observed.safetensors");
    var table = new StringBuilder("day,offer,sold,visits\n");
    for (int day = 0; day < 60; day++) {
      LocalDate date = LocalDate.of(2020, 1, 1).plusDays(day);
      String known = day < 53 ? (40 + day % 7) + "," + (90 + day % 7) : ",";
      table.append(date).append(',').append(day % 2).append(',').append(known).append('\n');
    }
    Path file = Files.writeString(folder.resolve("visits.csv"), table.toString());
    String[] columns = {"--target", "sold", "--observed", "visits", "--known", "offer"};
    var words = new ArrayList<>(List.of(columns));
    words.addAll(List.of("--epochs", "2"));
    Path past =
        Files.writeString(
            folder.resolve("past.csv"),
            String.join("\n", table.toString().lines().limit(54).toList()));
    assertThat(train(past, wide, words.toArray(String[]::new)).status()).isZero();
    assertThat(Session.ok("forecast", "predict", wide.toString(), file.toString()).out().lines())
        .hasSize(8);
    var without = Session.run("forecast", "predict", wide.toString(), past.toString());
    assertThat(without.err())
        .contains("row 54 has no number in column offer", "Let the file continue for 7 rows");
  }

  @Test
  void aSeriesTooShortForTheHorizonIsRefused() throws IOException {
    Path few = Files.writeString(folder.resolve("few.csv"), days(DAYS - 20, DAYS, false));
    for (String more : List.of("", " --json", " --plot " + folder.resolve("few.svg"))) {
      var result = Session.run(("forecast eval " + model + " " + few + more).split(" ", -1));
      assertThat(result.status()).as(result.err()).isEqualTo(2);
      assertThat(result.err())
          .contains("nothing can be measured on 20 rows", "a horizon of 7")
          .doesNotContain("\tat ");
      assertThat(result.out()).isEmpty();
    }
    Path enough = Files.writeString(folder.resolve("enough.csv"), days(DAYS - 21, DAYS, false));
    assertThat(Session.ok("forecast", "eval", model.toString(), enough.toString()).out())
        .contains("1 origin");
  }

  @Test
  void aColumnThatIsConstantIsRefusedByName() throws IOException {
    Path still = folder.resolve("still.csv");
    Files.writeString(still, days(0, DAYS, false).replaceAll(",[01],", ",1,"));
    Path out = folder.resolve("still.safetensors");
    var refused = train(still, out, "--known", "offer", "--epochs", "1");
    assertThat(refused.status()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err()).contains("column offer has the same number, 1.0");
    assertThat(out).doesNotExist();
    var without = train(still, out, "--epochs", "1");
    assertThat(without.status()).as(without.err()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--rows ..20 | are too few for a context",
        "--target profit | no column of numbers is called «profit»",
        "--quantiles 0.5 | --quantiles does nothing",
        "--embedding 4 | --embedding does nothing without --each",
        "--word-dropout 0.1 | --word-dropout does nothing without --each",
        "--rows 5 | Write FROM..TO",
        "--rows 100..50 | leaves no row",
        "--calendar moon | the calendar has no moon",
        "--segment 4 | do not fill a context of 14",
        "--season 500 | Make --season smaller, or give more rows",
      })
  void optionsThatCannotBeUsedAreRefused(String options, String message) {
    Path out = folder.resolve("none.safetensors");
    assertThat(train(sales, out, options.split(" ", -1)).err()).contains(message);
    assertThat(out).doesNotExist();
  }

  /** Forty weeks of business days, each with the number of its week day. */
  @ParameterizedTest
  @ValueSource(strings = {"skip", "fill", "refuse"})
  void businessDaysGoOnAsBusinessDays(String gaps) throws IOException {
    var table = new StringBuilder("day,sold\n");
    for (LocalDate day = LocalDate.of(2023, 1, 2); day.getYear() == 2023; day = day.plusDays(1)) {
      int weekday = day.getDayOfWeek().getValue();
      table.append(weekday < 6 ? "%s,%d%n".formatted(day, 10 * weekday) : "");
    }
    Path file = Files.writeString(folder.resolve("business.csv"), table.toString());
    Path out = folder.resolve("business-" + gaps + ".safetensors");
    var trained =
        Session.line(
            "forecast train %s -o %s --gaps %s --calendar weekday --context 0 --horizon 1 --units 8 --epochs 25 --rate 0.02"
                .formatted(file, out, gaps));
    assertThat(trained.err())
        .contains("rows come in steps of 1 day (Monday to Friday)", "season of 5 rows");
    assertThat(Tasks.open(out).provenance().validationLoss()).isLessThan(0.05);
    Path few =
        Files.writeString(
            folder.resolve("few-days.csv"),
            "day,sold\n2024-01-04,40\n2024-01-05,50\n2024-01-08,\n2024-01-09,\n");
    List<String> lines =
        Session.ok("forecast", "predict", out.toString(), few.toString()).out().lines().toList();
    assertThat(lines).hasSize(3);
    assertForecast(lines.get(1), "2024-01-08", 10);
    assertForecast(lines.get(2), "2024-01-09", 20);
    String after = Session.ok("forecast", "predict", out.toString(), file.toString()).out();
    assertForecast(after.lines().toList().get(1), "2024-01-01", 10);
  }

  private static void assertForecast(String line, String time, double number) {
    assertThat(line).startsWith(time + ",");
    assertThat(Double.parseDouble(line.substring(time.length() + 1)))
        .isCloseTo(number, within(4.0));
  }

  /** A sensor that fails for days: nothing is made up for it. */
  @Test
  void missingNumbersAreMasked() throws IOException {
    var table = new StringBuilder("day,sold\n");
    for (int i = 0; i < 200; i++) {
      String number = i % 11 < 2 ? "" : Integer.toString(50 + (i % 7 == 0 ? 30 : 0));
      if (i % 23 != 5) {
        table.append("%s,%s%n".formatted(LocalDate.of(2023, 1, 1).plusDays(i), number));
      }
    }
    Path file = Files.writeString(folder.resolve("failing.csv"), table.toString());
    Path out = folder.resolve("failing.safetensors");
    assertThat(train(file, out, "--epochs", "20").err())
        .contains("missing before 2023-01-07", "--gaps mask");
    var trained = train(file, out, "--epochs", "20", "--gaps", "mask");
    assertThat(trained.status()).as(trained.err()).isZero();
    assertThat(Tasks.open(out).provenance().validationLoss()).isLessThan(0.2);
    assertThat(Session.line("forecast eval %s %s --rows 80%%..".formatted(out, file)).out())
        .contains("all ");
    assertThat(Session.line("forecast predict %s %s".formatted(out, file)).out().lines())
        .hasSize(8)
        .allMatch(line -> !line.contains("NaN"));
    assertThat(Session.ok("verify", out.toString(), file.toString()).out())
        .contains("the same bits");
  }

  /** All that need not be said is found, of the fewest rows, and compared with what is simplest. */
  @Test
  void nothingButTheFileIsNamed() throws IOException {
    var table = new StringBuilder("month;passengers\n");
    for (int i = 0; i < 30; i++) {
      table.append("%02d/%d;%d%n".formatted(i % 12 + 1, 1949 + i / 12, 100 + 3 * i + i % 12 * 9));
    }
    Path file = Files.writeString(folder.resolve("months.csv"), table.toString());
    Path out = folder.resolve("months.safetensors");
    var trained = Session.line("forecast train %s -o %s --units 16".formatted(file, out));
    assertThat(trained.status()).as(trained.err()).isZero();
    assertThat(trained.err())
        .contains(
            "found: season 12: from the times",
            "found: horizon 6: ",
            "found: context 12: ",
            "validation MASE ",
            "; seasonal naive ");
    assertThat(Tasks.open(out).provenance().json().get("found").toString()).contains("[season 12");
    List<String> lines =
        Session.ok("forecast", "predict", out.toString(), file.toString()).out().lines().toList();
    assertThat(lines).hasSize(7);
    assertThat(lines.get(1)).startsWith("07/1951,");
    assertThat(Session.ok("verify", out.toString(), file.toString()).out())
        .contains("the same bits");
  }

  @Test
  void holidaysStayInTheModel() throws IOException {
    Path days = Files.writeString(folder.resolve("holidays.csv"), "2020-02-03,fair\n2020-06-01\n");
    Path out = folder.resolve("holidays.safetensors");
    var trained =
        train(sales, out, "--epochs", "1", "--calendar", "business", "--holidays", days.toString());
    assertThat(trained.status()).as(trained.err()).isZero();
    assertThat(Tasks.open(out).provenance().text("holidays")).isEqualTo("2020-02-03,2020-06-01");
    Files.move(days, folder.resolve("moved.csv"));
    assertThat(Session.ok("forecast", "predict", out.toString(), sales.toString()).out().lines())
        .hasSize(8);
    Path moved = folder.resolve("moved.csv");
    String verify = "verify %s %s".formatted(out, sales);
    assertThat(Session.line(verify).status()).isEqualTo(2);
    assertThat(Session.line(verify + " --holidays " + moved).out()).contains("the same bits");
  }

  /** What cannot be learned is said plainly: noise has no better forecast than its mean. */
  @Test
  void aNetworkThatDoesNotBeatTheNaiveForecastIsSaidToBeSo() throws IOException {
    var table = new StringBuilder("day,x\n");
    long level = 0;
    var random = new Random(1);
    for (int i = 0; i < 100; i++) {
      level += random.nextInt(2) * 2 - 1;
      table.append("%s,%d%n".formatted(LocalDate.of(2023, 1, 1).plusDays(i), level));
    }
    Path file = Files.writeString(folder.resolve("walk.csv"), table.toString());
    Path out = folder.resolve("walk.safetensors");
    var trained = train(file, out, "--epochs", "1", "--relative", "nothing", "--season", "1");
    assertThat(trained.err()).contains(" is better", "Try:   --relative last");
    assertThat(Session.ok("forecast", "eval", out.toString(), file.toString()).out())
        .contains("last MAE", "(last number ")
        .doesNotContain("naive", "the last number again");
  }

  @ParameterizedTest
  @CsvSource({"..80%,80%..", "..100,101..", "..2020-04-01,FROM..TO", "..,FROM..TO"})
  void theRowsThatWereLeftAreTheNextToEvaluate(String rows, String left) {
    Path out = folder.resolve("rows.safetensors");
    assertThat(train(sales, out, "--epochs", "1", "--rows", rows).err())
        .contains("forecast eval " + out + " " + sales + " --rows " + left);
  }

  @Test
  void largeNumbersKeepTheirDigits() throws IOException {
    var table = new StringBuilder("day,count\n");
    for (int i = 0; i < 120; i++) {
      table
          .append(LocalDate.of(2023, 1, 1).plusDays(i))
          .append(',')
          .append(6779547060L + 3L * i)
          .append('\n');
    }
    Path file = Files.writeString(folder.resolve("large.csv"), table.toString());
    Path out = folder.resolve("large.safetensors");
    assertThat(train(file, out, "--relative", "last", "--epochs", "3").status()).isZero();
    String command = "forecast predict " + out + " " + file;
    List<String> lines = Session.line(command).out().lines().skip(1).toList();
    assertThat(lines.stream().map(line -> line.split(",")[1]).distinct()).hasSize(7);
    List<String> objects = Session.line(command + " --json").out().lines().toList();
    for (int row = 0; row < 7; row++) {
      double exact = JSON.readTree(objects.get(row)).get("count").get("forecast").asDouble();
      assertThat(exact).isCloseTo(6779547420.0, within(200.0));
      assertThat(Double.parseDouble(lines.get(row).split(",")[1])).isCloseTo(exact, within(0.05));
    }
  }

  @Test
  void timesWithoutARuleAndNumbersTooLargeAreRefused() throws IOException {
    var table = new StringBuilder("time,sold\n");
    var time = LocalDateTime.of(2023, 1, 1, 0, 0);
    for (int i = 0; i < 60; i++, time = time.plusMinutes(7 + i * i % 11)) {
      table.append(time).append(',').append(i % 5).append('\n');
    }
    Path file = Files.writeString(folder.resolve("odd.csv"), table.toString());
    Path out = folder.resolve("odd.safetensors");
    assertThat(train(file, out, "--gaps", "skip", "--epochs", "1").status()).isZero();
    var refused = Session.line("forecast predict %s %s".formatted(out, file));
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("follow no rule", "number the rows (--time none)");
    assertThat(Session.line("forecast eval %s %s".formatted(out, file)).status()).isZero();
    Path large =
        Files.writeString(folder.resolve("1e39.csv"), table.toString().replace(",4\n", ",1e100\n"));
    var far = Session.line("forecast predict %s %s --time none".formatted(out, large));
    assertThat(far.status()).isEqualTo(2);
    assertThat(far.err())
        .contains("1e39.csv: row ", " has 1.0E100 in column sold, which is too far");
  }

  @Test
  void aFileWithoutHeaderIsRefused() throws IOException {
    Path bare = Files.writeString(folder.resolve("bare.csv"), "2020-01-01,5\n2020-01-02,6\n");
    assertThat(train(bare, folder.resolve("none.safetensors")).err())
        .contains("bare.csv:1: there is no header");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--interval 0 --rows 80%.. | --interval is 0.0",
        "--at 9 | --at names row 9 of a horizon of 7",
        "--plot-target profit | no target is called profit",
      })
  void whatCannotBeMeasuredIsRefused(String options, String message) {
    var refused = Session.line("forecast eval %s %s %s".formatted(model, sales, options));
    assertThat(refused.err()).contains(message);
    assertThat(refused.out()).isEmpty();
  }
}
