package dev.unroll.cli.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.cli.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folds of few texts, and of texts that belong together. */
class CrossValidationTest {

  @TempDir Path folder;

  private Session.Result train(int folds, String... more) throws IOException {
    var table = new StringBuilder("author,label,text\n");
    for (int i = 0; i < 60; i++) {
      table.append(
          "%s,%s,it was %s\n"
              .formatted("abc".charAt(i / 20), i % 2 == 0 ? "good" : "bad", "xy".charAt(i % 2)));
    }
    Path file = Files.writeString(folder.resolve("texts.csv"), table);
    var words = new ArrayList<>(List.of("classify", "train", file.toString(), "--epochs", "1"));
    words.addAll(List.of("--units", "2", "--cross-validate", "" + folds));
    words.addAll(List.of(more));
    return Session.run(words.toArray(String[]::new));
  }

  @Test
  void moreFoldsThanGroupsAreRefusedBeforeAnythingIsTrained() throws IOException {
    var refused = train(5, "--group", "author");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("--cross-validate is 5, but there are only 3 groups");
    assertThat(refused.out()).isEmpty();
    assertThat(train(3, "--group", "author").status()).isZero();
  }

  @Test
  void asManyTextsChooseAsWhereOneNetworkIsTrained() throws IOException {
    var trained = train(3);
    assertThat(trained.status()).as(trained.err()).isZero();
    assertThat(trained.err()).contains("validation share 0.2: 40 sequences are few");
  }
}
