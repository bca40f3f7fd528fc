package dev.unroll.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Books as people have them: their lines are wrapped. */
class PassagesTest {

  private static final String BOOK =
      """
      CHAPTER I

      It was late when Mr. Brown came home from the mill, and nobody had
      left a light burning for him. "Who is there?" asked a well-
      known voice from the stairs--it was Mrs. Brown's.

        "Only me," he said. He had been away for three years, four
      months and two days!


      She laughed.
      """;

  @TempDir Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("book.txt"), content);
  }

  @Test
  void aParagraphEndsAtABlankLine() throws IOException {
    assertThat(Passages.PARAGRAPHS.read(List.of(file(BOOK))))
        .containsExactly(
            "CHAPTER I",
            "It was late when Mr. Brown came home from the mill, and nobody had left a light burning for him."
                + " \"Who is there?\" asked a well-known voice from the stairs--it was Mrs. Brown's.",
            "\"Only me,\" he said. He had been away for three years, four months and two days!",
            "She laughed.");
    assertThat(Passages.LINES.read(List.of(file(BOOK)))).hasSize(11).contains("CHAPTER I", "");
  }

  @Test
  void sentencesOfAParagraphAreFound() throws IOException {
    assertThat(Passages.SENTENCES.read(List.of(file(BOOK))))
        .contains(
            "CHAPTER I",
            "It was late when Mr. Brown came home from the mill, and nobody had left a light burning for him.",
            "\"Only me,\" he said.",
            "He had been away for three years, four months and two days!",
            "She laughed.");
    assertThat(Passages.SENTENCES.read(List.of(file("今日は晴れ。\n明日は雨。\n"))))
        .containsExactly("今日は晴れ。", "明日は雨。");
  }

  @Test
  void wrappedLinesAreNoticed() throws IOException {
    var words = new ArrayList<String>();
    for (int i = 0; i < 900; i++) {
      words.add("abcdefghij".substring(0, 1 + i * 7 % 10));
    }
    var wrapped = new StringBuilder();
    int column = 0;
    for (String word : words) {
      if (column + 1 + word.length() > 70) {
        wrapped.append('\n');
        column = 0;
      }
      wrapped.append(column == 0 ? "" : " ").append(word);
      column += (column == 0 ? 0 : 1) + word.length();
    }
    assertThat(Passages.wrappedAt(file(wrapped.toString())).orElse(0)).isBetween(60, 70);
    var sentences = new StringBuilder();
    for (int i = 0; i < 800; i += 5 + i % 11) {
      sentences.append(String.join(" ", words.subList(i, i + 5 + i % 11))).append('\n');
    }
    assertThat(Passages.wrappedAt(file(sentences.toString()))).isEmpty();
    assertThat(Passages.wrappedAt(file(BOOK))).isEmpty(); // too few lines to say so
    assertThat(Passages.wrappedAt(Path.of("-"))).isEmpty();
  }
}
