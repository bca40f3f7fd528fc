package dev.unroll.text.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.text.Segmentation;
import dev.unroll.text.Segmentation.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoveltyTest {

  @TempDir Path folder;

  private static String random(Random random, int length) {
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append("aab\n".charAt(random.nextInt(4)));
    }
    return text.append('a').toString();
  }

  @Test
  void everyTokenHasTheLongestStretchThatStandsInTheCorpus() throws IOException {
    var random = new Random(3);
    for (int round = 0; round < 200; round++) {
      String corpus = random(random, random.nextInt(60));
      List<String> texts = List.of(random(random, 20), random(random, 30));
      Path file = Files.writeString(folder.resolve("corpus.txt"), corpus + "\n");
      var found = new Novelty(Segmentation.of(Unit.CHARACTERS)).compare(texts, List.of(file));
      for (int t = 0; t < texts.size(); t++) {
        String text = texts.get(t);
        int[] expected = new int[text.length()];
        for (int end = 0; end < expected.length; end++) {
          int length = 0;
          while (length <= end && (corpus + "\n").contains(text.substring(end - length, end + 1))) {
            length++;
          }
          expected[end] = length;
        }
        assertThat(found.get(t).matches()).isEqualTo(expected);
      }
    }
  }

  @Test
  void whatIsCopiedIsCountedAndMarked() throws IOException {
    Path file = Files.writeString(folder.resolve("corpus.txt"), "The cat sat.\nA dog saw it.\n");
    var novelty = new Novelty(Segmentation.of(Unit.WORDS));
    var copied =
        novelty.compare(List.of("Then the cat sat. A dog saw him."), List.of(file)).getFirst();
    assertThat(copied.longest()).isEqualTo(3); // «cat sat .» and «A dog saw»
    assertThat(copied.count(3)).isEqualTo(8);
    assertThat(copied.copied(3)).isEqualTo(2);
    assertThat(novelty.marked(copied, 3)).isEqualTo("Then the ⟦cat sat.⟧ ⟦A dog saw⟧ him.");
    assertThat(novelty.marked(copied, 4)).isEqualTo("Then the cat sat. A dog saw him.");
  }

  @Test
  void textsAreToldApart() throws IOException {
    Path file = Files.writeString(folder.resolve("corpus.txt"), "a b c d\n");
    var novelty = new Novelty(Segmentation.of(Unit.TOKENS));
    var copied = novelty.compare(List.of("a b", "", "c d"), List.of(file));
    assertThat(copied).extracting(Novelty.Copied::longest).containsExactly(2, 0, 2);
  }
}
