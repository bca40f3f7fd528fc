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
            "1 of 4 series is too short and left out",
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

  /** Days of shops with a region and a size, which may be empty: name, days, region, size. */
  private Path shops(String file, Object[]... shops) throws IOException {
    var table = new StringBuilder("shop,day,region,size,sold\n");
    for (Object[] shop : shops) {
      for (int day = 0; day < (int) shop[1]; day++) {
        int sold = 50 + 10 * (day % 7) + shop[0].hashCode() % 7 + day % 5;
        table.append(
            "%s,%s,%s,%s,%d%n"
                .formatted(
                    shop[0], LocalDate.of(2024, 1, 1).plusDays(day), shop[2], shop[3], sold));
      }
    }
    return Files.writeString(folder.resolve(file), table);
  }

  private static Object[] shop(String name, int days, String region, String size) {
    return new Object[] {name, days, region, size};
  }

  private Session.Result trainShortly(Path sales, String... more) {
    var words = new ArrayList<>(List.of("forecast", "train", sales.toString(), "--series=shop"));
    words.addAll(List.of("-o", folder.resolve("short.safetensors").toString()));
    words.addAll(List.of("--context=7", "--horizon=3", "--season=7", "--calendar=none"));
    words.addAll(List.of("--units=4", "--epochs=1"));
    words.addAll(List.of(more));
    return Session.run(words.toArray(String[]::new));
  }

  @Test
  void aSeriesThatHasNoneOfTheRowsIsLeftOut() throws IOException {
    Path sales =
        shops(
            "closed.csv",
            shop("A", 120, "north", "1"),
            shop("B", 120, "south", "2"),
            shop("C", 80, "north", "3"));
    var trained = trainShortly(sales, "--rows", "2024-03-25..");
    assertThat(trained.status()).as(trained.err()).isZero();
    assertThat(trained.err())
        .contains("left out: ", "closed.csv, shop C: --rows 2024-03-25.. leaves no row of 80");
    String eval =
        "forecast eval %s %s --rows ".formatted(folder.resolve("short.safetensors"), sales);
    for (String rows : List.of("2024-04-01..", "100..110")) {
      var evaluated = Session.line(eval + rows);
      assertThat(evaluated.status()).as(evaluated.err()).isZero();
      assertThat(evaluated.err()).contains("left out: ", "shop C").doesNotContain("shop A");
      assertThat(evaluated.out()).contains("mean MASE of 2 series");
    }
    var none = Session.line(eval + "2025-01-01..");
    assertThat(none.status()).isEqualTo(2);
    assertThat(none.err()).contains("shop A: --rows", "shop B: --rows", "shop C: --rows");
    assertThat(Session.line(eval + "soon..").err()).containsOnlyOnce("«soon» is not a time");
  }

  @Test
  void aSeriesToValidateOnThatIsTooShortIsLeftOut() throws IOException {
    Path sales = shops("many.csv", shop("A", 60, "north", "1"), shop("B", 60, "south", "2"));
    Path valid = shops("valid.csv", shop("A", 40, "north", "1"), shop("B", 5, "south", "2"));
    var trained = trainShortly(sales, "--valid", valid.toString());
    assertThat(trained.status()).as(trained.err()).isZero();
    assertThat(trained.err())
        .contains("1 of 2 series to validate on is too short and left out: ")
        .contains("valid.csv, shop B");
    Path few = shops("few.csv", shop("A", 6, "north", "1"), shop("B", 5, "south", "2"));
    var refused = trainShortly(sales, "--valid", few.toString());
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err())
        .contains("none of 2 series to validate on has enough rows")
        .contains("few.csv, shop A; ", "few.csv, shop B");
  }

  /** It is none of the categories, and the mean of the other numbers. */
  @Test
  void aStaticColumnMayBeEmptyForASeries() throws IOException {
    Path sales =
        shops(
            "statics.csv",
            shop("A", 60, "north", "10"),
            shop("B", 60, "south", ""),
            shop("C", 60, "", "30"));
    Path unknown = shops("unknown.csv", shop("D", 60, "", ""), shop("E", 60, "west", "20"));
    for (String gaps : List.of("refuse", "fill", "skip", "mask")) {
      var trained = trainShortly(sales, "--static=region,size", "--gaps=" + gaps);
      assertThat(trained.status()).as(gaps + trained.err()).isZero();
      Path model = folder.resolve("short.safetensors");
      assertThat(Forecaster.open(model).forecasting().observed())
          .containsExactly("region=north", "region=south", "size");
      for (Path file : List.of(sales, unknown)) {
        var found = Session.line("forecast predict %s %s".formatted(model, file));
        assertThat(found.status()).as(gaps + found.err()).isZero();
        assertThat(found.out().lines()).as(gaps).hasSize(1 + (file == sales ? 3 : 2) * 3);
        assertThat(found.out()).doesNotContain("NaN");
      }
    }
    var found = trainShortly(sales, "--static=region,size").err();
    assertThat(found)
        .contains("static region: 2 categories")
        .contains("static region: empty in 1 of 3 series, which is read as none")
        .contains(
            "static size: empty in 1 of 3 series, which is read as the mean of the others, 20")
        .doesNotContain("gaps fill");
    var predicted = folder.resolve("short.safetensors");
    var lines = Session.line("forecast predict %s %s".formatted(predicted, unknown)).out();
    Files.writeString(unknown, Files.readString(unknown).replace(",west,20,", ",east,,"));
    assertThat(Session.line("forecast predict %s %s".formatted(predicted, unknown)).out())
        .isEqualTo(lines); // 20 is the mean
    Path empty = shops("empty.csv", shop("A", 60, "", "10"), shop("B", 60, "", ""));
    assertThat(trainShortly(empty, "--static=region").err())
        .contains("the static column region is empty in all series");
    assertThat(trainShortly(empty, "--static=size").err())
        .contains("the static column size is «10» or empty in all series");
  }
}
