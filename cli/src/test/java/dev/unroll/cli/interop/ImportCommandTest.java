package dev.unroll.cli.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.cli.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code unroll import}, of weights in the form of PyTorch that another model of ours has. */
class ImportCommandTest {

  @TempDir static Path folder;

  private static String at(String name) {
    return folder.resolve(name).toString();
  }

  private static Session.Result run(String line) {
    return Session.run(words(line));
  }

  private static Session.Result ok(String line) {
    return Session.ok(words(line));
  }

  /** A word that begins with {@code @} is a file in the folder. */
  private static String[] words(String line) {
    return Arrays.stream(line.split(" ", -1))
        .map(word -> word.startsWith("@") ? at(word.substring(1)) : word)
        .toArray(String[]::new);
  }

  @BeforeAll
  static void train() throws IOException {
    Files.write(folder.resolve("text.txt"), Session.sentences(200));
    var rows = new ArrayList<String>(List.of("text\tlabel"));
    Session.sentences(120)
        .forEach(line -> rows.add(line + "\t" + (line.contains("dog") ? "dog" : "none")));
    Files.write(folder.resolve("table.tsv"), rows);
    ok(
        "lm train @text.txt --unit tokens --reading stream --cell gru-reset-after --no-layer-norm"
            + " --units 12 --min-count 1 --epochs 2 --no-ngrams -o @lm.safetensors");
    assertThat(ok("export @lm.safetensors --to pytorch -o @lm").out())
        .contains("weights.safetensors", "Check it:  python3 " + at("lm/model.py"));
    ok(
        "classify train @table.tsv --unit tokens --units 8 --pooling last --no-layer-norm --epochs 2"
            + " --no-ngrams -o @classify.safetensors");
    ok("export @classify.safetensors --to pytorch -o @classify");
  }

  private static String perplexity(String model) {
    String out = ok("lm eval @" + model + " @text.txt --json").out();
    return out.replaceAll("(?s).*\"perplexity\":([0-9.]+).*", "$1").substring(0, 7);
  }

  @Test
  void anImportedLanguageModelIsOneOfOurs() {
    var imported =
        ok(
            "import @lm/weights.safetensors --task lm --vocabulary @lm/vocabulary.txt"
                + " --unknown <UNK> --end <EOS> -o @in.safetensors");
    assertThat(imported.out())
        .contains("GRU of 12 units", "embedding embedding.weight", "reads a stream")
        .contains("imported from", "unroll lm eval " + at("in.safetensors"));
    assertThat(perplexity("in.safetensors")).isEqualTo(perplexity("lm.safetensors"));
    assertThat(ok("info @in.safetensors").out())
        .contains("imported           weights.safetensors", "framework          PyTorch");
    assertThat(ok("lm sample @in.safetensors --count 1").out()).isNotBlank();
    ok("compress @in.safetensors -o @small.safetensors");
    var verified = run("verify @in.safetensors @text.txt");
    assertThat(verified.status()).isEqualTo(2);
    assertThat(verified.err()).contains("it was imported from weights.safetensors");
    ok("lm train @text.txt --from @in.safetensors --epochs 1 --threads 1 -o @more.safetensors");
    assertThat(ok("verify @more.safetensors @text.txt --from @in.safetensors").out())
        .contains("the same bits");
  }

  @Test
  void aClassifierAndOtherLabels() throws IOException {
    String common =
        "import @classify/weights.safetensors --task classify --vocabulary"
            + " @classify/vocabulary.txt ";
    ok(common + "--labels @classify/labels.txt -o @c.safetensors");
    String same = ok("classify eval @c.safetensors @table.tsv").out();
    String own = ok("classify eval @classify.safetensors @table.tsv").out();
    assertThat(accuracy(same)).isEqualTo(accuracy(own));
    Files.writeString(folder.resolve("others.txt"), "cat\ndog\nnone\n", StandardCharsets.UTF_8);
    var refused = run(common + "--labels @others.txt -o @d.safetensors");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("it has 2 outputs, but there are 3 labels", "--fresh-head");
    ok(common + "--labels @others.txt --fresh-head -o @d.safetensors");
    ok("classify train @table.tsv --from @d.safetensors --epochs 1 -o @e.safetensors");
  }

  private static String accuracy(String report) {
    return report.lines().filter(line -> line.contains("ccuracy")).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "import @text.txt --task lm --vocabulary @lm/vocabulary.txt | is not a valid safetensors file",
        "import @none.pt --task lm --vocabulary @lm/vocabulary.txt | there is no such file",
        "import @lm/weights.safetensors --task lm --vocabulary @none.txt | cannot be read",
        "import @lm/weights.safetensors --task forecast --vocabulary @text.txt | for the task forecast",
        "import @lm/weights.safetensors --task lm --vocabulary @lm/vocabulary.txt --pooling max | --pooling does nothing",
        "import @lm/weights.safetensors --task tag --vocabulary @lm/vocabulary.txt --start x | --start does nothing",
        "import @lm/weights.safetensors --task lm --vocabulary @lm/vocabulary.txt --end nix | no token «nix»",
        "import @lm/weights.safetensors --task lm --vocabulary @lm/vocabulary.txt --like @text.txt | does not describe a network",
      })
  void wrongInputEndsWithStatusTwo(String line, String message) {
    var refused = run(line + " -o @refused.safetensors");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains(message);
    assertThat(folder.resolve("refused.safetensors")).doesNotExist();
  }

  @Test
  void aFolderForPyTorchHasNothingElseInIt() {
    assertThat(ok("export @lm.safetensors --to pytorch -o @lm").out()).contains("model.py");
    assertThat(run("export @lm.safetensors --to pytorch -o @text.txt").err()).contains("is a file");
    assertThat(run("export @lm.safetensors --to pytorch -o @.").err())
        .contains("is a folder with other files");
    assertThat(run("export @lm.safetensors --to pytorch --opset 17 -o @lm").err())
        .contains("--opset does nothing");
  }

  @Test
  void theOutputIsNoInput() {
    var refused =
        run(
            "import @lm/weights.safetensors --task lm --vocabulary @lm/vocabulary.txt -o"
                + " @lm/weights.safetensors");
    assertThat(refused.status()).isEqualTo(2);
  }
}
