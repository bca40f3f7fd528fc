package dev.unroll.text.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ColumnCheckTest {

  @TempDir Path folder;

  private ColumnCheck check(String text, String words, String tags) throws IOException {
    var read = ConllFile.read(Files.writeString(folder.resolve("f"), text));
    return new ColumnCheck(read, new ConllColumns(words, tags, List.of()));
  }

  private static void assertProblem(Optional<InputException> found, String... parts) {
    assertThat(found).isPresent();
    assertThat(found.orElseThrow().getMessage()).contains(parts);
  }

  @Test
  void numbersOfTokensAreNotWords() throws IOException {
    String lost = "# text = a b\n1 a _ X\n2 b _ Y\n3 c _ X\n\n".replace(" _", " _ _ _ _ _ _ _");
    assertProblem(
        check(lost, "1", "last").words(),
        "f:2: the words, in column 1, count the tokens, such as 1, 2, 3",
        "CoNLL-U whose tabs became blanks",
        "words(\"2\"); words(\"1\") if these are meant");
    for (String text :
        List.of(
            "0 a X\n1 b Y\n2 c X\n\n0 a X\n1 a X\n",
            "1\ta\tX\n2\tb\tX\n3\tb\tX\n\n4\ta\tX\n5\tb\tX\n",
            "1-2 ab _\n1 a X\n2 b X\n3 c X\n",
            "#\thttp://a.b\n1\ta\tX\n2\tb\tX\n3\tb\tX\n")) {
      assertProblem(check(text, "1", "last").words(), "count the tokens");
      assertProblem(check(text, "2", "1").tags(), "the tags, in column 1, count the tokens");
      assertThat(check(text, "2", "last").words()).isEmpty();
    }
    assertThat(check("7 O\n5 O\n9 O\n\n1 O\n2 O\n", "1", "2").words()).isEmpty();
    assertThat(check("1 O\n2 O\n\n1 O\n", "1", "2").words()).isEmpty();
  }

  @Test
  void namesOfDocumentsAndDashesAreNotWords() throws IOException {
    String documents = "bc/cctv_00 a X\nbc/cctv_00 b Y\n\n".repeat(5) + "bc/cctv_01 a X\n";
    assertProblem(
        check(documents, "1", "last").words(),
        "are all the same in a sentence, such as «bc/cctv_00»");
    assertThat(check(documents, "2", "last").words()).isEmpty();
    String dashes = "_ - a\n- _ a\n. _ b\n\n".repeat(4);
    assertProblem(check(dashes, "1", "last").words(), "are punctuation only, such as «_»");
    assertThat(check("👍 X\n👎 Y\n€ X\n\n".repeat(4), "1", "2").words()).isEmpty();
    assertThat(check("same X\n\n".repeat(20), "1", "2").words()).isEmpty(); // sentences of one word
  }

  @Test
  void tokensThatLookLikeCommentsAreTold() throws IOException {
    var told = check("a X\n\n# wiki\nb Y\n\n# news\na X\n", "1", "2").comments();
    assertProblem(told, "f:3: this looks like a comment", "«#» with the tag «wiki»");
    for (String good : List.of("# X\na X\n", "# HASH\na X\n# HASH\n", "# #\na X\n", "#win Z\n")) {
      assertThat(check(good, "1", "2").comments()).isEmpty();
    }
  }

  @Test
  void constantsAndIdsAreNotTags() throws IOException {
    String text =
        IntStream.range(0, 60)
            .mapToObj(i -> "w%d _ id%d t%d O\n".formatted(i % 30, i, i % 5))
            .collect(Collectors.joining("\n"));
    assertProblem(
        check(text, "1", "2").tags(),
        "the tags, in column 2, are all «_»",
        "such as tags(\"3\"); tags(\"2\") if");
    assertProblem(check(text, "1", "last").tags(), "are all «O»");
    assertProblem(check(text, "1", "3").tags(), "have 60 different values in 60 tokens");
    assertThat(check(text, "1", "4").tags()).isEmpty();
    String swapped =
        IntStream.range(0, 300)
            .mapToObj(i -> "T%d w%d\n".formatted(i % 7, i % 90))
            .collect(Collectors.joining("\n"));
    assertProblem(check(swapped, "1", "last").tags(), "have 90 different values in 300 tokens");
    assertThat(check(swapped, "2", "1").tags()).isEmpty();
    assertThat(check("a X\nb Y\nc Z\n", "1", "2").tags()).isEmpty(); // too few to say
  }
}
