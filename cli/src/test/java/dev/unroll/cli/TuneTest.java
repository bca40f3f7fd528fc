package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code unroll tune} and {@code train --seeds}. */
class TuneTest {

  @TempDir Path folder;
  private Path text;
  private Path model;

  @BeforeEach
  void writeText() throws IOException {
    text = Files.write(folder.resolve("my text.txt"), Session.sentences(80));
    model = folder.resolve("model.safetensors");
  }

  private String[] command(String... more) {
    var command = new ArrayList<>(List.of("tune", "lm", text.toString(), "-o", model.toString()));
    command.addAll(List.of("--epochs", "3", "--batch", "8"));
    command.addAll(List.of(more));
    return command.toArray(String[]::new);
  }

  private static final String[] SMALL = {
    "--search", "units=4,8", "--search", "rate=0.001..0.1:log", "--trials", "4", "--seeds", "2"
  };

  private static String line(String text, String begin) {
    return text.lines().filter(each -> each.startsWith(begin)).findFirst().orElseThrow();
  }

  @Test
  void theCommandThatIsPrintedTrainsTheSameModel() throws IOException {
    String out = Session.ok(command(SMALL)).out();
    assertThat(out).contains("rank", "perplexity", "usual settings", "±", "parameters");
    byte[] found = Files.readAllBytes(model);
    String again =
        line(out, "The same again:  unroll ").substring("The same again:  unroll ".length());
    assertThat(again).contains("lm train", "--epochs 3", "--batch 8", "--seed ");
    Files.delete(model);
    Session.ok(
        Stream.of(again.replace("'" + text + "'", "TEXT").split(" ", -1))
            .map(word -> word.equals("TEXT") ? text.toString() : word)
            .toArray(String[]::new));
    assertThat(Files.readAllBytes(model)).isEqualTo(found);
    assertThat(Session.ok("verify", model.toString(), text.toString()).out())
        .contains("the same bits");
    assertThat(Session.ok("info", model.toString()).out()).contains("unroll lm train FILE");
  }

  @Test
  void onAnyNumberOfThreadsAndOnceMoreTheSame() throws IOException {
    String out = Session.ok(command(SMALL)).out();
    byte[] found = Files.readAllBytes(model);
    assertThat(Session.ok(command(SMALL)).out()).isEqualTo(out);
    try (Stream<Path> records = Files.list(folder.resolve("model.safetensors.tune"))) {
      for (Path record : records.toList()) {
        Files.delete(record);
      }
    }
    var one = new ArrayList<>(List.of(SMALL));
    one.addAll(List.of("--threads", "1"));
    assertThat(Session.ok(command(one.toArray(String[]::new))).out()).isEqualTo(out);
    assertThat(Files.readAllBytes(model)).isEqualTo(found);
  }

  @Test
  void whatIsGivenIsNotSearched() {
    String out =
        Session.ok(command("--dry-run", "--units", "8", "--dropout", "0.1", "--trials", "7")).out();
    assertThat(out.lines().filter(each -> each.startsWith("trial "))).hasSize(7);
    assertThat(out)
        .contains("--cell=", "--rate=")
        .doesNotContain("--units", "--dropout", "--batch");
    assertThat(model).doesNotExist();
    assertThat(folder.resolve("model.safetensors.tune")).doesNotExist();
  }

  @Test
  void aRateThatIsFoundBoundsItsRange() {
    var found = Session.ok(command("--dry-run", "--find-rate", "--units", "8", "--trials", "1"));
    var usual = Session.ok(command("--dry-run", "--units", "8", "--trials", "1"));
    assertThat(line(usual.err(), "searching")).contains("rate=0.001..0.025:log");
    assertThat(line(found.err(), "searching"))
        .contains("rate=")
        .isNotEqualTo(line(usual.err(), "searching"));
    assertThat(Session.run(command("--find-rate", "--rate", "0.1")).err())
        .contains("--find-rate does nothing where the rate or its range is given");
  }

  static Map<String, String> refused() {
    return Map.ofEntries(
        Map.entry("rate", "is not an option with values"),
        Map.entry("=1,2", "is not an option with values"),
        Map.entry("units=", "is not an option with values"),
        Map.entry("units=8,,9", "has an empty value"),
        Map.entry("units=8,8", "names a value twice"),
        Map.entry("rate=1..0.1", "does not rise"),
        Map.entry("rate=0..1:log", "does not begin above 0"),
        Map.entry("rate=1..2:lin", "ends with :lin"),
        Map.entry("rate=a..2", "has no number before the dots"),
        Map.entry("lr=0.1,0.2", "--lr is --rate here"),
        Map.entry("cell=lstm,foo", "no cell is called foo"),
        Map.entry("units=8,many", "is not a whole number"),
        Map.entry("units=-4..8", "--search units=-4..8"),
        Map.entry("dropout=0.5..1.5", "input dropout is 1.5"),
        Map.entry("tied=yes,no", "--tied takes no value"),
        Map.entry("unit=words,bytes", "changes the data or what is measured"),
        Map.entry("seed=1..9", "changes the data or what is measured"),
        Map.entry("epochs=1..9", "--epochs is given and searched, too"),
        Map.entry("momentum=0.1,0.9", "--momentum does nothing with adam"));
  }

  static Stream<Map.Entry<String, String>> refusals() {
    return refused().entrySet().stream();
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void aRangeThatCannotBeSearchedIsRefused(Map.Entry<String, String> refusal) {
    var result = Session.run(command("--search", refusal.getKey()));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains(refusal.getValue());
    assertThat(folder.resolve("model.safetensors.tune")).doesNotExist();
  }

  @Test
  void aValueMayNeedAnother() {
    String out =
        Session.ok(
                command(
                    "--dry-run",
                    "--trials",
                    "9",
                    "--search",
                    "optimizer=sgd,adam",
                    "--search",
                    "momentum=0.5,0.9",
                    "--search",
                    "tied=true,false",
                    "--search",
                    "units=8|8,8"))
            .out();
    assertThat(out).contains("--tied", "--units=8,8", "--momentum=0.9", "--optimizer=sgd");
  }

  @ParameterizedTest
  @CsvSource({
    "--resume, a search continues by itself",
    "--metrics=m.jsonl, --metrics does nothing with unroll tune",
    "--trials=0, --trials is 0",
    "--seeds=0, --seeds is 0"
  })
  void whatHasNoMeaningIsRefused(String option, String said) {
    var result = Session.run(command(option));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains(said);
  }

  @Test
  void standardInputCannotBeReadAgain() {
    var result = Session.run("tune", "lm", "-", "-o", model.toString());
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("standard input can be read once");
  }

  @Test
  void severalSeedsKeepTheBestModelAndSayTheirDeviation() {
    String[] train = {
      "lm",
      "train",
      text.toString(),
      "-o",
      model.toString(),
      "--epochs",
      "2",
      "--units",
      "8",
      "--seeds",
      "3",
      "--seed",
      "5"
    };
    String said = Session.ok(train).err();
    assertThat(said)
        .contains("seed 5: perplexity", "seed 6: perplexity", "seed 7: perplexity")
        .contains("the best of 3 by validation; mean and standard deviation of all: perplexity")
        .contains(" ± ", "Next:  unroll lm sample");
    assertThat(folder.resolve("model.safetensors.seeds")).doesNotExist();
    assertThat(Session.ok("verify", model.toString(), text.toString()).out())
        .contains("the same bits");
    var resumed = new ArrayList<>(List.of(train));
    resumed.add("--resume");
    assertThat(Session.ok(resumed.toArray(String[]::new)).err())
        .contains("the model of runs that have ended")
        .doesNotContain("seed 5:");
  }

  @Test
  void seedsThatWereStoppedNeedResume() throws IOException {
    Files.createDirectory(folder.resolve("model.safetensors.seeds"));
    var result =
        Session.run(
            "lm",
            "train",
            text.toString(),
            "-o",
            model.toString(),
            "--epochs",
            "2",
            "--seeds",
            "2");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("Add --resume to continue them");
  }

  @Test
  void aModelThatIsTrainedFurtherKeepsItsShape() {
    Session.ok("lm", "train", text.toString(), "-o", model.toString(), "--units", "8");
    String said =
        Session.ok(
                "tune",
                "lm",
                text.toString(),
                "--from",
                model.toString(),
                "--dry-run",
                "-o",
                folder.resolve("other.safetensors").toString())
            .err();
    assertThat(line(said, "searching")).contains("rate=", "dropout=").doesNotContain("units=");
  }
}
