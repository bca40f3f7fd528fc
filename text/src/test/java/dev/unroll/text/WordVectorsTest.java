package dev.unroll.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The formats as GloVe, word2vec and fastText write them. */
class WordVectorsTest {

  @TempDir Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static byte[] binary(boolean lineEnds) throws IOException {
    var out = new ByteArrayOutputStream();
    out.write("2 3\n".getBytes(StandardCharsets.UTF_8));
    float[][] rows = {{1, -2.5f, 3e-5f}, {0.25f, 4, 5}};
    String[] words = {"der", "größte"};
    for (int i = 0; i < 2; i++) {
      out.write((words[i] + " ").getBytes(StandardCharsets.UTF_8));
      var bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
      for (float value : rows[i]) {
        bytes.putFloat(value);
      }
      out.write(bytes.array());
      if (lineEnds) {
        out.write('\n');
      }
    }
    return out.toByteArray();
  }

  @Test
  void textWithAndWithoutHeader() throws IOException {
    for (String header : new String[] {"", "3 2\n"}) {
      var read =
          WordVectors.read(
              file("t.txt", header + "the 1 2\n. . 3 4\nof 5e-1 -6\n"), word -> false, 10);
      assertThat(read.width()).isEqualTo(2);
      assertThat(read.rows()).containsOnlyKeys("the", ". .", "of");
      assertThat(read.rows().get(". .")).containsExactly(3, 4);
      assertThat(read.rows().get("of")).containsExactly(0.5f, -6);
    }
    assertThat(WordVectors.read(folder.resolve("t.txt"), word -> false, 2).rows())
        .containsOnlyKeys("the", ". .");
    assertThat(WordVectors.read(folder.resolve("t.txt"), "of"::equals, 1).rows())
        .containsOnlyKeys("the", "of");
  }

  /** As in the 840 billion tokens of GloVe, and files with tabs. */
  @Test
  void wordsWithWhiteSpaceInThem() throws IOException {
    String text = "the 1 2\n. . . 3 4\n\u00a0 5 6\n10\u00a0000 7 8\n\u3000 9 1\n\u0085 2 3\n";
    for (String separated : new String[] {text, text.replaceAll(" (?=\\d \\d|\\d\\n)", "\t")}) {
      assertThat(WordVectors.read(file("w.txt", separated), word -> false, 10).rows())
          .containsOnlyKeys("the", ". . .", "\u00a0", "10\u00a0000", "\u3000", "\u0085");
    }
  }

  @Test
  void binaryWithAndWithoutLineEndsAndPacked() throws IOException {
    for (boolean lineEnds : new boolean[] {true, false}) {
      Path file = Files.write(folder.resolve("v.bin"), binary(lineEnds));
      var read = WordVectors.read(file, word -> false, 10);
      assertThat(read.rows()).containsOnlyKeys("der", "größte");
      assertThat(read.rows().get("der")).containsExactly(1, -2.5f, 3e-5f);
      assertThat(read.rows().get("größte")).containsExactly(0.25f, 4, 5);
      Path packed = folder.resolve("v.bin.gz");
      try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
        out.write(binary(lineEnds));
      }
      assertThat(WordVectors.read(packed, word -> false, 1).rows()).containsOnlyKeys("der");
    }
  }

  @Test
  void whatIsWrongIsToldWithItsLine() throws IOException {
    Path narrow = file("n.txt", "the 1 2\nof 3\n");
    Path word = file("w.txt", "2 2\nthe 1 2\nof 3 x\n");
    Path wide = file("wide.txt", "the 1 2\nmet 1 2 3\n");
    assertRefused(wide, "wide.txt:2", "3 numbers, where 2 are expected");
    Path wider = file("wider.txt", "1 2\nmet 1 2 3\n");
    assertRefused(wider, "wider.txt:2", "3 numbers, where 2 are expected");
    assertRefused(file("fewer.txt", "9 2\nthe 1 2\n"), "has 1 vector,", "says 9");
    Path infinite = file("i.txt", "the 1 NaN\n");
    Path cut = Files.write(folder.resolve("cut.bin"), Arrays.copyOf(binary(false), 25));
    assertRefused(narrow, "n.txt:2", "1 number, where 2 are expected");
    assertRefused(word, "w.txt:3", "«x» is not a finite number");
    assertRefused(infinite, "i.txt:1", "NaN");
    assertRefused(cut, "ends after 1 of 2 vectors");
    assertRefused(file("e.txt", ""), "has no vectors");
    assertRefused(folder.resolve("none.txt"), "no such file");
  }

  private static void assertRefused(Path file, String... parts) {
    assertThatThrownBy(() -> WordVectors.read(file, word -> false, 100))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(parts);
  }
}
