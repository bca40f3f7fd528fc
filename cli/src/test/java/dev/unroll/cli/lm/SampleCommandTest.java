package dev.unroll.cli.lm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.cli.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is drawn after a prompt. */
class SampleCommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private String model(String... options) throws IOException {
    Path text = Files.write(folder.resolve("text.txt"), Session.sentences(200));
    String model = folder.resolve("m.safetensors").toString();
    var words = new ArrayList<>(List.of("lm", "train", text.toString(), "-o", model));
    words.addAll(List.of("--units", "8", "--epochs", "1"));
    words.addAll(List.of(options));
    Session.ok(words.toArray(String[]::new));
    return model;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--unit words",
        "--unit words --lower-case --no-punctuation",
        "--unit characters",
        "--unit bytes --reading sentences",
        "--unit tokens",
        "--unit byte-pairs --vocabulary 50",
      })
  void thePromptComesBackLetterByLetter(String options) throws IOException {
    String model = model(options.split(" "));
    for (String prompt :
        List.of("Ümit & Zoë: the", "  the  cat ", "the cat\n", "👍\tthe", "", " ", "\n")) {
      for (String how : List.of("--count 2", "--greedy", "--beam 3 --count 2")) {
        var words = new ArrayList<>(List.of("lm", "sample", model, "--prompt", prompt));
        words.addAll(List.of("--length", "7"));
        words.addAll(List.of(how.split(" ")));
        var text = Session.ok(words.toArray(String[]::new));
        words.add("--json");
        var json = Session.ok(words.toArray(String[]::new));
        var expected = new StringBuilder();
        for (String line : json.out().lines().toList()) {
          JsonNode sample = JSON.readTree(line);
          assertThat(sample.get("prompt").asText()).isEqualTo(prompt);
          assertThat(sample.get("tokens").asInt()).isBetween(1, 7);
          expected.append(prompt).append(sample.get("continuation").asText()).append('\n');
        }
        assertThat(text.out()).isEqualTo(expected.toString()).startsWith(prompt);
      }
    }
  }

  @Test
  void whatTheModelDoesNotKnowIsNamed() throws IOException {
    String model = model("--unit", "words");
    var found = Session.ok("lm", "sample", model, "--prompt", "Ümit & Zoë: the", "--length", "1");
    assertThat(found.err()).contains("does not know «Ümit», «&», «Zoë», «:» of the prompt");
    assertThat(found.out()).matches("Ümit & Zoë: the(\\.| \\w+)\n");
    var known = Session.ok("lm", "sample", model, "--prompt", "the cat", "--length", "1");
    assertThat(known.err()).isEmpty();
    var given = Session.run("lm", "sample", model, "--given", "Irish");
    assertThat(given.status()).isEqualTo(2);
    assertThat(given.err()).contains("trained without a condition", "Leave --given out");
    var both = Session.run("lm", "sample", model, "--json", "--scores");
    assertThat(both.err()).contains("--scores does nothing with --json");
  }

  @Test
  void noTextIsDrawnFromNgrams() throws IOException {
    Path arpa = Files.writeString(folder.resolve("m.arpa"), "\\data\\\nngram 1=0\n");
    var found = Session.run("lm", "sample", arpa.toString());
    assertThat(found.status()).isEqualTo(2);
    assertThat(found.err()).contains("n-gram model");
  }

  @Test
  void whatIsDrawnMatchesContainsAndAvoids() throws IOException {
    String model = model("--unit", "characters");
    var words = List.of("lm", "sample", model, "--length", "40", "--count", "3", "--seed", "5");
    var pattern =
        with(words, "--pattern", "(the|a) [a-z]+ [a-z ]*", "--must", "ca", "--ban", "e e");
    assertThat(Session.ok(pattern).out().lines())
        .hasSize(3)
        .allMatch(line -> line.matches("(the|a) [a-z]+ [a-z ]*"))
        .allMatch(line -> line.contains("ca") && !line.contains("e e"));
    assertThat(Session.ok(with(words, "--stop", "e")).out()).doesNotContain("e");
    assertThat(Session.run(with(words, "--pattern", "(a")).err()).contains("without its )");
    assertThat(Session.run(with(words, "--must", "7")).err()).contains("fulfills the constraint");
    assertThat(Session.run(with(words, "--whole-words")).err()).contains("--must and --ban");
    assertThat(Session.run(with(words, "--stop", "e", "--beam", "3")).status()).isEqualTo(2);
  }

  private static String[] with(List<String> words, String... more) {
    var all = new ArrayList<>(words);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void theNextTokensAndWordsArePrinted() throws IOException {
    String model = model("--unit", "characters");
    assertThat(Session.ok("lm", "next", model, "the ", "a", "--count", "2").out().lines())
        .hasSize(5) // a blank line between
        .filteredOn(line -> !line.isEmpty())
        .allMatch(line -> line.matches("0\\.\\d{4}\t.+"));
    var json = JSON.readTree(Session.ok("lm", "next", model, "the ", "--words", "--json").out());
    assertThat(json.get("prompt").asText()).isEqualTo("the ");
    assertThat(json.get("next")).hasSize(10);
    var table = Session.ok("lm", "next", model, "a, b", "the ", "--count", "2", "--output", "csv");
    assertThat(table.out().lines())
        .hasSize(5)
        .startsWith("prompt,token,probability")
        .filteredOn(line -> line.startsWith("\"a, b\","))
        .hasSize(2);
    assertThat(Session.run("lm", "next", model, "--count", "0").status()).isEqualTo(2);
  }

  @Test
  void whatWasCopiedIsNamed() throws IOException {
    String model = model("--unit", "words");
    String corpus = folder.resolve("text.txt").toString();
    var words = List.of("lm", "sample", model, "--count", "2", "--novelty", corpus);
    assertThat(Session.ok(with(words)).err()).contains("longest copied", "2-grams", "all:");
    JsonNode first =
        JSON.readTree(Session.ok(with(words, "--json")).out().lines().findFirst().get());
    assertThat(first.get("novelty").get("copiedNgrams").get("2").asDouble()).isBetween(0.0, 1.0);
    assertThat(Session.ok(with(words, "--output", "csv")).out().lines())
        .hasSize(3)
        .startsWith(
            "prompt,continuation,tokens,logProbability,novelty.unit,novelty.longestCopied,"
                + "novelty.copiedNgrams.2,novelty.copiedNgrams.3,novelty.copiedNgrams.4,"
                + "novelty.copiedNgrams.5,novelty.copiedNgrams.8");
    var own = Session.ok("lm", "novelty", corpus, "--corpus", corpus, "--json");
    assertThat(JSON.readTree(own.out()).get("copiedNgrams").get("8").asDouble()).isEqualTo(1);
    var missing = Session.run(with(words, "--novelty", "missing.txt"));
    assertThat(missing.err()).contains("missing.txt");
    assertThat(missing.out()).isEmpty(); // refused before anything is drawn
  }

  @Test
  void aGapIsFilledFromBothSides() throws IOException {
    String forward = model("--unit", "words");
    String backward = folder.resolve("backward.safetensors").toString();
    Path text = folder.resolve("text.txt");
    Files.move(Path.of(forward), folder.resolve("forward.safetensors"));
    Files.move(Path.of(model("--unit", "words", "--backward")), Path.of(backward));
    forward = folder.resolve("forward.safetensors").toString();
    var words = List.of("lm", "fill", forward, "the cat", "again", "--length", "3");
    var both = with(words, "--with", backward, "--count", "2");
    assertThat(Session.ok(both).out().lines())
        .hasSize(2)
        .allMatch(line -> line.matches("-\\d+\\.\\d{4}\tthe cat.* again"));
    JsonNode best = JSON.readTree(Session.ok(with(words, "--count", "1", "--json")).out());
    assertThat(best.has("gap")).isTrue();
    assertThat(best.has("backwardLogProbability")).isFalse();
    assertThat(Session.ok(with(words, "--count", "1", "--output", "csv")).out().lines())
        .hasSize(2)
        .startsWith("gap,text,score,logProbability");
    assertThat(Session.run(with(words, "--with", forward)).err()).contains("--backward");
    assertThat(Session.run("lm", "sample", backward).err()).contains("from right to left");
    assertThat(Session.ok("verify", backward, text.toString()).out()).contains("the same bits");
  }
}
