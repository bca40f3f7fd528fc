package dev.unroll.cli.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.cli.Session;
import dev.unroll.model.Forecaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls to an office that is closed on weekends and holidays. */
class HolidayCommandsTest {

  private static final List<LocalDate> CLOSED =
      List.of(
          LocalDate.of(2024, 1, 15),
          LocalDate.of(2024, 2, 19),
          LocalDate.of(2024, 5, 27),
          LocalDate.of(2024, 6, 19));

  @TempDir Path folder;

  private Path calls;
  private Path holidays;
  private Path model;

  @BeforeEach
  void write() throws IOException {
    var rows = new StringBuilder("Date,Calls\n");
    for (int i = 0; i < 168; i++) { // to June 17, a Monday
      LocalDate day = LocalDate.of(2024, 1, 2).plusDays(i);
      if (day.getDayOfWeek().getValue() < 6 && !CLOSED.contains(day)) {
        rows.append(day).append(',').append(100 + 20 * day.getDayOfWeek().getValue() + i % 9);
        rows.append('\n');
      }
    }
    calls = Files.writeString(folder.resolve("calls.csv"), rows);
    holidays = folder.resolve("holidays.txt");
    Files.write(holidays, CLOSED.stream().map(LocalDate::toString).toList());
    model = folder.resolve("m.safetensors");
  }

  private Session.Result train(Path out, String... more) {
    var words = new ArrayList<>(List.of("forecast", "train", calls.toString()));
    words.addAll(List.of("-o", out.toString(), "--epochs", "1", "--units", "4"));
    words.addAll(List.of("--holidays", holidays.toString()));
    words.addAll(List.of(more));
    return Session.run(words.toArray(String[]::new));
  }

  @Test
  void holidaysWithoutRowsAreNeitherMissingNorForecast() throws IOException {
    var trained = train(model, "--calendar", "holiday,business", "--gaps", "refuse");
    assertThat(trained.status()).as(trained.err()).isZero();
    assertThat(trained.err())
        .contains(
            "rows come in steps of 1 day (Monday to Friday, without holidays)",
            "warning: calendar business is left out: it is the same in all rows",
            "warning: calendar holiday is left out: no row of the part that trains is on a holiday")
        .doesNotContain("gaps fill");
    assertThat(Forecaster.open(model).forecasting().known()).isEmpty();
    var lines = Session.ok("forecast", "predict", model.toString(), calls.toString()).out().lines();
    List<String> rows = lines.skip(1).toList();
    assertThat(rows.get(0)).startsWith("2024-06-18,");
    assertThat(rows.get(1)).startsWith("2024-06-20,").matches("2024-06-20,\\d+(\\.\\d)?");
    var evaluated =
        Session.ok("forecast", "eval", model.toString(), calls.toString(), "--rows", "70%..");
    assertThat(evaluated.out()).contains("MASE");
    assertThat(Session.ok("info", model.toString()).out())
        .contains("times              1 day (Monday to Friday, without holidays)")
        .doesNotContainPattern("(?m)^\\w+ *$(?<!found|forecasting|options|shrinkage|tensors)");
    Path further = folder.resolve("further.safetensors");
    var again = train(further, "--calendar", "business,holiday", "--from", model.toString());
    assertThat(again.status()).as(again.err()).isZero();
  }

  @Test
  void warningsArePrintedWithQuietToo() throws IOException {
    var quiet = train(model, "-q");
    assertThat(quiet.err()).contains("warning: calendar holiday is left out");
    assertThat(quiet.err().lines()).hasSize(1);
    Path shops = folder.resolve("shops.csv");
    var rows = new ArrayList<>(List.of("shop,Date,Calls"));
    Files.readAllLines(calls).stream().skip(1).forEach(line -> rows.add("A," + line));
    rows.add("B,2024-06-03,5");
    calls = Files.write(shops, rows);
    Files.writeString(holidays, "2024-03-05\n2024-03-06\n");
    quiet = train(model, "-q", "--series", "shop");
    assertThat(quiet.err()).contains("warning: series B has one row and is left out");
  }

  @Test
  void aStaticColumnIsNamedAsTheUserNamedIt() throws IOException {
    var rows = new ArrayList<>(List.of("shop,region,Date,Calls"));
    List<String> own = Files.readAllLines(calls);
    own.stream().skip(1).forEach(line -> rows.add("A,north," + line));
    own.stream().skip(1).forEach(line -> rows.add("B,south," + line));
    Path one = calls;
    calls = Files.write(folder.resolve("shops.csv"), rows);
    assertThat(train(model, "--series", "shop", "--static", "region").status()).isZero();
    var refused = Session.line("forecast predict %s %s --series none".formatted(model, one));
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("«region»").doesNotContain("region=");
  }
}
