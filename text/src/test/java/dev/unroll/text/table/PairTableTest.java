package dev.unroll.text.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.data.Pair;
import dev.unroll.data.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairTableTest {

  @TempDir Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  @Test
  void aHeaderOfUsualNamesIsNotAPair() throws IOException {
    var pair = new Pair("cat", "K AE T");
    Path file = file("a.tsv", "Source\ttarget\ncat\tK AE T\n");
    assertThat(PairTable.USUAL.read(List.of(file))).containsExactly(pair);
    Path plain = file("b.tsv", "source\tS AO R S\ncat\tK AE T\n");
    assertThat(PairTable.USUAL.read(List.of(plain))).hasSize(2);
    Path named = file("c.csv", "id, Word ,SOUNDS\n1,cat,K AE T\n");
    assertThat(new PairTable("word", "sounds").read(List.of(named))).containsExactly(pair);
    assertThatThrownBy(() -> new PairTable("wrod", "sounds").read(List.of(named)))
        .hasMessageContaining("Did you mean «Word»?");
  }

  @Test
  void whatStandsBetweenPairsIsFoundInFilesOfAnyName() throws IOException {
    var pair = new Pair("cat, the", "K AE T");
    for (String name : List.of("a.tsv", "a.txt")) {
      assertThat(PairTable.USUAL.read(List.of(file(name, "cat, the;K AE T\n"))))
          .containsExactly(pair);
    }
    Path named = file("b.tsv", "source;target\ncat, the;K AE T\n");
    assertThat(PairTable.USUAL.read(List.of(named))).containsExactly(pair);
    var sources = new ArrayList<String>();
    PairTable.USUAL.sources(List.of(named), text -> {}, sources::add);
    Path alone = file("c.tsv", "a;b\nc;d\n");
    PairTable.USUAL.sources(List.of(alone), text -> {}, sources::add);
    assertThat(sources).containsExactly("cat, the", "a;b", "c;d");
  }

  @Test
  void objectsOfJsonArePairs() throws IOException {
    Path file =
        file("a.jsonl", "{\"target\": \"K AE T\", \"in\": {\"src\": 1}, \"input\": \"cat\"}\n");
    assertThat(PairTable.USUAL.read(List.of(file))).containsExactly(new Pair("cat", "K AE T"));
    assertThat(new PairTable("in.src", "target").read(List.of(file)))
        .containsExactly(new Pair("1", "K AE T"));
    var sources = new ArrayList<String>();
    PairTable.USUAL.sources(List.of(file), text -> {}, sources::add);
    assertThat(sources).containsExactly("cat");
    Path within = file("c.json", "{\"rows\": [{\"source\": \"a\", \"target\": \"b\"}]}");
    assertThatThrownBy(() -> PairTable.USUAL.read(List.of(within)))
        .hasMessageContaining("the objects in «rows», write that array alone: jq .rows ");
    Path other = file("b.json", "[{\"a\": 1, \"b\": 2}]");
    assertThatThrownBy(() -> PairTable.USUAL.read(List.of(other)))
        .hasMessageContaining("which of [a, b] is the source");
  }

  @Test
  void aSourceThatTheFirstObjectLacksIsEmpty() throws IOException {
    Path file = file("a.jsonl", "{\"id\": 1}\n{\"id\": 2, \"source\": \"cat\"}\n");
    for (PairTable table : List.of(PairTable.USUAL, new PairTable("source", "target"))) {
      var sources = new ArrayList<String>();
      table.sources(List.of(file), text -> {}, sources::add);
      assertThat(sources).containsExactly("", "cat");
    }
  }

  @Test
  void theElementsOfAnArrayAreTokens() throws IOException {
    Path file =
        file("a.jsonl", "{\"source\":[\"c\",\"a\",\"t\"],\"target\":[\"K\",null,\"AE T\"]}\n");
    assertThat(PairTable.USUAL.read(List.of(file))).containsExactly(new Pair("c a t", "K  AE T"));
    var sources = new ArrayList<String>();
    PairTable.USUAL.sources(List.of(file), text -> {}, sources::add);
    assertThat(sources).containsExactly("c a t");
    for (String within : List.of("[{\"p\": 1}]", "[\"a\", [\"b\"]]")) {
      Path other = file("b.jsonl", "{\"source\": \"a\", \"target\": " + within + "}\n");
      assertThatThrownBy(() -> PairTable.USUAL.read(List.of(other)))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("b.jsonl:1: an array of objects or arrays");
    }
  }

  @Test
  void whatStandsBetweenFieldsIsNamedAndKept() throws IOException {
    Path file = Files.writeString(folder.resolve("a.csv"), "a,b:x\n\"c:d\":y\n");
    var table = PairTable.USUAL.withDelimiter(':');
    assertThat(table.read(List.of(file)))
        .containsExactly(new Pair("a,b", "x"), new Pair("c:d", "y"));
    assertThat(PairTable.of(new Provenance(Map.copyOf(table.kept())))).isEqualTo(table);
    assertThat(PairTable.of(new Provenance(Map.copyOf(PairTable.USUAL.kept()))))
        .isEqualTo(PairTable.USUAL);
  }

  @Test
  void sourcesOfATableOfAnyNameAreItsColumn() throws IOException {
    Path table = Files.writeString(folder.resolve("a.txt"), "a\tx\nb c\ty\n");
    Path lines = Files.writeString(folder.resolve("b.txt"), "a\tx\nb c\n");
    var sources = new ArrayList<String>();
    PairTable.USUAL.sources(List.of(table, lines), source -> {}, sources::add);
    assertThat(sources).containsExactly("a", "b c", "a\tx", "b c");
  }
}
