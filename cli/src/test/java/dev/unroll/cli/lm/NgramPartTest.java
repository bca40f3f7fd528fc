package dev.unroll.cli.lm;

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

/** A language model that is trained too little gets n-grams, and every command knows them. */
public class NgramPartTest {

  @TempDir static Path folder;

  /** Words of syllables, which n-grams of letters know after a few lines. */
  public static List<String> lines(int count, long seed) {
    var random = new Random(seed);
    var syllables = List.of("ty", "ran", "no", "ste", "go", "sau", "rus", "don", "mi", "cro");
    var lines = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      var line = new StringBuilder();
      for (int t = 2 + random.nextInt(4); t > 0; t--) {
        line.append(syllables.get(random.nextInt(10)));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private static Session.Result train(String name, String... more) {
    var words = new ArrayList<>(List.of("lm", "train", at("names.txt"), "-o", at(name)));
    words.addAll(List.of("--unit", "characters", "--reading", "sentences", "--units", "6"));
    words.addAll(List.of("--epochs", "2"));
    words.addAll(Arrays.asList(more));
    return Session.ok(words.toArray(String[]::new));
  }

  private static String at(String name) {
    return folder.resolve(name).toString();
  }

  private static double perplexity(String model) {
    String out = Session.ok("lm", "eval", at(model), at("held.txt"), "--json").out();
    return Double.parseDouble(out.replaceAll("(?s).*?\"perplexity\":([0-9.]+).*", "$1"));
  }

  @BeforeAll
  static void train() throws IOException {
    Files.write(folder.resolve("names.txt"), lines(300, 1));
    Files.write(folder.resolve("held.txt"), lines(100, 2));
    assertThat(train("both").err()).contains("with n-grams; trained in");
    assertThat(train("alone", "--no-ngrams").err()).doesNotContain("with n-grams");
  }

  @Test
  void theModelIsBetter() {
    assertThat(perplexity("both")).isLessThan(0.9 * perplexity("alone"));
    assertThat(Session.ok("info", at("both")).out()).contains("of 5 tokens, weight 0.");
    assertThat(Session.ok("info", at("alone")).out()).doesNotContain("n-grams");
  }

  @Test
  void itIsTrainedAgainToTheSameBits() {
    for (String model : List.of("both", "alone")) {
      assertThat(Session.ok("verify", at(model), at("names.txt")).out()).contains("the same bits");
    }
  }

  /** A text that somebody chose to measure with is counted nowhere. */
  @Test
  void aTextOfAnotherFileIsNotCounted() {
    assertThat(Session.ok("info", at("both")).out()).contains("training and validation data");
    train("other", "--valid", at("held.txt"));
    assertThat(Session.ok("info", at("other")).out())
        .contains("of 5 tokens, weight 0.")
        .doesNotContain("training and validation data");
    assertThat(Session.ok("verify", at("other"), at("names.txt"), "--valid", at("held.txt")).out())
        .contains("the same bits");
  }

  @Test
  void itIsRoundedTrainedFurtherAndWrites() {
    Session.ok("compress", at("both"), "--weights", "int8", "-o", at("small"));
    assertThat(perplexity("small")).isLessThan(1.05 * perplexity("both"));
    var further = train("further", "--from", at("both"));
    assertThat(further.err()).contains("with n-grams; trained in");
    String next = Session.ok("lm", "next", at("both"), "tyra", "--count", "1").out();
    assertThat(next).containsPattern("^0\\.[0-9]+\tn");
    assertThat(Session.ok("lm", "sample", at("both"), "--count", "2").out().lines()).hasSize(2);
  }

  @Test
  void itsNetworkIsExportedByItself() {
    for (String format : List.of("onnx", "pytorch")) {
      var refused = Session.run("export", at("both"), "--to", format, "-o", at("m.onnx"));
      assertThat(refused.status()).isEqualTo(2);
      assertThat(refused.err()).contains("n-grams beside its network", "by itself: --no-ngrams");
    }
    Session.ok("export", at("both"), "--no-ngrams", "-o", at("both.onnx"));
    Session.ok("export", at("alone"), "--no-ngrams", "-o", at("alone.onnx"));
    assertThat(folder.resolve("both.onnx")).exists();
  }
}
