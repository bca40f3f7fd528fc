package dev.unroll.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.unroll.base.InputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncodingTest {

  private static final String TEXT = "día,größe\r\n\r\n汉字 😀\nlast ć";
  private static final List<String> LINES = List.of("día,größe", "", "汉字 😀", "last ć");

  @TempDir Path folder;

  private static List<String> read(Path file) {
    var lines = new ArrayList<String>();
    Lines.read(file, lines::add);
    return lines;
  }

  private Path file(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    if (name.endsWith(".gz")) {
      try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
        out.write(content);
      }
    } else {
      Files.write(file, content);
    }
    return file;
  }

  @Test
  void filesThatBeginWithTheMarkOfTheirEncodingAreRead() throws IOException {
    for (String each : List.of("UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")) {
      for (String name : List.of("plain.csv", "packed.csv.gz")) {
        byte[] bytes = ("\uFEFF" + TEXT).getBytes(Charset.forName(each));
        assertThat(read(file(name, bytes))).as(each).isEqualTo(LINES);
        byte[] mark = "\uFEFF".getBytes(Charset.forName(each));
        assertThat(read(file(name, mark))).as(each).isEmpty();
      }
    }
  }

  /** U+0A0D and U+0D0A have the bytes of ends of lines, and no line ends there. */
  @Test
  void aLineEndsAtACharacterAndNotAtAByte() throws IOException {
    String text = "ਊ\u0A0Aഊ\u0D0A\u010A\n\u0A00";
    byte[] bytes = ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE);
    assertThat(read(file("a", bytes))).containsExactly(text.split("\n"));
  }

  @Test
  void manyLinesAndLongOnesCrossBuffers() throws IOException {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 5000; i++) {
      lines.add("é".repeat(i * 7919 % 97) + "😀" + i);
    }
    lines.add("ü".repeat(200_000));
    for (Charset each : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_8)) {
      byte[] bytes = ("\uFEFF" + String.join("\n", lines)).getBytes(each);
      assertThat(read(file("long", bytes))).isEqualTo(lines);
    }
  }

  @Test
  void whatIsNotWholeIsRefused() throws IOException {
    byte[] bytes = "\uFEFFab\n".getBytes(StandardCharsets.UTF_16LE);
    Path odd = file("odd", java.util.Arrays.copyOf(bytes, bytes.length + 1));
    assertThatThrownBy(() -> read(odd))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("odd:2: not UTF-16LE");
    Path half = file("half", new byte[] {-1, -2, 'a', 0, 0, (byte) 0xD8, 'b', 0});
    assertThatThrownBy(() -> read(half)).hasMessageContaining("half:1: not UTF-16LE");
    assertThat(read(file("said", "a\uFFFDb".getBytes(StandardCharsets.UTF_8))))
        .containsExactly("a\uFFFDb");
  }

  /** Follows the advice to the letter, and returns what is read then. */
  private List<String> advised(Path file) throws IOException, InterruptedException {
    var error = catchThrowableOfType(InputException.class, () -> read(file));
    String command = error.fix().substring(error.fix().indexOf("Convert it: ") + 12);
    var process = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .as(command)
        .isEmpty();
    process.waitFor();
    String quoted = command.substring(command.indexOf(" > ") + 3);
    return read(Path.of(quoted.replace("'\\''", "\"").replace("'", "").replace('"', '\'')));
  }

  @Test
  void theAdviceFollowedToTheLetterGivesAFileThatIsRead() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/iconv")), "needs iconv");
    for (String name : List.of("a.csv", "b.tsv.gz", "my 'own' file.txt", "none")) {
      for (String each : List.of("UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")) {
        Path file = file(name, TEXT.getBytes(Charset.forName(each)));
        assertThat(advised(file)).as(each).isEqualTo(LINES);
        byte[] chinese = "汉字游戏\n规则\n".getBytes(Charset.forName(each));
        assertThat(advised(file(name, chinese))).as(each).containsExactly("汉字游戏", "规则");
      }
      Path latin = file(name, "größe\ncafé\n".getBytes(StandardCharsets.ISO_8859_1));
      assertThat(advised(latin)).containsExactly("größe", "café");
      Path windows = file(name, "„größe“ 5 €\n".getBytes(Charset.forName("windows-1252")));
      assertThat(advised(windows)).containsExactly("„größe“ 5 €");
      Path dos = file(name, new byte[] {'f', (byte) 0x81, 'r', '\n'}); // ü of code page 850
      assertThat(advised(dos)).hasSize(1);
      Path padded = file(name, "one\0\0\ntwö\n".getBytes(StandardCharsets.UTF_8));
      assertThat(advised(padded)).containsExactly("one", "twö");
    }
  }

  @Test
  void utf8WithADamagedCharacterLosesThatAlone() throws Exception {
    byte[] bytes = "größe äöü x ß\n".getBytes(StandardCharsets.UTF_8);
    bytes[bytes.length - 4] = (byte) 0xFF;
    var error = catchThrowableOfType(InputException.class, () -> read(file("u.txt", bytes)));
    assertThat(error.fix()).contains("iconv -c -f UTF-8 -t UTF-8 < ");
  }

  @Test
  void aBinaryFileIsNotConverted() throws IOException {
    byte[] random = new byte[5000];
    new java.util.Random(1).nextBytes(random);
    random[0] = 'P';
    random[1] = 0;
    for (byte[] bytes : List.of(random, new byte[5000])) {
      assertThatThrownBy(() -> read(file("b", bytes)))
          .hasMessageContaining("b:1: ")
          .hasMessageContaining("a binary file cannot be read");
    }
  }

  @Test
  void aPipeIsConvertedByAPipe() throws IOException {
    var lines = new Lines("standard input", new ByteArrayInputStream(new byte[] {'a', -1, 'b'}));
    assertThatThrownBy(lines::next).hasMessageContaining("Pipe it through: iconv -f ISO-8859-1");
  }
}
