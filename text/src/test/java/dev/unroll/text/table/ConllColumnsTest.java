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

class ConllColumnsTest {

  private static final String UNIVERSAL =
      """
      # text = Dogs bark
      1\tDogs\tdog\tNOUN\tNNS\tCase=Nom|Number=Plur\t2\tnsubj\t_\t_
      2\tbark\tbark\tVERB\tVBP\t_\t0\troot\t_\t_

      """;

  @TempDir Path folder;

  private ConllSentence sentence(String content) throws IOException {
    return ConllFile.read(Files.writeString(folder.resolve("f"), content)).getFirst();
  }

  @Test
  void columnsHaveNumbersAndInConllUNames() throws IOException {
    var universal = sentence(UNIVERSAL);
    assertThat(universal.isUniversal()).isTrue();
    var read =
        new ConllColumns("form", "upos", List.of("feats:Number", "3")).labeled(universal, true);
    assertThat(read.tokens()).containsExactly("Dogs", "bark");
    assertThat(read.labels()).containsExactly("NOUN", "VERB");
    assertThat(read.features()).containsExactly(List.of("Plur", "_"), List.of("dog", "bark"));
    var plain = sentence("a DT B\nb NN I\n");
    assertThat(plain.isUniversal()).isFalse();
    var own = new ConllColumns("1", "last", List.of("2")).labeled(plain, false);
    assertThat(own.labels()).isEmpty();
    assertThat(own.features()).containsExactly(List.of("DT", "NN"));
  }

  @Test
  void aTagTakesThePlaceOfItsColumnOrOfItsFeatureAlone() throws IOException {
    var line = sentence(UNIVERSAL).tokens().getFirst();
    assertThat(
            new ConllColumns("form", "upos", List.of()).withTag("f", line, "PROPN").split("\t")[3])
        .isEqualTo("PROPN");
    var number = new ConllColumns("form", "feats:Number", List.of());
    assertThat(number.withTag("f", line, "Sing").split("\t")[5]).isEqualTo("Case=Nom|Number=Sing");
    assertThat(number.withTag("f", line, "_").split("\t")[5]).isEqualTo("Case=Nom");
    var other = new ConllColumns("form", "feats:Gender", List.of());
    assertThat(other.withTag("f", line, "Masc").split("\t")[5])
        .isEqualTo("Case=Nom|Gender=Masc|Number=Plur");
    var verb = sentence(UNIVERSAL).tokens().get(1);
    assertThat(number.withTag("f", verb, "_").split("\t")[5]).isEqualTo("_");
    assertThat(number.withTag("f", verb, "Plur").split("\t")[5]).isEqualTo("Number=Plur");
  }

  @Test
  void tagsThatAreReadOrNotThereAreRefused() throws IOException {
    var columns = new ConllColumns("1", "last", List.of());
    for (String one : List.of("a,O\n", "a\u00a0O\n", "word\n")) {
      var sentence = sentence(one);
      assertThatThrownBy(() -> columns.checkTagsAreNotRead(sentence))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("f:1: there is one column only: words, but no tags");
    }
    var named = sentence("1 a _ X _ _ 0 root _ _\n");
    assertThatThrownBy(() -> new ConllColumns("form", "upos", List.of()).labeled(named, true))
        .hasMessageContaining("10 columns between blanks, but form is a column of CoNLL-U");
  }

  @Test
  void columnsThatAreNotThereAreRefused() throws IOException {
    var plain = sentence("a DT B\nb NN I\n");
    assertThatThrownBy(() -> new ConllColumns("form", "last", List.of()).labeled(plain, true))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("f:1", "3 columns", "form is a column of CoNLL-U");
    assertThatThrownBy(() -> new ConllColumns("1", "4", List.of()).labeled(plain, true))
        .hasMessageContainingAll("f:1", "no column 4");
    for (String wrong : List.of("0", "-1", "word", "upos:Case", "")) {
      assertThatThrownBy(() -> new ConllColumns(wrong, "last", List.of()))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("no column is called " + wrong);
    }
  }
}
