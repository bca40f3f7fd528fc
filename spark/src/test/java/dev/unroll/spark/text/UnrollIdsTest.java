package dev.unroll.spark.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.data.Reading;
import dev.unroll.spark.Local;
import dev.unroll.text.Corpus;
import dev.unroll.text.MappedCorpus;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of ids have the bytes of one machine. */
class UnrollIdsTest {

  @TempDir Path folder;

  /** Lines of many lengths, empty and blank ones, with letters of one to four bytes. */
  private static List<String> lines(int count, long seed) {
    var random = new Random(seed);
    var lines = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      var line = new StringBuilder();
      int words = random.nextInt(12);
      for (int w = 0; w < words; w++) {
        int letters = 1 + random.nextInt(4);
        for (int l = 0; l < letters; l++) {
          line.appendCodePoint(
              random.nextInt(30) == 0 ? 0x1F600 + random.nextInt(3) : 'a' + random.nextInt(6));
        }
        line.append(random.nextInt(8) == 0 ? ", é" : " ");
      }
      lines.add(line.toString());
    }
    return lines;
  }

  /** A file of several parts, one with a mark and other line ends, and one that is packed. */
  private List<Path> files() throws IOException {
    Path large = folder.resolve("large text.txt");
    Files.write(large, lines(12_000, 1));
    assertThat(large).satisfies(file -> assertThat(Files.size(file)).isGreaterThan(3 << 16));
    Path marked = folder.resolve("marked.txt");
    Files.writeString(marked, "\uFEFFab ba\r\n\r\nab\rba\r\r\n the end without a line end");
    Path packed = folder.resolve("packed.txt.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(String.join("\n", lines(50, 2)).getBytes(StandardCharsets.UTF_8));
    }
    return List.of(large, marked, packed);
  }

  private static List<String> addresses(List<Path> files) {
    return files.stream().map(file -> file.toUri().toString().replace("%20", " ")).toList();
  }

  /** How a text is read decides whether blank lines count, where a token is as small as that. */
  private static List<Reading> readings(Segmentation.Unit unit) {
    boolean same = !unit.keepsBlankLines(Reading.STREAM);
    return same ? List.of(Reading.SENTENCES) : List.of(Reading.values());
  }

  @ParameterizedTest
  @EnumSource
  void filesHaveTheBytesOfOneMachine(Segmentation.Unit unit) throws IOException {
    var files = files();
    var tokens = TokenOptions.of(unit).withVocabulary(60).withLowerCase(true);
    for (Reading reading : readings(unit)) {
      Path local = folder.resolve(reading + ".local");
      Path ids = folder.resolve(reading + ".ids");
      MappedCorpus.open(files, tokens.corpus(reading), local);
      UnrollIds.write(Local.session(), addresses(files), tokens, reading, ids);
      assertThat(ids).hasSameBinaryContentAs(local);
    }
  }

  @Test
  void theCommandTakesThemAsItsOwn() throws IOException {
    var files = files();
    var tokens = TokenOptions.of(Segmentation.Unit.WORDS);
    Path ids = folder.resolve("text.ids");
    UnrollIds.write(Local.session(), addresses(files), tokens, Reading.STREAM, ids);
    var written = Files.getLastModifiedTime(ids);
    MappedCorpus.open(files, tokens.corpus(Reading.STREAM), ids);
    assertThat(Files.getLastModifiedTime(ids)).isEqualTo(written);
  }

  @ParameterizedTest
  @EnumSource
  void rowsHaveTheIdsOfOneMachineInAnyPartitioning(Segmentation.Unit unit) throws IOException {
    var texts = lines(300, 3);
    var withNull = new ArrayList<>(texts);
    withNull.add(40, null);
    var tokens = TokenOptions.of(unit).withMinCount(2);
    var options = tokens.corpus(Reading.SENTENCES);
    Corpus expected = Corpus.of(texts, options);
    var bytes = new ArrayList<byte[]>();
    for (int partitions : new int[] {1, 4}) {
      Path ids = folder.resolve(partitions + ".ids");
      var rows = Local.rows("text", DataTypes.StringType, withNull, partitions).orderBy("number");
      var mapped = UnrollIds.write(rows, "text", tokens, Reading.SENTENCES, ids);
      assertThat(mapped.tokenizer().describe()).isEqualTo(expected.tokenizer().describe());
      assertThat(mapped.fingerprint()).isEqualTo(expected.fingerprint());
      assertThat(mapped.words()).isEqualTo(expected.words());
      assertThat(mapped.sentences()).isEqualTo(expected.sentences());
      for (long i = 0; i < expected.size(); i++) {
        assertThat(mapped.id(i)).isEqualTo(expected.id(i));
      }
      bytes.add(Files.readAllBytes(ids));
    }
    assertThat(bytes.getLast()).isEqualTo(bytes.getFirst());
    assertThat(MappedCorpus.open(folder.resolve("4.ids")).size()).isEqualTo(expected.size());
  }

  private void assertRefused(Path file, String... problem) {
    var tokens = TokenOptions.of(Segmentation.Unit.WORDS);
    assertThatThrownBy(
            () ->
                UnrollIds.write(
                    Local.session(),
                    addresses(List.of(file)),
                    tokens,
                    Reading.STREAM,
                    folder.resolve("text.ids")))
        .hasStackTraceContaining(InputException.class.getName())
        .hasMessageContainingAll(problem);
    assertThat(folder.resolve("text.ids")).doesNotExist();
  }

  @Test
  void whatCannotBeReadIsNamed() throws IOException {
    assertRefused(folder.resolve("none.txt"), "none.txt", "does not exist");
    assertRefused(folder, "is a folder");
    Path several = Files.writeString(folder.resolve("text,1.txt"), "a b");
    assertRefused(several, "text,1.txt", "rename those");
    Path text = folder.resolve("text.txt");
    Files.write(text, new byte[] {'a', '\n', (byte) 0xFF, '\n'});
    assertRefused(text, "text.txt", "the line at offset 2 is not UTF-8");
    Files.write(text, new byte[] {'a', 'b', '\n', 0, '\n'});
    assertRefused(text, "text.txt", "the line at offset 3 has a zero byte");
    Files.write(text, "text".getBytes(StandardCharsets.UTF_16));
    assertRefused(text, "UTF-16");
    Files.write(text, new byte[] {0x1F, (byte) 0x8B, 8});
    assertRefused(text, "is packed");
    Files.write(text, new byte[0]);
    assertRefused(text, "no token");
  }
}
