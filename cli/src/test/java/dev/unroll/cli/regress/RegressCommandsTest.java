package dev.unroll.cli.regress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.cli.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers of texts from the command line: the sum of the digits of a number. */
class RegressCommandsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;

  private static Path sums;
  private static Path held;
  private static Path model;

  /** A table of sums of digits, which {@code separator} stands between. */
  private static Path table(String name, int count, String separator) throws IOException {
    var random = new Random(count);
    var table = new StringBuilder("id\ttext\tvalue\n");
    for (int i = 0; i < count; i++) {
      int[] digits = random.ints(1 + random.nextInt(6), 0, 10).toArray();
      String text =
          IntStream.of(digits).mapToObj(Integer::toString).collect(Collectors.joining(separator));
      table.append("%d\t%s\t%d%n".formatted(i, text, IntStream.of(digits).sum()));
    }
    return Files.writeString(folder.resolve(name), table);
  }

  private static Session.Result train(Path data, Path out, String... more) {
    var words = new ArrayList<>(List.of("regress", "train", data.toString(), "-o", out.toString()));
    words.addAll(List.of("--units", "16", "--dropout", "0", "--batch", "16", "--rate", "0.02"));
    words.addAll(List.of(more));
    return Session.run(words.toArray(String[]::new));
  }

  @BeforeAll
  static void train() throws IOException {
    sums = table("sums.tsv", 600, "");
    held = table("held.tsv", 80, "");
    model = folder.resolve("model.safetensors");
    var trained = train(sums, model, "--source-unit", "characters", "--epochs", "8");
    assertThat(trained.status()).as(trained.err()).isZero();
    assertThat(trained.err())
        .contains("493 texts to train on, 107 to validate on", "vocabulary  12 characters")
        .contains("validation RMSE", "Next:  unroll regress predict")
        .doesNotContain("nats");
  }

  private static JsonNode measured(Path own, Path data) throws IOException {
    return JSON.readTree(
        Session.ok("regress", "eval", "--json", own.toString(), data.toString()).out());
  }

  @Test
  void aModelIsMeasuredNextToTheMean() throws IOException {
    JsonNode json = measured(model, held);
    JsonNode mean = json.get("baseline");
    assertThat(json.get("texts").asInt()).isEqualTo(80);
    assertThat(json.get("r2").asDouble()).isGreaterThan(0.95);
    assertThat(mean.get("r2").asDouble()).isCloseTo(0, within(0.1));
    for (String name : List.of("mae", "rmse", "mse")) {
      assertThat(json.get(name).asDouble()).isLessThan(mean.get(name).asDouble() / 3);
    }
    String printed = Session.ok("regress", "eval", model.toString(), held.toString()).out();
    assertThat(printed.lines().map(line -> line.split(" ", 2)[0]))
        .containsExactly("", "MAE", "RMSE", "R²", "MSE", "80");
  }

  @Test
  void rSquaredOfValuesThatAreAlikeIsUndefined() throws IOException {
    Path alike = Files.writeString(folder.resolve("alike.tsv"), "value\ttext\n3\t12\n3\t21\n");
    assertThat(measured(model, alike).get("r2").isNull()).isTrue();
    assertThat(Session.ok("regress", "eval", model.toString(), alike.toString()).out())
        .containsPattern("R² +undefined +undefined");
  }

  @Test
  void eachTextHasItsValueInTheirOrder() throws IOException {
    String numbers = Session.ok("regress", "predict", model.toString(), held.toString()).out();
    String objects =
        Session.ok("regress", "predict", "--json", model.toString(), held.toString()).out();
    assertThat(numbers.lines()).hasSize(80);
    List<String> rows = Files.readAllLines(held);
    var printed = numbers.lines().map(Double::valueOf).toList();
    int i = 0;
    for (String line : objects.lines().toList()) {
      JsonNode json = JSON.readTree(line);
      assertThat(json.get("text").asText()).isEqualTo(rows.get(i + 1).split("\t", -1)[1]);
      assertThat(json.get("value").asDouble()).isCloseTo(printed.get(i), within(1e-4));
      i++;
    }
    Path lines = Files.writeString(folder.resolve("lines.txt"), "11\n99\n");
    String two = Session.ok("regress", "predict", model.toString(), lines.toString()).out();
    assertThat(two.lines().map(Double::valueOf).toList()).isSorted().hasSize(2);
  }

  @Test
  void sequencesOfNumbersAreRead() throws IOException {
    Path numbers = table("numbers.tsv", 300, ",1 ");
    var text = Files.readString(numbers).replaceAll("(?m)^(\\d+\t[^\t]+)\t", "$1,1\t");
    Files.writeString(numbers, text);
    Path own = folder.resolve("numbers.safetensors");
    var trained = train(numbers, own, "--source-unit", "numbers", "--epochs", "8");
    assertThat(trained.err()).contains("2 numbers a step");
    assertThat(measured(own, numbers).get("r2").asDouble()).isGreaterThan(0.9);
  }

  @Test
  void aModelRemembersItsColumnsAndIsVerifiedShownAndCompressed() throws IOException {
    String renamed = Files.readString(sums).replace("text\tvalue", "review\tstars");
    Path data = Files.writeString(folder.resolve("stars.tsv"), renamed);
    Path valid = Files.writeString(folder.resolve("valid.tsv"), "stars\treview\n3\t12\n4\t22\n");
    Path own = folder.resolve("stars.safetensors");
    String[] named = {"--value", "stars", "--text", "review", "--epochs", "1"};
    assertThat(train(data, own, named).status()).isZero();
    assertThat(measured(own, valid).get("texts").asInt()).isEqualTo(2);
    assertThat(Session.ok("verify", own.toString(), data.toString(), "--threads", "1").out())
        .contains("the same bits");
    assertThat(Session.ok("info", own.toString()).out())
        .contains("regress", "standard deviation", "--value stars --text review");
    Path small = folder.resolve("small.safetensors");
    Session.ok("compress", own.toString(), "-o", small.toString());
    assertThat(measured(small, valid).get("texts").asInt()).isEqualTo(2);
    Path chosen = folder.resolve("chosen.safetensors");
    var words = new ArrayList<>(List.of(named));
    words.addAll(List.of("--valid", valid.toString()));
    assertThat(train(data, chosen, words.toArray(String[]::new)).err())
        .contains("600 texts to train on, 2 to validate on");
  }

  @Test
  void aLearningRateIsLookedFor() {
    var found = Session.ok("regress", "train", sums.toString(), "--units", "4", "--find-rate");
    assertThat(found.out()).contains("per number", "Try --rate").doesNotContain("nats");
  }

  @Test
  void aRunThatHasEndedIsNotBegunAgain() {
    Path own = folder.resolve("ended.safetensors");
    assertThat(train(sums, own, "--epochs", "1").status()).isZero();
    assertThat(train(sums, own, "--epochs", "1", "--resume").err()).contains("has ended");
  }

  @Test
  void badInputIsNamed() throws IOException {
    String[] numbers = {"--source-unit", "numbers"};
    assertRefused(bad("x.tsv", "1\ta\nx\tb\n"), "x.tsv:3: ", "«x» is not a finite number");
    assertRefused(bad("nan.tsv", "NaN\ta\n"), "nan.tsv:2: ", "«NaN» is not a finite number");
    assertRefused(bad("v.tsv", "1\ta\n\tb\n"), "v.tsv:3: ", "the value is empty");
    assertRefused(bad("t.tsv", "1\ta\n2\t \n"), "t.tsv:3: ", "the text is empty");
    assertRefused(bad("r.tsv", "1\t1,2\n2\t1,2 3\n", numbers), "r.tsv:3: ", "step 2");
    assertRefused(bad("w.tsv", "1\t1\n2\t1 x\n", numbers), "w.tsv:3: ", "step 2 has «x»");
    assertRefused(bad("c.tsv", "5\ta\n5\tb\n", "--min-count", "1"), "have the same value, 5.0");
    assertRefused(bad("o.tsv", "5\ta\n"), "only one source");
    assertRefused(train(sums, out(), "--value", "price"), "sums.tsv:1: ", "«price»");
    assertRefused(train(sums, out(), "--direction", "sum"), "both directions are added");
    assertRefused(train(sums, out(), "--label-smoothing", "0.1"), "label smoothing");
    assertRefused(
        train(sums, out(), "--source-unit", "numbers", "--embedding", "5"), "--embedding");
    assertThat(out()).doesNotExist();
    Path blank = Files.writeString(folder.resolve("blank.txt"), "12\n\n");
    String[] predict = {"regress", "predict", model.toString(), blank.toString()};
    assertThat(Session.ok(predict).out().lines()).hasSize(2).last().isEqualTo("");
    Path word = Files.writeString(folder.resolve("word.tsv"), "value\ttext\none\t1\n");
    assertRefused(
        Session.run("regress", "eval", model.toString(), word.toString()), "word.tsv:2: ", "«one»");
    assertRefused(
        Session.run("regress", "predict", model.toString(), held.toString(), "--value", "x"),
        "--value does nothing");
  }

  private static Path out() {
    return folder.resolve("out.safetensors");
  }

  private static Session.Result bad(String name, String lines, String... more) throws IOException {
    return train(Files.writeString(folder.resolve(name), "value\ttext\n" + lines), out(), more);
  }

  private static void assertRefused(Session.Result result, String... parts) {
    assertThat(result.status()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(parts).doesNotContain("\tat ");
  }
}
