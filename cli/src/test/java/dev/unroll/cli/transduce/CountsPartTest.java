package dev.unroll.cli.transduce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.cli.Session;
import dev.unroll.model.Transducer;
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

/** An encoder-decoder that is trained too little gets counts, and every command knows them. */
public class CountsPartTest {

  @TempDir static Path folder;

  private static final List<String> SOUNDS =
      List.of("AH", "B", "K", "D", "EH", "F", "", "HH", "IH", "K S");

  /** Words, of which each letter has its sound. */
  public static String table(int count, long seed) {
    var random = new Random(seed);
    var table = new StringBuilder();
    for (int i = 0; i < count; i++) {
      var word = new StringBuilder("a");
      var sounds = new ArrayList<>(List.of("AH"));
      for (int t = 2 + random.nextInt(5); t > 0; t--) {
        int letter = random.nextInt(10);
        word.append((char) ('a' + letter));
        sounds.add(SOUNDS.get(letter));
      }
      sounds.removeIf(String::isEmpty);
      table.append(word).append('\t').append(String.join(" ", sounds)).append('\n');
    }
    return table.toString();
  }

  private static Session.Result train(String name, String... more) {
    var words = new ArrayList<>(List.of("transduce", "train", at("sounds.tsv"), "-o", at(name)));
    words.addAll(List.of("--target-unit", "tokens", "--units", "6", "--epochs", "2"));
    words.addAll(Arrays.asList(more));
    return Session.ok(words.toArray(String[]::new));
  }

  private static String at(String name) {
    return folder.resolve(name).toString();
  }

  private static double exact(String model) {
    String out = Session.ok("transduce", "eval", at(model), at("held.tsv"), "--json").out();
    return Double.parseDouble(out.replaceAll("(?s).*?\"exactMatch\":([0-9.]+).*", "$1"));
  }

  @BeforeAll
  static void train() throws IOException {
    Files.writeString(folder.resolve("sounds.tsv"), table(200, 1));
    Files.writeString(folder.resolve("held.tsv"), table(100, 2));
    assertThat(train("both").err()).contains("nats/token, with joint n-grams");
    assertThat(train("alone", "--no-counts").err()).doesNotContain("with joint n-grams");
  }

  @Test
  void theModelIsBetter() {
    assertThat(exact("both")).isGreaterThan(0.9);
    assertThat(exact("alone")).isLessThan(0.1);
    assertThat(Session.ok("info", at("both")).out()).contains("joint n-grams: ", ", weight ");
    assertThat(Session.ok("info", at("alone")).out()).doesNotContain("joint n-grams");
  }

  @Test
  void itIsTrainedAgainToTheSameBits() {
    for (String model : List.of("both", "alone")) {
      assertThat(Session.ok("verify", at(model), at("sounds.tsv")).out()).contains("the same bits");
    }
  }

  /** The same network with other counts is another model. */
  @Test
  void countsAreVerifiedToo() {
    Transducer.open(folder.resolve("both")).withoutCounts().save(folder.resolve("less"));
    var found = Session.run("verify", at("less"), at("sounds.tsv"));
    assertThat(found.status()).isEqualTo(1);
    assertThat(found.out() + found.err()).contains("the same parameters, but other counts");
  }

  /** Pairs that somebody chose to measure with are counted nowhere. */
  @Test
  void pairsOfAnotherFileAreNotCounted() {
    assertThat(Session.ok("info", at("both")).out()).contains("training and validation data");
    train("other", "--valid", at("held.tsv"));
    assertThat(Session.ok("info", at("other")).out())
        .contains("joint n-grams: ")
        .doesNotContain("training and validation data");
    assertThat(Session.ok("verify", at("other"), at("sounds.tsv"), "--valid", at("held.tsv")).out())
        .contains("the same bits");
  }

  @Test
  void itIsRoundedTrainedFurtherAndWritesWithOthers() {
    Session.ok("compress", at("both"), "--weights", "int8", "-o", at("small"));
    assertThat(exact("small")).isGreaterThan(0.9);
    assertThat(train("further", "--from", at("both")).err()).contains("with joint n-grams");
    Session.ok("transduce", "eval", at("both"), at("held.tsv"), "--with", at("alone"));
    String best =
        Session.ok("transduce", "predict", at("both"), at("held.tsv"), "--nbest", "3").out();
    assertThat(best.lines()).hasSizeGreaterThan(200);
  }

  @Test
  void itsNetworkIsExportedByItself() {
    var refused = Session.run("export", at("both"), "-o", at("m.onnx"));
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("beside its network", "by itself: --no-counts");
    Session.ok("export", at("both"), "--no-counts", "-o", at("both.onnx"));
    Session.ok("export", at("alone"), "--no-counts", "-o", at("alone.onnx"));
  }
}
