package dev.unroll.text.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.data.LabeledSequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentenceCommentsTest {

  @TempDir Path folder;

  @Test
  void aWeightIsThatOfItsSentenceAndAGroupLasts() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("a.txt"),
            "# newdoc id = d1\n# weight = 2.5\na N\n\nb N\n\n# newdoc id = d2\nc N\n\n# Weight = 0\nd N\n");
    List<ConllSentence> sentences = ConllFile.read(file);
    var plain =
        sentences.stream()
            .map(each -> new LabeledSequence(each.column(0), each.column(1)))
            .toList();
    var found =
        new SentenceComments(new TextTable.Aside("weight", "newdoc id")).of(sentences, plain);
    assertThat(found.stream().map(LabeledSequence::weight)).containsExactly(2.5, 1.0, 1.0, 0.0);
    assertThat(found.stream().map(LabeledSequence::group)).containsExactly("d1", "d1", "d2", "d2");
    assertThatThrownBy(
            () -> new SentenceComments(new TextTable.Aside(null, "author")).of(sentences, plain))
        .hasMessageContaining("a.txt: no sentence has a comment # author");
  }
}
