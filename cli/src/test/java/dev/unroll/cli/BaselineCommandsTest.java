package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counting alone reaches, from the command line, for people and for machines. */
class BaselineCommandsTest {

  private static final String LABELED =
      "label\ttext\n" + "good\ta fine film\nbad\ta poor film\n".repeat(6);

  @TempDir Path folder;

  private String write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  private static JsonNode json(String... command) throws IOException {
    var result = Session.run(command);
    assertThat(result.status()).as(result.err()).isZero();
    return new ObjectMapper().readTree(result.out());
  }

  /** As train finds them, so that both are measured with the same tokens. */
  @Test
  void namesAreReadByTheirCharacters() throws IOException {
    var names = new StringBuilder("label\tname\n");
    var others = new StringBuilder("label\tname\n");
    for (int i = 0; i < 60; i++) {
      String name = "" + (char) ('a' + i % 20) + (char) ('k' + i / 20) + (i % 2 == 0 ? "na" : "us");
      (i % 5 == 0 ? others : names).append(i % 2 == 0 ? "f\t" : "m\t").append(name).append('\n');
    }
    String learned = write("names.tsv", names.toString());
    var result =
        Session.ok(
            "classify", "baseline", learned, "--test", write("others.tsv", others.toString()));
    assertThat(result.err()).contains("found: unit characters");
    assertThat(result.out()).contains("accuracy           100.00%");
  }

  @Test
  void eachPrintsJsonForMachines() throws IOException {
    String texts = write("texts.tsv", LABELED);
    String held = write("held.tsv", "label\ttext\ngood\tfine\nbad\tfine\n");
    var classified = json("classify", "baseline", texts, "--test", held, "--json");
    assertThat(classified.get("accuracy").asDouble()).isEqualTo(0.5);
    assertThat(classified.at("/labels/good/recall").asDouble()).isEqualTo(1);
    var folds = json("classify", "baseline", texts, "--cross-validate", "3", "--json");
    assertThat(folds.get("folds")).hasSize(3);
    assertThat(folds.at("/mean/accuracy").asDouble()).isEqualTo(1);
    assertThat(folds.at("/deviation/accuracy").asDouble()).isZero();
    var rows = Session.ok("classify", "baseline", texts, "--test", held, "--output", "csv");
    assertThat(rows.out()).startsWith("measure,value\n").contains("\naccuracy,0.5\n");
    var table = Session.ok("classify", "baseline", texts, "--cross-validate=3", "--output=csv");
    assertThat(table.out()).contains("\nfolds.1.accuracy,1.0\n", "\nmean.accuracy,1.0\n");

    String tagged = write("tagged.txt", "a B-X\nb O\n\n");
    String tags = write("tags.txt", "a B-X\nb B-X\n\n");
    var report = json("tag", "baseline", tagged, "--test", tags, "--json");
    assertThat(report.get("spanPrecision").asDouble()).isEqualTo(1);
    assertThat(report.get("spanRecall").asDouble()).isEqualTo(0.5);

    String pairs = write("pairs.tsv", "a b\tx y\n".repeat(3) + "b\ty\n");
    String wanted = write("wanted.tsv", "b\ty\na\tz\n");
    var written = json("transduce", "baseline", pairs, "--test", wanted, "--json");
    assertThat(written.get("exactMatch").asDouble()).isEqualTo(0.5);

    String heard = write("heard.tsv", "1 2\tab\n".repeat(3) + "1\tb\n");
    String labels = write("labels.tsv", "1\tab\n2\tcd\n");
    var constant = json("recognize", "baseline", heard, "--test", labels, "--json");
    assertThat(constant.get("exactMatch").asDouble()).isEqualTo(0.5);
    assertThat(constant.get("labelErrorRate").asDouble()).isEqualTo(0.5);

    String values = write("values.tsv", "value\ttext\n" + "1\tpoor\n3\tgood\n".repeat(20));
    var linear = json("regress", "baseline", values, "--test", values, "--json");
    assertThat(linear.get("rmse").asDouble()).isLessThan(0.1);
    assertThat(linear.at("/baseline/rmse").asDouble()).isEqualTo(1);

    String text = write("text.txt", "the cat sat\nthe dog sat\n".repeat(5));
    var measured =
        json("lm", "ngram", text, "--order", "2", "--min-count", "1", "--test", text, "--json");
    assertThat(measured.at("/all/tokens").asInt()).isEqualTo(40);
  }

  @Test
  void thereMustBeSomethingToMeasureOn() throws IOException {
    String tagged = write("tagged.txt", "a B-X\nb O\n\n");
    for (String task : new String[] {"tag", "transduce", "classify", "recognize"}) {
      var result = Session.run(task, "baseline", tagged);
      assertThat(result.status()).isEqualTo(2);
      assertThat(result.err()).contains("there is nothing to measure on", "--test FILE");
    }
  }

  @Test
  void mixedSchemesAreRefusedWhereTheyWouldBeMeasured() throws IOException {
    String tagged = write("tagged.txt", "a B-X\nb I-X\n\na B-X\nc O\n\n");
    String mixed = write("mixed.txt", "a B-X\nb E-X\n\na B-X\nb I-X\n\n".repeat(4));
    var result = Session.run("tag", "baseline", tagged, "--test", mixed);
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("mixed.txt:", "schemes are mixed");
  }
}
