package dev.unroll.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A corpus in a file is the same corpus as in memory. */
class MappedCorpusTest {

  @TempDir Path folder;
  private Path text;
  private Path ids;

  @BeforeEach
  void write() throws IOException {
    text = folder.resolve("text.txt");
    ids = folder.resolve("text.ids");
    Files.writeString(text, "the cat sat\n\non the mat\nthe 𝄞 clef, 漢字\nthe cat\n");
  }

  private static Corpus.Options options(Segmentation.Unit unit) {
    boolean pairs = unit == Segmentation.Unit.BYTE_PAIRS;
    return new Corpus.Options(
        Segmentation.of(unit), pairs ? 40 : Integer.MAX_VALUE, 1, unit.isSmall());
  }

  private void assertSame(MappedCorpus mapped, Corpus corpus) {
    assertThat(mapped.tokenizer().describe()).isEqualTo(corpus.tokenizer().describe());
    assertThat(mapped.fingerprint()).isEqualTo(corpus.fingerprint());
    assertThat(mapped.size()).isEqualTo(corpus.size());
    assertThat(mapped.words()).isEqualTo(corpus.words()).isPositive();
    assertThat(mapped.sentences()).isEqualTo(corpus.sentences());
    for (long i = 0; i < corpus.size(); i++) {
      assertThat(mapped.id(i)).isEqualTo(corpus.id(i));
    }
    for (long s = 0; s <= corpus.sentences(); s++) {
      assertThat(mapped.sentenceStart(s)).isEqualTo(corpus.sentenceStart(s));
      assertThat(mapped.charactersBefore(s)).isEqualTo(corpus.charactersBefore(s));
    }
  }

  @ParameterizedTest
  @EnumSource(Segmentation.Unit.class)
  void itIsTheSameAsInMemory(Segmentation.Unit unit) throws IOException {
    var options = options(unit);
    assertSame(MappedCorpus.open(List.of(text), options, ids), Corpus.read(List.of(text), options));
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
    FileTime made = Files.getLastModifiedTime(ids);
    assertSame(MappedCorpus.open(List.of(text), options, ids), Corpus.read(List.of(text), options));
    assertThat(Files.getLastModifiedTime(ids)).as("used again").isEqualTo(made);
  }

  @Test
  void manyTokensTakeFourBytes() throws IOException {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 70_000; i++) {
      lines.add("w" + i + " w" + (i * 31 % 70_000));
    }
    Files.write(text, lines);
    var options = options(Segmentation.Unit.TOKENS);
    var mapped = MappedCorpus.open(List.of(text), options, ids);
    assertThat(mapped.tokenizer().size()).isEqualTo(70_002);
    assertSame(mapped, Corpus.read(List.of(text), options));
  }

  @Test
  void aTextThatChangedIsReadAgain() throws IOException {
    var options = options(Segmentation.Unit.WORDS);
    MappedCorpus.open(List.of(text), options, ids);
    Files.writeString(text, "another text\nof two lines\n");
    assertSame(MappedCorpus.open(List.of(text), options, ids), Corpus.read(List.of(text), options));
    FileTime time = Files.getLastModifiedTime(text);
    Files.writeString(text, "another word\nof two lines\n"); // as long, and as old
    Files.setLastModifiedTime(text, time);
    assertSame(MappedCorpus.open(List.of(text), options, ids), Corpus.read(List.of(text), options));
    var others = options(Segmentation.Unit.CHARACTERS);
    assertSame(MappedCorpus.open(List.of(text), others, ids), Corpus.read(List.of(text), others));
  }

  @Test
  void aDamagedFileIsNamedAndNoOtherFileIsReplaced() throws IOException {
    var options = options(Segmentation.Unit.WORDS);
    MappedCorpus.open(List.of(text), options, ids);
    byte[] good = Files.readAllBytes(ids);
    byte[] changed = good.clone();
    changed[20] ^= 4;
    for (byte[] bad : List.of(changed, java.util.Arrays.copyOf(good, good.length - 9))) {
      Files.write(ids, bad);
      assertThatThrownBy(() -> MappedCorpus.open(List.of(text), options, ids))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("text.ids: is not whole");
    }
    assertThatThrownBy(() -> MappedCorpus.open(List.of(text), options, text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has no ids in it");
  }
}
