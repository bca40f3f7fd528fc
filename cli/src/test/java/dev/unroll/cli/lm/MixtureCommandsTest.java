package dev.unroll.cli.lm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.cli.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** N-gram models and mixtures of them with networks, on a small text. */
class MixtureCommandsTest {

  @TempDir static Path folder;

  private static Path text;
  private static Path heldOut;
  private static Path network;
  private static Path ngrams;
  private static Path mixture;
  private static Session.Result estimated;
  private static Session.Result mixed;

  @BeforeAll
  static void mix() throws IOException {
    text = Files.write(folder.resolve("text.txt"), Session.sentences(600));
    heldOut = Files.write(folder.resolve("held.txt"), Session.sentences(80));
    network = folder.resolve("m.safetensors");
    ngrams = folder.resolve("kn.arpa");
    mixture = folder.resolve("mixed.json");
    Session.line(
        "lm train %s -o %s --units 16 --epochs 3 --rate 0.01 --no-ngrams".formatted(text, network));
    estimated =
        Session.line(
            "lm ngram %s --tokenizer-of %s --order 3 -o %s --test %s"
                .formatted(text, network, ngrams, text));
    mixed =
        Session.line("lm mix %s %s --tune %s -o %s".formatted(network, ngrams, heldOut, mixture));
  }

  private static double perplexity(Path model) throws IOException {
    var result = Session.ok("lm", "eval", "--json", model.toString(), heldOut.toString());
    return new ObjectMapper().readTree(result.out()).get("all").get("perplexity").asDouble();
  }

  @Test
  void ngramsAreEstimatedAndMeasured() {
    assertThat(estimated.status()).as(estimated.err()).isZero();
    assertThat(estimated.out()).contains("perplexity");
  }

  @Test
  void weightsAreFoundAndPrinted() {
    assertThat(mixed.status()).as(mixed.err()).isZero();
    assertThat(mixed.out()).contains("weight  perplexity  model").contains("mixed, on");
  }

  @Test
  void aMixtureIsAsGoodAsEachMember() throws IOException {
    assertThat(perplexity(mixture))
        .isLessThanOrEqualTo(perplexity(network) + 1e-6)
        .isLessThanOrEqualTo(perplexity(ngrams) + 1e-6);
  }

  @Test
  void scoreTakesAMixture() {
    var score = Session.ok("lm", "score", mixture.toString(), heldOut.toString());
    assertThat(score.out().lines()).hasSize(80);
  }

  @Test
  void withoutATextWeightsAreEqual() throws IOException {
    Path equal = folder.resolve("equal.json");
    var even = Session.ok("lm", "mix", network.toString(), ngrams.toString(), "-o", "" + equal);
    assertThat(even.err()).contains("equal.json: written, with equal weights");
    assertThat(Files.readString(equal)).contains("\"weight\":0.5}").doesNotContain("heldOut");
    assertThat(perplexity(equal)).isGreaterThan(perplexity(mixture));
  }

  @Test
  void aMixtureThatGoesNowhereIsRefused() {
    var nothing = Session.run("lm", "mix", network.toString(), ngrams.toString());
    assertThat(nothing.status()).isEqualTo(2);
    assertThat(nothing.err()).contains("neither --tune nor --out");
  }

  @Test
  void infoTellsHowNgramsWereEstimated() {
    assertThat(Session.ok("info", ngrams.toString()).out())
        .contains("n-gram language model", "sha256:", "unroll lm ngram FILE -o ARPA", "--order 3");
  }

  @Test
  void infoTellsWhatWasMixed() {
    assertThat(Session.ok("info", mixture.toString()).out())
        .contains("mixture of language models", "heldOutPerplexity", "file=kn.arpa, sha256=");
  }

  @Test
  void ngramsAreNotVerified() {
    var verified = Session.run("verify", ngrams.toString(), text.toString());
    assertThat(verified.status()).isEqualTo(2);
    assertThat(verified.err()).contains("kn.arpa: is not a network");
  }

  @Test
  void aMemberThatWasChangedIsRefused() throws IOException {
    Path place = Files.createDirectories(folder.resolve("changed"));
    Path member = place.resolve("kn.arpa");
    Files.writeString(member, Files.readString(ngrams).replace("ngram 1", "ngram  1"));
    Files.copy(network, place.resolve("m.safetensors"));
    Path copy = Files.copy(mixture, place.resolve("mixed.json"));
    var changed = Session.run("lm", "eval", copy.toString(), heldOut.toString());
    assertThat(changed.status()).isEqualTo(2);
    assertThat(changed.err()).contains("kn.arpa is not the file that was mixed");
  }
}
