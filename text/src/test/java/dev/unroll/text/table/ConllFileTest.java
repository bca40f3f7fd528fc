package dev.unroll.text.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConllFileTest {

  @TempDir Path folder;

  private List<ConllSentence> read(String text) throws IOException {
    return ConllFile.read(Files.writeString(folder.resolve("file.txt"), text));
  }

  @Test
  void columnsBetweenBlanksOrTabs() throws IOException {
    var sentences = read("The DT B-NP\ndog\tNN\tI-NP\n\n\n# SYM O\nruns VB B-VP\n");
    assertThat(sentences).hasSize(2);
    assertThat(sentences.get(0).column(0)).containsExactly("The", "dog");
    assertThat(sentences.get(0).column(2)).containsExactly("B-NP", "I-NP");
    assertThat(sentences.get(1).column(0)).containsExactly("#", "runs"); // a token, no comment
    assertThat(sentences.get(1).tokens().getFirst().number()).isEqualTo(5);
  }

  @Test
  void universalDependenciesKeepWhatIsNoToken() throws IOException {
    String rest = "\t_\tX\t_\t_\t0\troot\t_\t_";
    var sentences =
        read(
            "# newdoc id = a\n# text = vámonos\n1-2\tvámonos"
                + rest
                + "\n1\tvamos"
                + rest
                + "\n2\tnos otros"
                + rest
                + "\n2.1\tleft"
                + rest
                + "\n\n# text = #\n1\t#"
                + rest
                + "\n");
    assertThat(sentences).hasSize(2);
    assertThat(sentences.get(0).column(1)).containsExactly("vamos", "nos otros");
    assertThat(sentences.get(0).lines()).hasSize(7);
    assertThat(sentences.get(1).column(1)).containsExactly("#");
  }

  private static final String REST = "\t_\tX\t_\t_\t0\troot\t_\t_\n";

  private List<List<String>> tokens(String text, int column) throws IOException {
    return read(text).stream().map(each -> each.column(column)).toList();
  }

  /** Whatever is read, its lines come back. */
  private void assertLines(String text, List<List<String>> words, int column) throws IOException {
    assertThat(tokens(text, column)).isEqualTo(words);
    var lines = new StringBuilder();
    ConllFile.read(
        folder.resolve("file.txt"),
        sentence -> sentence.lines().forEach(line -> lines.append(line.text()).append('\n')));
    assertThat(lines).hasToString(text);
  }

  @Test
  void proseIsACommentOfConllU() throws IOException {
    String prose = "# can't find this in common voice file\n";
    for (String comments :
        List.of(
            prose,
            prose + "# sent_id = 1\n",
            "# sent_id = 1\n" + prose,
            "#\n#no blank\n#\ttab\ttab\n" + prose,
            "\n\n" + prose + "\n# sent_id = 1\n")) {
      String sentence = comments + "1-2\tdu" + REST + "1\tde" + REST + "1.1\tx" + REST;
      assertLines(
          sentence + "# within\n2\tle" + REST + "\n\n\n" + sentence + "\n# at the end\n",
          List.of(List.of("de", "le"), List.of("de")),
          1);
    }
  }

  @Test
  void filesOfColumnsHaveCommentsBeforeTheirSentences() throws IOException {
    String german = "#\thttp://de.wikipedia.org/wiki/Bach\t[2009-10-17]\n";
    assertLines(
        german + "1\tBach\tB\tO\n2\t#\tO\tO\n\n" + german + "1\tist\tO\tO\n\n",
        List.of(List.of("Bach", "#"), List.of("ist")),
        1);
    for (String comment :
        List.of(
            "# sent_id = 1",
            "# text = a b",
            "# id 7b34\tdomain=en",
            "#begin document (a/b); part 0",
            "# Copyright\n#\n# All rights",
            "-DOCSTART-\n",
            "# source\thttps://a.b")) {
      assertLines(
          comment + "\na _ _ O\nb _ _ O\n\n" + comment + "\nc _ _ O\n",
          List.of(List.of("a", "b"), List.of("c")),
          0);
    }
    for (String comment : List.of("#\thttp://a.b/c", "# id 7b34\tdomain=en", "# text = a\tb")) {
      assertLines(
          comment + "\na\tO\n\n" + comment + "\n#\tO\n", List.of(List.of("a"), List.of("#")), 0);
    }
    assertLines("# http://a.b/c [2009-10-17]\na b O\n", List.of(List.of("a")), 0);
    assertLines(
        "#end document\n-DOCSTART- O\n\na O\n", List.of(List.of("-DOCSTART-"), List.of("a")), 0);
  }

  @Test
  void theSignOfCommentsMayBeAToken() throws IOException {
    assertLines("#win O\n# SYM\n#\tSYM\n", List.of(List.of("#win", "#", "#")), 0);
    assertLines("#\tO\n#win\tO\n\n#\tO\n", List.of(List.of("#", "#win"), List.of("#")), 0);
    assertLines("# # B-NP\n1 CD I-NP\n", List.of(List.of("#", "1")), 0);
    assertLines("#a\n\n#b\n", List.of(List.of("#a"), List.of("#b")), 0);
  }

  @Test
  void tabsAloneSeparateWhereLinesHaveThem() throws IOException {
    assertLines(
        "New York\tB-LOC\n2 000\tO\n\u3000\tO\n\u00a0\tO\n \tO\n\u200b\tO\nzwei\u00a0drei\tO\n\n",
        List.of(List.of("New York", "2 000", "\u3000", "\u00a0", " ", "\u200b", "zwei\u00a0drei")),
        0);
    assertThat(tokens(" a \tb c \t\n d\t e f\t \n", 1)).containsExactly(List.of("b c", "e f"));
    assertThat(tokens("a\t\tO\nb\tx\tO\n", 1)).containsExactly(List.of("", "x"));
    assertThat(tokens("a\tb\n\t\t\nc\td\n", 0)).containsExactly(List.of("a"), List.of("c"));
  }

  @Test
  void blanksAloneSeparateElsewhere() throws IOException {
    assertLines(
        "\u3000 O\n10\u00a0000 O\n\u00a0 O\n  a  \t O \t\n\u3000\u00a0\nb O\n",
        List.of(List.of("\u3000", "10\u00a0000", "\u00a0", "a"), List.of("b")),
        0);
    assertLines("\u3000\na\n\n", List.of(List.of("\u3000", "a")), 0); // of one column
    assertThat(tokens("\ufeffa O\n\n\ufeffb O\n", 0)).containsExactly(List.of("a"), List.of("b"));
  }

  @Test
  void whyColumnsAreUnequalIsSaid() {
    assertRefused("a\tO\nb O\n", ":2: 1 column, where the tokens before have 2; it has no tabs");
    assertRefused("a O\nNew York\tO\n", ":2: 3 columns", "it has tabs, and they have none");
    assertRefused("a O\n2 000 O\n", ":2: 3 columns", "put tabs between the columns");
    assertRefused("a O\nb\u00a0O\n", ":2: 1 column", "U+00A0 in it separates no columns");
    assertRefused("a O\n# a comment\n", ":2: 3 columns", "it looks like a comment");
    assertRefused("#win\na O\n", ":1: 1 column, where the tokens after it have 2");
    assertRefused("1\ta" + REST + "2 b _ X _ _ 0 root _ _\n", ":2: 1 column", "it has no tabs");
  }

  private void assertRefused(String text, String... parts) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void unequalColumnsAreNamedWithTheirLine() {
    assertThatThrownBy(() -> read("a X\nb Y\nc\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("file.txt:3: 1 column, where the tokens before have 2");
  }

  @Test
  void aFileWithoutTokensIsRefused() {
    assertThatThrownBy(() -> read("\n\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no token");
  }
}
