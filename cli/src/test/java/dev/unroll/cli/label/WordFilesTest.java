package dev.unroll.cli.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.cli.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Comments, white space and columns of the files that people have come back as they were. */
class WordFilesTest {

  private static final String REST = "\t_\t_\t0\troot\t_\t_";

  private static final String UNIVERSAL =
      """
      # can't find this in common voice file
      # sent_id = 1
      1-2\tdu\t_\t_%1$s
      1\tde\t_\tADP%1$s
      2\tle\t_\tDET%1$s
      2.1\tx\t_\tX%1$s
      3\tNew York\t_\tPROPN%1$s

      """
          .formatted(REST);

  private static final String GERMAN =
      "#\thttp://de.wikipedia.org/wiki/Bach\t[2009-10-17]\n1\tBach\tB-PER\tO\n2\tkam\tO\tO\n"
          + "3\t#\tO\tO\n\n";

  @TempDir Path folder;

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private Session.Result train(Path data, String... more) {
    var words = new ArrayList<>(List.of("tag", "train", data.toString(), "-o", model()));
    words.addAll(List.of("--units", "4", "--embedding", "4", "--epochs", "2", "--spelling", "3"));
    words.addAll(List.of(more));
    return Session.run(words.toArray(String[]::new));
  }

  private String model() {
    return folder.resolve("m.safetensors").toString();
  }

  /** Trains on a file, and predicts it: each line comes back, tokens with a column added. */
  private void assertComesBack(String content, String mark, String... options) throws IOException {
    Path file = write("f.txt", content);
    assertThat(train(file, options).err()).contains("trained in");
    List<String> found =
        Session.ok("tag", "predict", model(), file.toString()).out().lines().toList();
    List<String> wanted = content.lines().toList();
    assertThat(found).hasSameSizeAs(wanted);
    for (int i = 0; i < found.size(); i++) {
      String line = wanted.get(i);
      String added = found.get(i).substring(Math.min(line.length(), found.get(i).length()));
      assertThat(found.get(i)).startsWith(line);
      assertThat(added).matches(line.isEmpty() || isComment(line) ? "" : mark + "\\S+");
    }
    assertThat(Session.ok("tag", "eval", model(), file.toString()).out()).contains("accuracy");
    var baseline =
        new ArrayList<>(List.of("tag", "baseline", file.toString(), "--test", file.toString()));
    baseline.addAll(List.of(options));
    assertThat(Session.ok(baseline.toArray(String[]::new)).out()).contains("accuracy");
    String same = Session.ok("tag", "predict", "--replace", model(), file.toString()).out();
    assertThat(withoutTags(same)).isEqualTo(withoutTags(content));
  }

  private static boolean isComment(String line) {
    return line.startsWith("# ") || line.startsWith("#\t");
  }

  private static String withoutTags(String text) {
    return text.replaceAll("\\b(ADP|DET|PROPN|X|O|B-LOC|I-LOC|B-PER|NOUN)\\b", "T");
  }

  @Test
  void linesOfConllUComeBack() throws IOException {
    assertComesBack((UNIVERSAL + "\n").repeat(8) + "# the end\n", "\t", "--words", "form");
    assertComesBack(UNIVERSAL.repeat(8).stripTrailing() + "\n", "\t", "--words", "form");
  }

  @Test
  void linesOfColumnsComeBack() throws IOException {
    assertComesBack(GERMAN.repeat(8), "\t", "--words", "2", "--tags", "3");
    assertThat(train(write("g.txt", GERMAN.repeat(8)), "--words", "2", "--tags", "3").err())
        .contains("g.txt:1 is read as a comment; 8 such");
    String tabs = "New York\tB-LOC\n2 000\tO\n\u3000\tO\n\u00a0\tO\na\u00a0b\tO\n#win\tO\n\n";
    assertComesBack(tabs.repeat(8), "\t");
    assertComesBack("\u3000 O\n10\u00a0000 O\n\u00a0 O\nBach B-PER\n#win O\n\n".repeat(8), " ");
  }

  @Test
  void filesComeBackOneAfterTheOther() throws IOException {
    Path open = write("open.txt", "a O\nb B-LOC\n\n".repeat(8) + "a O\n");
    assertThat(train(open).err()).contains("trained in");
    String once = Files.readString(open).replaceAll("(?m)^(.+)$", "$1 T");
    String out = Session.ok("tag", "predict", model(), open.toString(), open.toString()).out();
    assertThat(out.replaceAll("(?m) (O|B-LOC)$", " T")).isEqualTo(once + "\n" + once);
    var json = Session.ok("tag", "predict", "--json", model(), open.toString()).out();
    assertThat(json.lines()).hasSize(9);
  }

  @Test
  void linesHaveTheSameWordsAsColumns() throws IOException {
    String columns = "\u3000 O\n10\u00a0000 O\nBach B-PER\n\n".repeat(8);
    assertThat(train(write("f.txt", columns)).err()).contains("trained in");
    Path line = write("lines.txt", "\u3000  10\u00a0000\tBach \n\nBach\n");
    assertThat(withoutTags(Session.ok("tag", "predict", model(), "--lines", line.toString()).out()))
        .isEqualTo("\u3000 T\n10\u00a0000 T\nBach T\n\n\nBach T\n\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"words", "tags"})
  void columnsThatAreNotWordsOrTagsAreNamed(String what) throws IOException {
    String blanks = UNIVERSAL.replace("New York", "York").replace('\t', ' ').repeat(8);
    Path file = write("blanks.conllu", blanks);
    if (what.equals("words")) {
      var refused = train(file);
      assertThat(refused.status()).isEqualTo(2);
      assertThat(refused.err())
          .contains("blanks.conllu:3: the words, in column 1, count the tokens", "became blanks")
          .contains("such as --words 2; --words 1 if these are meant");
      assertThat(train(file, "--words", "1", "--tags", "4").err())
          .contains("note: ", "the words, in column 1, count the tokens", "trained in");
    } else {
      assertThat(train(file, "--words", "2").err())
          .contains("the tags, in column last, are all «_»", "--tags");
      assertThat(train(file, "--words", "2", "--tags", "4").err()).contains("trained in");
      assertThat(train(write("u.conllu", UNIVERSAL.repeat(8)), "--tags", "xpos").err())
          .contains("the tags, in column xpos, are all «_»");
    }
  }

  @Test
  void aModelOfOtherFilesDoesNotReadTheNumbersOfConllU() throws IOException {
    assertThat(train(write("two.txt", "de X\nle O\n\n".repeat(8))).err()).contains("trained in");
    Path other = write("u.conllu", UNIVERSAL);
    var refused = Session.run("tag", "predict", model(), other.toString());
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err())
        .contains("u.conllu:4: the model reads column 1 as words", "--words form");
    assertThat(Session.ok("tag", "predict", model(), other.toString(), "--words", "form").out())
        .contains("# sent_id = 1\n");
    var eval = Session.run("tag", "eval", model(), other.toString());
    assertThat(eval.err()).contains("the words, in column 1, count the tokens");
  }

  @Test
  void emptyColumnsAreNamed() throws IOException {
    String good = "a\tx\tO\nb\t\tB-LOC\n\n".repeat(8);
    assertThat(train(write("good.txt", good), "--columns", "2").err()).contains("trained in");
    assertThat(train(write("tag.txt", good + "c\tx\t\n")).err())
        .contains("tag.txt:25: column last is empty");
    assertThat(train(write("word.txt", good + "\tx\tO\n")).err())
        .contains("word.txt:25: column 1 is empty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"👍|👎", "❤️|💔", "😍 😍|😡", "🤮 🤮|🥰", "👍🏽|👍🏿", "1️⃣|#️⃣", "€|§"})
  void textsOfEmojiAreLearned(String pair) throws IOException {
    String[] own = pair.split("\\|", -1);
    String rows =
        List.of("label\ttext\n", "pos\t%s !\nneg\t%s !\n".formatted(own[0], own[1]).repeat(30))
            .stream()
            .collect(Collectors.joining());
    String file = write("emoji.tsv", rows).toString();
    Session.ok(
        "classify",
        "train",
        file,
        "--no-punctuation",
        "-o",
        model(),
        "--units",
        "8",
        "--embedding",
        "8",
        "--epochs",
        "8",
        "--rate",
        "0.02");
    assertThat(Session.ok("classify", "eval", model(), file).out())
        .contains("accuracy           100.00%  (60 of 60)");
  }
}
