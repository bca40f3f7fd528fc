package dev.unroll.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.unroll.base.InputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LinesTest {

  @TempDir Path folder;

  private static List<String> read(byte[] bytes) throws IOException {
    var lines = new Lines("in.txt", new ByteArrayInputStream(bytes));
    var all = new ArrayList<String>();
    for (String line = lines.next(); line != null; line = lines.next()) {
      all.add(line);
    }
    return all;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void endsOfLinesAndTheByteOrderMark() throws IOException {
    assertThat(read(utf8("a\nb\n"))).containsExactly("a", "b");
    assertThat(read(utf8("a\r\n\r\nb"))).containsExactly("a", "", "b");
    assertThat(read(utf8("\uFEFFé\n"))).containsExactly("é");
    assertThat(read(utf8("a\n\uFEFFb"))).containsExactly("a", "\uFEFFb");
    assertThat(read(new byte[0])).isEmpty();
    assertThat(read(utf8("\n"))).containsExactly("");
  }

  @Test
  void bytesThatAreNotUtf8AreNamedWithLineAndOffset() {
    byte[] latin = "caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
    var out = new ByteArrayOutputStream();
    out.writeBytes(utf8("good\n"));
    out.writeBytes(latin);
    assertThatThrownBy(() -> read(out.toByteArray()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("in.txt:2: not UTF-8: byte 0xE9 at offset 8")
        .hasMessageContaining("iconv");
    assertThatThrownBy(() -> read(new byte[] {'a', 0, 'b'}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("in.txt:1: a zero byte");
    assertThatThrownBy(() -> read(utf8("text,label\nnul\0l,good\n")))
        .hasMessageContaining("in.txt:2: a zero byte")
        .hasMessageContaining("tr -d '\\000' < in.txt")
        .hasMessageNotContaining("UTF-16");
  }

  @Test
  void filesOfOldMacsAreNamedWithTheCommandThatConvertsThem() throws IOException {
    assertThatThrownBy(() -> read(utf8("text,label\ra,x\rb,y\r")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("in.txt:1: lines end with a carriage return alone")
        .hasMessageContaining("tr '\\r' '\\n' < in.txt > in-utf8.txt");
    assertThatThrownBy(() -> read(utf8("some words\r".repeat(1_000_000))))
        .hasMessageContaining("carriage return alone");
    assertThat(read(utf8("a\rb\r\nc\rd\re"))).containsExactly("a\rb", "c\rd\re");
    assertThat(read(utf8("a\rb"))).containsExactly("a\rb");
    assertThat(read(utf8("a\r"))).containsExactly("a");
  }

  @Test
  void filesOfOtherKindsAreNamed() {
    byte[] tar = new byte[512];
    tar[0] = 'a';
    System.arraycopy(utf8("ustar"), 0, tar, 257, 5);
    var kinds =
        java.util.Map.of(
            "PK\u0003\u0004\u0014\0".getBytes(StandardCharsets.ISO_8859_1),
            "Excel",
            "BZh91AY&SY\u00E1\u00F9".getBytes(StandardCharsets.ISO_8859_1),
            "bunzip2",
            "(\u00B5/\u00FD$".getBytes(StandardCharsets.ISO_8859_1),
            "unzstd",
            "\u00FD7zXZ\0".getBytes(StandardCharsets.ISO_8859_1),
            "unxz",
            "%PDF-1.4\n%\u00E2\u00E3\n".getBytes(StandardCharsets.ISO_8859_1),
            "pdftotext",
            tar,
            "tar -xf");
    kinds.forEach(
        (bytes, fix) ->
            assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll(", not text", fix));
  }

  @Test
  void aLongLineIsOneLine() throws IOException {
    String line = "ä".repeat(4_000_000);
    assertThat(read(utf8(line + "\nend"))).containsExactly(line, "end");
  }

  @Test
  void packedFilesAndCutOnes() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(bytes)) {
      for (int i = 0; i < 10_000; i++) {
        zip.write(utf8("line " + i * 7919 % 10_007 + "\n"));
      }
    }
    Path file = folder.resolve("t.gz");
    Files.write(file, bytes.toByteArray());
    var seen = new ArrayList<String>();
    Lines.read(file, seen::add);
    assertThat(seen).hasSize(10_000).startsWith("line 0", "line 7919");
    Files.write(file, java.util.Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));
    assertThatThrownBy(() -> Lines.read(file, line -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot be read further");
    Files.write(file, utf8("not packed\n")); // known by its bytes, not by its name
    seen.clear();
    Lines.read(file, seen::add);
    assertThat(seen).containsExactly("not packed");
  }

  @Test
  void foldersAreReadInTheOrderOfTheirPaths() throws IOException {
    Files.createDirectories(folder.resolve("b"));
    Files.writeString(folder.resolve("c.txt"), "3\n");
    Files.writeString(folder.resolve("a.txt"), "1\n");
    Files.writeString(folder.resolve("b/x.txt"), "2\n");
    var seen = new ArrayList<String>();
    Lines.files(List.of(folder)).forEach(file -> Lines.read(file, seen::add));
    assertThat(seen).containsExactly("1", "2", "3");
  }

  @Test
  void missingFilesAndEmptyFoldersAreNamed() {
    assertThatThrownBy(() -> Lines.open(folder.resolve("none")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("there is no such file");
    assertThatThrownBy(() -> Lines.files(List.of(folder)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has no files");
  }

  @Test
  void aLineThatIsTooLongIsNamedWithItsLimit() throws IOException {
    Path file = folder.resolve("bomb.gz");
    try (var zip = new GZIPOutputStream(Files.newOutputStream(file))) {
      zip.write(utf8("short\n"));
      byte[] part = utf8("x".repeat(1 << 20));
      for (int i = 0; i < 700; i++) {
        zip.write(part);
      }
    }
    assertThatThrownBy(() -> Lines.read(file, line -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("bomb.gz:2: the line is longer than 10,000,000 bytes")
        .hasMessageContaining("-Dunroll.line.limit=100000000");
    try (var lines = Lines.open(file, 800_000_000)) {
      assertThat(lines.next()).isEqualTo("short");
      assertThat(lines.next()).hasSize(700 << 20);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aDeviceWithoutEndEndsInASentence() {
    for (String device : List.of("/dev/zero", "/dev/urandom")) {
      assertTimeoutPreemptively(
          Duration.ofSeconds(30),
          () ->
              assertThatThrownBy(() -> Lines.read(Path.of(device), line -> {}))
                  .isInstanceOf(InputException.class)
                  .hasMessageContaining(device + ":"));
    }
  }

  /** Somebody who types gets an answer to a line before the next one. */
  @Test
  void aLineIsReturnedBeforeMoreIsAskedFor() throws IOException {
    var in =
        new ByteArrayInputStream(utf8("\na\n")) {
          @Override
          public int read(byte[] into, int from, int count) {
            return super.read(into, from, 1); // as a terminal may
          }

          @Override
          public int available() {
            return 0;
          }
        };
    var lines = new Lines("-", in);
    assertThat(lines.next()).isEmpty();
    assertThat(in.read()).isEqualTo('a');
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void linksThatLeaveAFolderAreRefusedUnlessAskedFor() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("corpus/deep")).getParent();
    Path own = Files.writeString(corpus.resolve("deep/own.txt"), "own\n");
    Path secret = Files.writeString(folder.resolve("secret.txt"), "secret\n");
    Files.createSymbolicLink(corpus.resolve("again.txt"), own);
    Files.createSymbolicLink(corpus.resolve("deep/loop"), corpus);
    Files.createSymbolicLink(corpus.resolve("broken"), folder.resolve("none"));
    assertThat(Lines.files(List.of(corpus)))
        .containsExactly(corpus.resolve("again.txt"), corpus.resolve("deep/own.txt"));

    Path link = Files.createSymbolicLink(corpus.resolve("deep/out.txt"), secret);
    assertThatThrownBy(() -> Lines.files(List.of(corpus)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("out.txt: is a link that leaves the folder, to ")
        .hasMessageContaining("Lines.Links.FOLLOW");
    assertThat(Lines.files(List.of(corpus), Lines.Links.FOLLOW)).contains(link);
    Files.delete(link);

    Path all = Files.createSymbolicLink(corpus.resolve("all"), folder);
    assertThatThrownBy(() -> Lines.files(List.of(corpus))).hasMessageContaining("leaves");
    assertThat(Lines.files(List.of(corpus), Lines.Links.FOLLOW))
        .containsExactly(
            corpus.resolve("again.txt"), all.resolve("secret.txt"), corpus.resolve("deep/own.txt"));
    Files.delete(all);

    Path named = Files.createSymbolicLink(folder.resolve("named"), corpus); // named by the user
    assertThat(Lines.files(List.of(named))).hasSize(2);
    assertThat(Lines.files(List.of(folder.resolve("corpus/again.txt")))).hasSize(1);
  }
}
