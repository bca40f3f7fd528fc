package dev.unroll.cli.lm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.cli.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An n-gram model without {@code <unk>}: texts with other words are impossible. */
class ClosedModelTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private String model = "";

  @BeforeEach
  void writeModel() throws IOException {
    model =
        write(
            "closed.arpa",
            """
            \\data\\
            ngram 1=4
            ngram 2=2

            \\1-grams:
            -0.5\t</s>
            -99\t<s>\t-0.2
            -0.4\ta\t-0.3
            -0.6\tb

            \\2-grams:
            -0.1\t<s> a
            -0.7\ta </s>

            \\end\\
            """);
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void eachTokenHasItsRankAndWhatIsImpossibleIsNull() throws IOException {
    String text = write("text.txt", "a b\nzz a\n");
    var found = Session.ok("lm", "score", "--per-token", model, text);
    assertThat(found.out().lines())
        .containsExactly(
            "-3.4539\t-1.1513\t3\ta b",
            "\ta\t-0.2303\t1",
            "\tb\t-2.0723\t3",
            "\t<EOS>\t-1.1513\t2",
            "-Infinity\t-Infinity\t3\tzz a",
            "\t<UNK>\t-Infinity\t4",
            "\ta\t-0.9210\t1",
            "\t<EOS>\t-1.6118\t1");
    var json = Session.ok("lm", "score", "--per-token", "--json", model, text);
    JsonNode impossible = JSON.readTree(json.out().lines().toList().get(1));
    for (String field : List.of("logProbability", "logProbabilityPerToken", "perplexity")) {
      assertThat(impossible.get(field).isNull()).as(field).isTrue();
    }
    assertThat(impossible.get("impossible").asInt()).isEqualTo(1);
    assertThat(impossible.at("/perToken/0/logProbability").isNull()).isTrue();
  }

  @Test
  void aMixtureShowsItsTokensWithoutRanks() throws IOException {
    String mixture = folder.resolve("mix.json").toString();
    String text = write("text.txt", "zz a\n");
    Session.ok("lm", "mix", model, model, "--tune", text, "-o", mixture);
    assertThat(Files.readString(Path.of(mixture))).contains("\"heldOutPerplexity\":null");
    var found = Session.ok("lm", "score", "--per-token", mixture, text);
    assertThat(found.out()).contains("\n\ta\t-0.9210\t-\n");
  }

  @Test
  void anInfinitePerplexitySaysSoInWords() throws IOException {
    String text = write("text.txt", "a b\nzz a\n");
    var found = Session.ok("lm", "eval", model, text);
    assertThat(found.out())
        .containsPattern("perplexity +infinite per token\n")
        .containsPattern("without <UNK> +3.3113\n")
        .containsPattern("impossible +1 of 6 tokens")
        .doesNotContain("Infinity", "NaN");
    var json = Session.ok("lm", "eval", "--json", model, text);
    JsonNode all = JSON.readTree(json.out()).get("all");
    assertThat(all.get("perplexity").isNull()).isTrue();
    assertThat(all.get("perplexityWithoutUnk").isDouble()).isTrue();
    assertThat(all.get("impossible").asInt()).isEqualTo(1);
  }

  @Test
  void equallyImpossibleHypothesesAreOrderedByTheOtherScore() throws IOException {
    String lists = write("lists.tsv", "x\t1\tzz\nx\t5\tyy zz\nx\t3\tzz\ny\t9\tzz\ny\t1\ta\n");
    var found = Session.ok("lm", "score", "--nbest", "--all", model, lists);
    assertThat(found.out().lines().map(line -> line.split("\t")[2]))
        .containsExactly("yy zz", "zz", "zz", "a", "zz");
    var json = Session.ok("lm", "score", "--nbest", "--json", model, lists);
    JsonNode best = JSON.readTree(json.out().lines().findFirst().orElseThrow());
    assertThat(best.get("score").isNull()).isTrue();
    assertThat(best.get("other").asDouble()).isEqualTo(5);
    var table = Session.ok("lm", "score", "--nbest", "--output", "csv", model, lists);
    assertThat(table.out().lines()).hasSize(3).startsWith("list,score,text,other,logProbability");
  }

  @Test
  void aPairOfImpossibleSentencesIsATie() throws IOException {
    String pairs = write("pairs.tsv", "zz\tyy\na\tb\n");
    var found = Session.ok("lm", "score", "--pairs", model, pairs);
    assertThat(found.out())
        .contains("50.00%", "1 of the pairs", "both sentences are impossible in 1");
    var json = Session.ok("lm", "score", "--pairs", "--json", model, pairs);
    assertThat(json.out()).contains("\"ties\":1,\"bothImpossible\":1");
  }
}
