package dev.unroll.text.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.text.Corpus;
import dev.unroll.text.Segmentation;
import dev.unroll.text.WordVectors;
import dev.unroll.text.ngram.ArpaFile;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Excel, Notepad and PowerShell write is read by every reader. */
class EncodedTablesTest {

  @TempDir Path folder;

  private Path file(String name, String content, String charset) throws IOException {
    return Files.write(
        folder.resolve(charset + name),
        ("\uFEFF" + content.replace("\n", "\r\n")).getBytes(Charset.forName(charset)));
  }

  @Test
  void everyReaderReadsThem() throws IOException {
    for (String each : List.of("UTF-8", "UTF-16LE", "UTF-16BE")) {
      Path csv = file("a.csv", "label,text\nä,\"größe, weite\nzwei\"\n", each);
      var row = new TextReading(TextTable.USUAL).rows(List.of(csv), true).getFirst();
      assertThat(row.text()).isEqualTo("größe, weite\nzwei");
      assertThat(row.labels()).containsExactly("ä");

      Path pairs = file("p.tsv", "größe\tsize\n", each);
      assertThat(PairTable.USUAL.read(List.of(pairs)).getFirst().source()).isEqualTo("größe");

      Path series = file("s.csv", "Tag;größe\n2020-01-01;1\n2020-01-02;2\n", each);
      assertThat(SeriesTable.read(series, "Tag").columns()).containsExactly("größe");

      Path columns = file("c.conllu", "1\tgröße" + "\t_".repeat(8) + "\n\n", each);
      assertThat(ConllFile.read(columns).getFirst().isUniversal()).isTrue();
      Path plain = file("c.txt", "größe NN\n", each);
      assertThat(ConllFile.read(plain).getFirst().column(0)).containsExactly("größe");

      for (String header : List.of("", "1 2\n")) {
        Path vectors = file("v.txt", header + "größe 1 2\n", each);
        assertThat(WordVectors.read(vectors, word -> true, 0).rows()).containsOnlyKeys("größe");
      }

      Path arpa = file("m.arpa", "\\data\\\nngram 1=1\n\n\\1-grams:\n-1 größe\n\\end\\\n", each);
      assertThat(ArpaFile.read(arpa).order()).isOne();

      var tokens = Segmentation.of(Segmentation.Unit.TOKENS);
      var corpus =
          Corpus.read(List.of(csv), new Corpus.Options(tokens, Integer.MAX_VALUE, 1, false));
      assertThat(corpus.tokenizer().encode("label,text"))
          .doesNotContain(corpus.tokenizer().unknown());
      assertThat(Table.rows(List.of(pairs), 2, 2, "two")).hasSize(1);
    }
  }
}
