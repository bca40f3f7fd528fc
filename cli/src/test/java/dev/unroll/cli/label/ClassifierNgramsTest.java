package dev.unroll.cli.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.cli.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A classifier that is trained too little gets n-grams, and every command knows it. */
public class ClassifierNgramsTest {

  @TempDir static Path folder;

  /** Labels follow from pairs of words, of which a network of two epochs learns little. */
  public static String table(int count, long seed) {
    var random = new Random(seed);
    var table = new StringBuilder("label\ttext\n");
    for (int i = 0; i < count; i++) {
      boolean good = random.nextBoolean();
      table.append(good ? "good" : "bad").append('\t');
      for (int word = 0; word < 6; word++) {
        int topic = random.nextInt(10) < 3 ? (good ? 0 : 1) : 2;
        table.append(word == 0 ? "" : " ").append("w").append(topic).append(random.nextInt(30));
      }
      table.append('\n');
    }
    return table.toString();
  }

  private static Session.Result train(String name, String... more) {
    var words = new ArrayList<>(List.of("classify", "train", at("texts.tsv"), "-o", at(name)));
    words.addAll(List.of("--units", "4", "--embedding", "4", "--epochs", "2", "--batch", "8"));
    words.addAll(Arrays.asList(more));
    return Session.ok(words.toArray(String[]::new));
  }

  private static String at(String name) {
    return folder.resolve(name).toString();
  }

  private static double accuracy(String model) {
    String out = Session.ok("classify", "eval", at(model), at("held.tsv"), "--json").out();
    return Double.parseDouble(out.replaceAll("(?s).*?\"accuracy\":([0-9.]+).*", "$1"));
  }

  @BeforeAll
  static void train() throws IOException {
    Files.writeString(folder.resolve("texts.tsv"), table(400, 1));
    Files.writeString(folder.resolve("held.tsv"), table(300, 2));
    assertThat(train("both").err()).contains("with n-grams; trained in");
    assertThat(train("alone", "--no-ngrams").err()).doesNotContain("with n-grams");
  }

  @Test
  void theAnswersAreBetter() {
    assertThat(accuracy("both")).isGreaterThan(accuracy("alone") + 0.05);
    assertThat(Session.ok("info", at("both")).out()).contains(" of up to 2 tokens");
    assertThat(Session.ok("info", at("alone")).out()).doesNotContain("n-grams");
  }

  @Test
  void itIsTrainedAgainToTheSameBits() {
    for (String model : List.of("both", "alone")) {
      assertThat(Session.ok("verify", at(model), at("texts.tsv")).out()).contains("the same bits");
    }
  }

  /** Texts that somebody chose to measure with are counted nowhere. */
  @Test
  void textsOfAnotherFileAreNotCounted() {
    assertThat(Session.ok("info", at("both")).out()).contains("training and validation data");
    train("other", "--valid", at("held.tsv"));
    assertThat(Session.ok("info", at("other")).out())
        .contains(" of up to 2 tokens")
        .doesNotContain("training and validation data");
    assertThat(Session.ok("verify", at("other"), at("texts.tsv"), "--valid", at("held.tsv")).out())
        .contains("the same bits");
  }

  @Test
  void itIsRoundedTrainedFurtherAndExported() {
    Session.ok("compress", at("both"), "--weights", "int8", "-o", at("small"));
    assertThat(accuracy("small")).isGreaterThan(accuracy("both") - 0.05);
    var further = train("further", "--from", at("both"));
    assertThat(further.err()).contains("of the parameters begin as in " + at("both"));
    assertThat(accuracy("further")).isGreaterThan(accuracy("alone"));
    assertThat(Session.ok("export", at("both"), "-o", at("both.onnx")).out())
        .contains("a regression on n-grams reads the input ngrams");
    Session.ok("export", at("both"), "--to", "pytorch", "-o", at("torch"));
    assertThat(folder.resolve("torch/ngrams.json")).content().startsWith("{\"order\":2,");
  }

  @Test
  void theBaselineOfTextsWithSeveralLabelsDecidesOnEachLabel() throws IOException {
    var rows = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      var words = new ArrayList<>(List.of("some", "word" + i));
      var labels = new ArrayList<String>();
      for (String label : List.of("a", "b", "c")) {
        if ((i >> labelBit(label)) % 2 == 1) {
          words.add("is" + label);
          labels.add('"' + label + '"');
        }
      }
      rows.append("{\"text\": \"").append(String.join(" ", words));
      rows.append("\", \"label\": [").append(String.join(", ", labels)).append("]}\n");
    }
    Path file = Files.writeString(folder.resolve("several.jsonl"), rows);
    var tested = Session.ok("classify", "baseline", file.toString(), "--test", file.toString());
    assertThat(tested.out()).contains("accuracy           100.00%", "micro F1           100.00%");
    var folds = Session.ok("classify", "baseline", file.toString(), "--cross-validate", "3");
    assertThat(folds.out()).contains("micro F1", "100.00%");
  }

  private static int labelBit(String label) {
    return label.charAt(0) - 'a';
  }
}
