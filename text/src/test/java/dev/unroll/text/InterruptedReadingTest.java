package dev.unroll.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.text.ngram.ArpaFile;
import dev.unroll.text.ngram.KneserNey;
import dev.unroll.text.table.ConllFile;
import dev.unroll.text.table.SeriesTable;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thread that is interrupted reads and writes as any other, and stays interrupted. */
class InterruptedReadingTest {

  private static final String TEXT = "the cat sat\non the mat\nthe cat\n";

  @TempDir Path folder;

  @BeforeEach
  void interrupt() {
    Thread.currentThread().interrupt();
  }

  @AfterEach
  void isStillInterrupted() {
    assertThat(Thread.interrupted()).isTrue();
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static Corpus.Options options() {
    return new Corpus.Options(Segmentation.of(Segmentation.Unit.TOKENS), 100, 1, false);
  }

  @Test
  void textAndItsIds() throws IOException {
    Path text = file("text.txt", TEXT);
    var corpus = Corpus.read(List.of(text), options());
    Path ids = folder.resolve("text.ids");
    for (int i = 0; i < 2; i++) { // created, then used again
      var mapped = MappedCorpus.open(List.of(text), options(), ids);
      assertThat(mapped.size()).isEqualTo(corpus.size()).isEqualTo(11);
      assertThat(mapped.fingerprint()).isEqualTo(corpus.fingerprint());
    }
    Path packed = folder.resolve("text.gz");
    try (var out =
        new OutputStreamWriter(
            new GZIPOutputStream(Files.newOutputStream(packed)), StandardCharsets.UTF_8)) {
      out.write(TEXT);
    }
    assertThat(Corpus.read(List.of(packed), options()).size()).isEqualTo(11);
  }

  @Test
  void ngramModels() throws IOException {
    var corpus = Corpus.read(List.of(file("text.txt", TEXT.repeat(20))), options());
    var model = KneserNey.estimate(corpus, 2);
    Path arpa = folder.resolve("m.arpa");
    ArpaFile.write(model, Map.of("version", "1"), arpa);
    assertThat(ArpaFile.provenance(arpa)).containsEntry("version", "1");
    assertThat(ArpaFile.read(arpa).tokenizer().size()).isEqualTo(model.tokenizer().size());
  }

  @Test
  void vectorsAndTables() throws IOException {
    Path vectors = file("v.txt", "2 2\ncat 1 2\nmat 3 4\n");
    assertThat(WordVectors.read(vectors, word -> true, 10)).isNotNull();
    assertThat(ConllFile.read(file("t.conll", "the DT\ncat NN\n"))).hasSize(1);
    Path series = file("s.csv", "time,x\n2024-01-01,1\n2024-01-02,2\n");
    assertThat(SeriesTable.read(series, null)).isNotNull();
  }
}
