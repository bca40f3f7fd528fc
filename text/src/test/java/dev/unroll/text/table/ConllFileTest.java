package dev.unroll.text.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.file.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConllFileTest {

  @TempDir Path folder;

  private List<ConllFile.Sentence> read(String text) throws IOException {
    return ConllFile.read(Files.writeString(folder.resolve("file.txt"), text));
  }

  @Test
  void columnsBetweenBlanksOrTabs() throws IOException {
    var sentences = read("The DT B-NP\ndog\tNN\tI-NP\n\n\n# SYM O\nruns VB B-VP\n");
    assertThat(sentences).hasSize(2);
    assertThat(sentences.get(0).column(0)).containsExactly("The", "dog");
    assertThat(sentences.get(0).column(2)).containsExactly("B-NP", "I-NP");
    assertThat(sentences.get(1).column(0)).containsExactly("#", "runs"); // a token, no comment
    assertThat(sentences.get(1).lines().getFirst().number()).isEqualTo(5);
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
    assertThat(sentences.get(0).lines()).hasSize(6);
    assertThat(sentences.get(1).column(1)).containsExactly("#");
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
