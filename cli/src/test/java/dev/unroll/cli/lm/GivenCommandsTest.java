package dev.unroll.cli.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.cli.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts written for a label or for a vector: what is written must be of that kind. */
class GivenCommandsTest {

  @TempDir Path folder;

  private Path table(boolean numbers) throws IOException {
    var table = new StringBuilder("kind\ttext\n");
    for (int i = 0; i < 200; i++) {
      boolean vowels = i < 100; // sorted by kind, as many tables are
      String kind = numbers ? (vowels ? "1,0.5" : "-1,0.5") : vowels ? "vowels" : "consonants";
      String letters = vowels ? "aeiou" : "bcdfg";
      table.append(kind).append('\t');
      for (int j = 0; j < 3 + i % 3; j++) {
        table.append(letters.charAt((i + j * (1 + i % 4)) % 5));
      }
      table.append('\n');
    }
    return Files.writeString(folder.resolve("kinds.tsv"), table.toString());
  }

  private Path train(Path data, String... more) {
    Path model = folder.resolve("m.safetensors");
    var words = new ArrayList<>(List.of("lm", "train", data.toString(), "-o", model.toString()));
    words.addAll(List.of("--given-column", "kind", "--unit", "characters", "--units", "16"));
    words.addAll(List.of("--epochs", "20", "--rate", "0.02", "--batch", "16"));
    words.addAll(List.of(more));
    Session.ok(words.toArray(String[]::new));
    return model;
  }

  private static List<String> draw(Path model, String given) {
    return Session.ok(
            "lm",
            "sample",
            model.toString(),
            "--given",
            given,
            "--count",
            "20",
            "--temperature",
            "0.4")
        .out()
        .lines()
        .filter(line -> !line.isBlank())
        .toList();
  }

  @Test
  void eachLabelHasItsLetters() throws IOException {
    Path data = table(false);
    for (String place : List.of("start", "steps")) {
      Path model =
          train(data, "--given-at", place, "--cell", place.equals("start") ? "lstm" : "gru");
      assertThat(draw(model, "vowels")).allMatch(line -> line.matches("[aeiou]+"));
      assertThat(draw(model, "consonants")).allMatch(line -> line.matches("[bcdfg]+"));
      assertThat(Session.ok("info", model.toString()).out()).contains(" consonants, vowels", place);
      assertThat(Session.ok("verify", model.toString(), data.toString(), "--threads", "1").out())
          .contains("the same bits");
    }
  }

  @Test
  void aLabelDecidesHowLikelyATextIs() throws IOException {
    Path model = train(table(false));
    Path text = Files.writeString(folder.resolve("t.txt"), "aei\n");
    String likely =
        Session.ok("lm", "score", model.toString(), text.toString(), "--given", "vowels").out();
    String unlikely =
        Session.ok("lm", "score", model.toString(), text.toString(), "--given", "consonants").out();
    assertThat(Double.parseDouble(likely.split("\\s+")[0]))
        .isGreaterThan(Double.parseDouble(unlikely.split("\\s+")[0]) + 3);
    Session.ok("lm", "eval", model.toString(), text.toString(), "--given", "vowels");
  }

  private static double perplexity(String... command) {
    String out = Session.ok(command).out();
    return Double.parseDouble(out.replaceAll("(?s).*?perplexity +([0-9.]+) per token.*", "$1"));
  }

  @Test
  void aTableIsMeasuredEachTextForItsOwnLabel() throws IOException {
    Path model = train(table(false));
    Path both =
        Files.writeString(folder.resolve("b.tsv"), "kind\ttext\nvowels\taei\nconsonants\tbcd\n");
    Path vowels = Files.writeString(folder.resolve("v.txt"), "aei\n");
    Path consonants = Files.writeString(folder.resolve("c.txt"), "bcd\n");
    String m = model.toString();
    double whole = perplexity("lm", "eval", m, both.toString(), "--given-column", "kind");
    double first = perplexity("lm", "eval", m, vowels.toString(), "--given", "vowels");
    double second = perplexity("lm", "eval", m, consonants.toString(), "--given", "consonants");
    assertThat(whole).isCloseTo(Math.sqrt(first * second), within(1e-3)); // as long as each other
    Path other =
        Files.writeString(folder.resolve("d.tsv"), "kind\ttext\nvowels\taei\ndigits\t123\n");
    var unknown = Session.run("lm", "eval", m, other.toString(), "--given-column", "kind");
    assertThat(unknown.status()).isEqualTo(2);
    assertThat(unknown.err()).contains("d.tsv:3: the model does not write for «digits»");
  }

  @Test
  void vectorsAreRead() throws IOException {
    Path model = train(table(true), "--given-numbers", "--valid", table(true).toString());
    assertThat(draw(model, "1 0.5")).allMatch(line -> line.matches("[aeiou]+"));
    assertThat(draw(model, "-1,0.5")).allMatch(line -> line.matches("[bcdfg]+"));
    var wrong = Session.run("lm", "sample", model.toString(), "--given", "1");
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err()).contains("«1» has 1 number, not 2");
  }

  @Test
  void aModelForALabelWantsOneToBeNamed() throws IOException {
    Path data = table(false);
    Path model = train(data);
    for (String command : List.of("sample %s", "eval %s " + data, "score %s " + data)) {
      var missing = Session.line("lm " + command.formatted(model));
      assertThat(missing.status()).as(missing.err()).isEqualTo(2);
      assertThat(missing.err())
          .contains("none is named", "Name one of consonants, vowels, such as --given LABEL");
    }
    var other = Session.run("lm", "sample", model.toString(), "--given", "digits");
    assertThat(other.err()).contains("does not write for «digits»");
    var dynamic = Session.line("lm eval %s %s --given vowels --dynamic".formatted(model, data));
    assertThat(dynamic.err()).contains("dynamic evaluation of a model that writes for a label");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--given-column kind --reading stream | read sentence by sentence",
        "--given-numbers | do nothing without --given",
        "--given-column sort | no column is called «sort»",
        "--given-column kind --ids ids | --ids cannot be combined",
      })
  void optionsThatCannotBeUsedAreRefused(String options, String message) throws IOException {
    Path out = folder.resolve("o.safetensors");
    var refused = Session.line("lm train %s -o %s %s".formatted(table(false), out, options));
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains(message);
  }

  @Test
  void aColumnOfTextsWhereThereAreNoneIsRefused() throws IOException {
    Path marked = Files.writeString(folder.resolve("m.txt"), "__label__a ab cd\n".repeat(40));
    var bad =
        Session.line(
            "lm train %s -o %s --given-column label --text body --unit characters"
                .formatted(marked, folder.resolve("o.safetensors")));
    assertThat(bad.status()).isEqualTo(2);
    assertThat(bad.err())
        .contains("m.txt: it has no columns, but one is named", "Leave --text out");
  }

  @Test
  void aNumberThatIsNoneIsNamedWithItsLine() throws IOException {
    Path numbers = Files.writeString(folder.resolve("n.tsv"), "kind\ttext\n1,2\tab\nx,2\tcd\n");
    var bad =
        Session.line(
            "lm train %s -o %s --given-column kind --given-numbers --unit characters"
                .formatted(numbers, folder.resolve("o.safetensors")));
    assertThat(bad.err()).contains("n.tsv:3: «x» is not a finite number");
  }
}
