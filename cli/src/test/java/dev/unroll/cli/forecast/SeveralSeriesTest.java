package dev.unroll.cli.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.cli.Session;
import dev.unroll.model.Forecaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several series in one long table, found as people have it. */
class SeveralSeriesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  /** Shops that sell more on Saturdays; interleaved, the last with few days only. */
  private Path sales(boolean grouped, String... shops) throws IOException {
    var table = new StringBuilder("shop;region;day;sold\n");
    int days = 120;
    for (int i = 0; i < days * shops.length; i++) {
      int shop = grouped ? i / days : i % shops.length;
      int day = grouped ? i % days : i / shops.length;
      if (shop == shops.length - 1 && day >= 10) {
        continue;
      }
      LocalDate date = LocalDate.of(2024, 1, 1).plusDays(day);
      double sold =
          (shop + 1)
              * (100
                  + (date.getDayOfWeek().getValue() == 6 ? 60 : 0)
                  + new Random(1000L * shop + day).nextGaussian());
      String written = String.format(Locale.ROOT, "%.1f", sold).replace('.', ',');
      table.append(
          "%s;%s;%s;%s%n"
              .formatted(
                  shops[shop],
                  shop % 2 == 0 ? "north" : "south",
                  "%02d.%02d.%d"
                      .formatted(date.getDayOfMonth(), date.getMonthValue(), date.getYear()),
                  written));
    }
    return Files.writeString(folder.resolve("sales.csv"), table);
  }

  private Path train(Path sales, String... more) {
    Path model = folder.resolve("model.safetensors");
    var words =
        new ArrayList<>(List.of("forecast", "train", sales.toString(), "-o", model.toString()));
    words.addAll(List.of("--series", "shop", "--units", "16", "--epochs", "8"));
    words.addAll(List.of(more));
    var trained = Session.run(words.toArray(String[]::new));
    assertThat(trained.status()).as(trained.err()).isZero();
    assertThat(trained.err())
        .contains(
            "found: season 7",
            "found: 4 series, standardized together",
            "1 of 4 series are too short and left out",
            "seasonal naive");
    return model;
  }

  @Test
  void eachIsForecastAndMeasured() throws IOException {
    Path sales = sales(false, "A", "B", "C", "new");
    Path model = train(sales, "--static", "region");
    var found = Session.line("forecast predict %s %s".formatted(model, sales));
    assertThat(found.status()).as(found.err()).isZero();
    assertThat(found.err()).contains("left out: ", "shop new", "needs");
    List<String> lines = found.out().lines().toList();
    assertThat(lines).hasSize(1 + 3 * 7).first().isEqualTo("series,time,sold");
    assertThat(lines.get(1)).startsWith("A,30.04.2024,");
    assertThat(lines.get(8)).startsWith("B,30.04.2024,");
    var shown = Session.ok("forecast", "eval", model.toString(), sales.toString()).out();
    assertThat(shown).contains("series", "\nA ", "\nC ", "mean MASE of 3 series");
    var json =
        JSON.readTree(
            Session.ok("forecast", "eval", model.toString(), sales.toString(), "--json").out());
    assertThat(json.get("series")).hasSize(3);
    assertThat(json.get("meanMase").asDouble()).isPositive();
    assertThat(json.get("meanMaseOfLastNumber").asDouble()).isPositive();
    assertThat(json.get("series").get("A").get("lastNumber").get("mae").asDouble()).isPositive();
    assertThat(Forecaster.open(model).forecasting().observed())
        .containsExactly("region=north", "region=south");
  }

  @Test
  void aStaticColumnThatChangesIsRefusedWithItsLine() throws IOException {
    String rows =
        IntStream.range(1, 29)
            .mapToObj(day -> "2024-02-%02d,%s,%d\n".formatted(day, day < 9 ? "a" : "b", day))
            .collect(Collectors.joining());
    Path sales = Files.writeString(folder.resolve("changing.csv"), "day,kind,sold\n" + rows);
    String model = folder.resolve("none.safetensors").toString();
    var refused =
        Session.run("forecast", "train", sales.toString(), "--static", "kind", "-o", model);
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err())
        .contains("changing.csv:10: the static column kind is «b», and «a» in rows before")
        .contains("tells series apart with --series");
    Path alike =
        Files.writeString(folder.resolve("alike.csv"), "day,kind,sold\n" + rows.replace("b", "a"));
    assertThat(
            Session.run("forecast", "train", alike.toString(), "--static", "kind", "-o", model)
                .err())
        .contains("the static column kind is «a» in all series");
  }

  private Session.Result further(Path model, Path data, String... more) {
    var words = new ArrayList<>(List.of("forecast", "train", data.toString()));
    words.addAll(List.of("-o", folder.resolve("further.safetensors").toString()));
    words.addAll(List.of("--from", model.toString(), "--epochs", "1"));
    words.addAll(List.of(more));
    return Session.run(words.toArray(String[]::new));
  }

  @Test
  void trainedFurtherAModelReadsAsItDid() throws IOException {
    Path sales = sales(false, "A", "B", "C", "new");
    Path model = train(sales, "--static", "region");
    var trained = further(model, sales, "--static", "region", "--series", "shop");
    assertThat(trained.status()).as(trained.err()).isZero();
    var fields = Forecaster.open(folder.resolve("further.safetensors"));
    assertThat(fields.provenance().text("series")).isEqualTo("shop");
    assertThat(fields.forecasting()).isEqualTo(Forecaster.open(model).forecasting());
    Path one =
        Files.write(
            folder.resolve("one.csv"),
            Files.readAllLines(sales).stream()
                .filter(line -> line.startsWith("shop") || line.startsWith("A;"))
                .map(line -> line.substring(line.indexOf(';') + 1))
                .toList());
    assertThat(further(model, one).err()).contains("shop", "--series", "or none");
    var alone = further(model, one, "--series", "none");
    assertThat(alone.status()).as(alone.err()).isZero();
  }

  @Test
  void trainedFurtherAModelRefusesWhatItDoesNotRead() throws IOException {
    Path sales = sales(false, "A", "B", "C", "new");
    Path model = train(sales, "--static", "region");
    assertThat(further(model, sales, "--static", "shop").err())
        .contains("--static is shop, but it is region in");
    assertThat(further(model, sales, "--calendar", "weekday").err())
        .contains("--calendar is weekday, but it is none in");
    assertThat(further(model, sales, "--gaps", "mask").err()).contains("Take --gaps fill");
    Path days = Files.writeString(folder.resolve("days.csv"), "2024-05-01\n");
    assertThat(further(model, sales, "--holidays", days.toString()).err())
        .contains("holidays do nothing", "Leave --holidays out.");
  }

  /** Series that repeat themselves leave the seasonal-naive forecast no error to count in. */
  @Test
  void aMeasureThatIsNotDefinedIsNullForMachines() throws IOException {
    var table = new StringBuilder("shop,day,sold\n");
    for (int i = 0; i < 120; i++) {
      LocalDate day = LocalDate.of(2024, 1, 1).plusDays(i);
      table.append("A,").append(day).append(',').append(i % 7).append('\n');
      table.append("B,").append(day).append(',').append(3 * (i % 7)).append('\n');
    }
    String sales = Files.writeString(folder.resolve("same.csv"), table).toString();
    String model = folder.resolve("same.safetensors").toString();
    var words = new ArrayList<>(List.of("forecast", "train", sales, "-o", model));
    words.addAll(List.of("--series", "shop", "--units", "4", "--epochs", "1"));
    assertThat(Session.ok(words.toArray(String[]::new)).err()).doesNotContain("NaN");
    assertThat(Session.ok("forecast", "eval", model, sales).out())
        .contains("mean MASE of 2 series -, seasonal naive -, last number -")
        .doesNotContain("NaN");
    var json = JSON.readTree(Session.ok("forecast", "eval", model, sales, "--json").out());
    assertThat(json.get("meanMase").isNull()).isTrue();
    assertThat(json.get("series").get("A").get("forecast").get("mase").isNull()).isTrue();
  }

  @Test
  void theOrderOfTheRowsDoesNotMatter() throws IOException {
    Path model = train(sales(true, "A", "B", "C", "new"));
    byte[] first = Files.readAllBytes(model);
    train(sales(false, "A", "B", "C", "new"));
    assertThat(Files.readAllBytes(model)).isEqualTo(first);
  }

  @Test
  void aCategoryThatWasNotLearnedHasAnAnswer() throws IOException {
    Path sales = sales(false, "A", "B", "C", "new");
    Path model = train(sales, "--static", "region");
    Files.writeString(sales, Files.readString(sales).replace("north", "west"));
    var found = Session.line("forecast predict %s %s".formatted(model, sales));
    assertThat(found.out().lines()).hasSize(1 + 3 * 7);
  }
}
