package dev.unroll.text.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.text.Encoding;
import dev.unroll.text.Lines;
import dev.unroll.text.table.TextTable.Form;
import dev.unroll.text.table.TextTable.Row;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as people have them. */
class TextReadingTest {

  @TempDir Path folder;

  private final List<String> notes = new ArrayList<>();

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private TextReading reading(TextTable table) {
    notes.clear();
    return new TextReading(table, Lines.Links.WITHIN, notes::add);
  }

  private List<String> labeled(TextTable table, Path file) {
    return reading(table).rows(List.of(file), true).stream()
        .map(row -> String.join("+", row.labels()) + ": " + row.text())
        .toList();
  }

  private List<String> texts(TextTable table, Path file) {
    var texts = new ArrayList<String>();
    reading(table).forEach(List.of(file), row -> texts.add(row.text()));
    return texts;
  }

  private void assertRefused(TextTable table, Path file, String... parts) {
    assertThatThrownBy(() -> reading(table).rows(List.of(file), true))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void whatStandsBetweenFieldsIsNamed() throws IOException {
    Path file = file("a.csv", "text#label\n\"good # very\"#pos\nbad, so#neg\n");
    TextTable table = TextTable.USUAL.withDelimiter('#');
    assertThat(labeled(table, file)).containsExactly("pos: good # very", "neg: bad, so");
    assertThat(texts(table.withForm(Form.TSV), file)).containsExactly("good # very", "bad, so");
    assertThat(TextTable.of(table.source())).isEqualTo(table);
    Path tabs = file("a.txt", "text\tlabel\n\"a\"\tx\n");
    assertThat(labeled(TextTable.USUAL.withDelimiter('\t'), tabs)).containsExactly("x: \"a\"");
    assertRefused(table, file("b.tsv", "text#label\na#b#c\n"), "b.tsv:2", "«#» stands between");
  }

  @Test
  void aTableOfAnyNameIsReadAsInTraining() throws IOException {
    Path table = file("a.txt", "review\tlabel\ngood, very\tpos\nbad\tneg\n");
    var trained = reading(TextTable.USUAL);
    trained.rows(List.of(table), true);
    assertThat(texts(trained.table(), table)).containsExactly("good, very", "bad");
    assertThat(notes)
        .contains(table + ": read as a table; {format lines} reads each line as a text");
    Path lines = file("b.txt", "a review\tof it\ngood\n");
    assertThat(texts(trained.table(), lines)).containsExactly("a review\tof it", "good");
    assertThat(texts(trained.table().withForm(Form.LINES), table)).hasSize(3);
    TextTable numbers = TextTable.USUAL.withText("2").withLabel("1");
    assertThat(texts(numbers, file("c.txt", "x\tone\ny\ttwo\n"))).containsExactly("one", "two");
    assertThat(texts(numbers, file("d.txt", "x, one\ny, two\n"))).hasSize(2).contains("x, one");
  }

  @Test
  void whatStandsBetweenFieldsIsFoundInFilesOfAnyName() throws IOException {
    String rows = "text;label\ngood, very;pos\n\"bad; so\";neg\n";
    for (String name : List.of("a.csv", "a.txt", "a.tsv")) {
      assertThat(labeled(TextTable.USUAL, file(name, rows)))
          .containsExactly("pos: good, very", "neg: bad; so");
    }
    Path commas = file("b.tsv", "text,label\n\"good, very\",pos\nbad,neg\n");
    assertThat(labeled(TextTable.USUAL, commas)).containsExactly("pos: good, very", "neg: bad");
    assertThat(texts(TextTable.USUAL, commas)).containsExactly("good, very", "bad");
    Path alone = file("c.tsv", "it was good;really,so\nbad;really,so\n");
    assertThat(texts(TextTable.USUAL, alone))
        .containsExactly("it was good;really,so", "bad;really,so");
    Path fastText = file("d.tsv", "__label__pos good;really\n__label__neg bad;really\n");
    assertThat(labeled(TextTable.USUAL, fastText)).contains("pos: good;really");
  }

  private List<String> numbers(Path file) {
    return TextReading.numbers(reading(TextTable.VALUES).rows(List.of(file), true)).stream()
        .map(row -> row.labels().getFirst())
        .toList();
  }

  @Test
  void aCommaMayStandBeforeTheDecimalsOfValues() throws IOException {
    Path file = file("a.csv", "text;value\na;3,5\nb;-1.234,25\nc;2\n");
    assertThat(numbers(file)).containsExactly("3.5", "-1234.25", "2");
    assertThat(numbers(file("b.tsv", "text\tvalue\na\t1,234\nb\t0,5\n")))
        .containsExactly("1.234", "0.5");
    assertThat(numbers(file("c.tsv", "text\tvalue\na\t1,234.5\nb\t1e-3\nc\tx\n")))
        .containsExactly("1234.5", "1e-3", "x");
    String some = "a;3,5\nb;-1,25\nc;2\nd;0,5\ne;0,75\n";
    assertThat(numbers(file("d.csv", some))).hasSize(5);
    Path open = file("e.csv", "text;value\na;1,234\n");
    assertThatThrownBy(() -> numbers(open))
        .hasMessageContainingAll("e.csv: «1,234» may be 1.234 or 1234", "with a point");
  }

  @Test
  void aCommaMayStandBeforeTheDecimalsOfWeights() throws IOException {
    Path file = file("a.csv", "text;label;w\na;x;1,5\nb;y;0.5\n");
    var table = TextTable.USUAL.withAside(TextTable.Aside.NOTHING.withWeight("w"));
    assertThat(reading(table).rows(List.of(file), true).stream().map(row -> row.known().weight()))
        .containsExactly(1.5, 0.5);
    assertRefused(table, file("b.csv", "text;label;w\na;x;1,500\n"), "the weight is «1,500»");
  }

  @Test
  void namesOfColumnsAreTrimmedAndTheirCaseMakesNoDifference() throws IOException {
    Path file = file("a.csv", "\uFEFF id , TEXT,\" Label \"\n1,good film,pos\n");
    assertThat(labeled(TextTable.USUAL, file)).containsExactly("pos: good film");
    assertThat(notes).isEmpty();
    var sentiment = TextTable.USUAL.withLabel("SENTIMENT").withText("Review");
    Path other = file("b.csv", "review,Sentiment\ngood,pos\n");
    assertThat(labeled(sentiment, other)).containsExactly("pos: good");
    Path both = file("c.csv", "text,label,Label\na,x,y\n");
    assertThat(labeled(TextTable.USUAL, both)).containsExactly("x: a");
  }

  @Test
  void aNearMissIsProposed() throws IOException {
    Path file = file("a.csv", "text,Sentiment\ngood,pos\n");
    assertRefused(
        TextTable.USUAL.withLabel("Sentimet"),
        file,
        "a.csv:1: no column is called «Sentimet», among [text, Sentiment]",
        "Did you mean label(\"Sentiment\")?");
    assertRefused(TextTable.USUAL.withLabel("mood"), file, "«mood»", "must name the columns");
    assertRefused(
        TextTable.VALUES.withText("txt"), file("v.csv", "text,value\na,1\n"), "text(\"text\")?");
  }

  @Test
  void usualNamesAreFoundAndSaid() throws IOException {
    Path file = file("a.tsv", "id\tReview\tsentiment\n1\tgood\tpos\n");
    assertThat(labeled(TextTable.USUAL, file)).containsExactly("pos: good");
    assertThat(notes).singleElement().asString().contains("«Review»", "labels from «sentiment»");
    Path stars = file("s.csv", "comment,Stars\ngood,4\n");
    assertThat(labeled(TextTable.VALUES, stars)).containsExactly("4: good");
    Path two = file("t.csv", "queue,subject line\nA,hello\n"); // the other one of two
    var reading = reading(TextTable.USUAL);
    assertThat(reading.rows(List.of(two), true).getFirst().text()).isEqualTo("hello");
    assertThat(reading.table().source())
        .isEqualTo(Map.of("text", "subject line", "label", "queue"));
    assertRefused(
        TextTable.USUAL,
        file("m.csv", "body,comment,label\na,b,x\n"),
        "several columns",
        "body, comment");
  }

  @Test
  void aFileWithoutAHeaderIsFound() throws IOException {
    String rows = "pos\tgood film\nneg\tbad film\npos\tfine\nneg\tawful\npos\tnice one\nneg\tno\n";
    assertThat(labeled(TextTable.USUAL, file("a.tsv", rows))).hasSize(6).contains("neg: awful");
    assertThat(notes).singleElement().asString().contains("no header", "column 2", "column 1");
    var reading = reading(TextTable.USUAL);
    var unused = reading.rows(List.of(folder.resolve("a.tsv")), true);
    assertThat(reading.table().source()).containsEntry("text", "2").containsEntry("label", "1");
    assertThat(texts(reading.table(), file("only.tsv", "one\n\nthree\n")))
        .containsExactly("one", "", "three");
    Path strange = file("b.tsv", "Befund\tWas gesagt wurde\n" + rows);
    assertThat(labeled(TextTable.USUAL, strange)).hasSize(6);
    assertThat(notes).singleElement().asString().contains("«Was gesagt wurde»");
    assertRefused(TextTable.USUAL, file("c.tsv", "a\tone\nb\ttwo\n"), "no column is called");
    Path values = file("v.csv", "so so,2.5\ngood,4\nbad,1\nfine,3.5\nno,0\n");
    assertThat(labeled(TextTable.VALUES, values)).hasSize(5).contains("2.5: so so");
    assertThat(labeled(TextTable.USUAL.withText("2").withLabel("1"), file("d.tsv", "x\tone\n")))
        .containsExactly("x: one");
  }

  @Test
  void objectsOfJsonAreRows() throws IOException {
    String lines =
        """
        {"id": 1, "user": {"text": "good\\nfilm"}, "label": "pos", "w": 2.5}

        {"label": "neg", "user": {"text": "bad", "name": "x"}, "id": 2, "w": null}
        """;
    var table = TextTable.USUAL.withText("user.text");
    assertThat(labeled(table, file("a.jsonl", lines)))
        .containsExactly("pos: good\nfilm", "neg: bad");
    String array = "[" + lines.strip().replace("\n\n", ",") + "]";
    assertThat(labeled(table, file("b.json", array)))
        .containsExactly("pos: good\nfilm", "neg: bad");
    assertThat(texts(table, file("c.ndjson", lines))).containsExactly("good\nfilm", "bad");
    assertThat(reading(table).rows(List.of(file("d.jsonl", "\n" + lines)), true).getLast().line())
        .isEqualTo(4);
    assertRefused(table, file("e.jsonl", "{\"text\": \"a\", \"label\": \"b\"\n{"), "e.jsonl:2: ");
    assertRefused(table, file("f.jsonl", "[1, 2]"), "f.jsonl:1: «1» is not an object");
    assertRefused(table, folder.resolve("e.jsonl"), "not JSON");
    String within = "{\"version\": 1, \"set\": {\"data\": " + array + "}}";
    assertRefused(
        TextTable.USUAL,
        file("h.json", within),
        "h.json:1: no column is called «text», among [version, set.data]",
        "the objects in «set.data», write that array alone: jq .set.data ");
    assertRefused(
        TextTable.USUAL, file("g.jsonl", "{\"a\": 1, \"b\": 2}\n".repeat(9)), "among [a, b]");
  }

  @Test
  void anArrayOfLabelsIsSeveralLabelsAndOneOfTokensAText() throws IOException {
    Path file =
        file(
            "a.jsonl",
            "{\"text\": [\"a\", \"b\"], \"label\": [\"x\", \"y\"]}\n{\"text\": \"c\", \"label\": []}\n");
    assertThat(labeled(TextTable.USUAL, file)).containsExactly("x+y: a b", ": c");
    var reading = reading(TextTable.USUAL);
    var unused = reading.rows(List.of(file), true);
    assertThat(reading.table().separator()).isEqualTo(",");
  }

  @Test
  void anArrayDoesNotSayThatOthersAreSplit() throws IOException {
    String one = "{\"text\": \"a\", \"label\": \"Health, Safety\"}\n";
    String two = "{\"text\": \"b\", \"label\": [\"Health, Safety\", \"Other\"]}\n";
    for (String content : List.of(one + two + one, two + one + one, one + one + two)) {
      var reading = reading(TextTable.USUAL);
      var rows = reading.rows(List.of(file("a.jsonl", content)), true);
      assertThat(rows.stream().flatMap(row -> row.labels().stream()).distinct())
          .containsExactlyInAnyOrder("Health, Safety", "Other");
      assertThat(reading.table().separator()).isEqualTo(";");
    }
    String none = "{\"text\": \"c\", \"label\": \"\"}\n";
    assertThat(labeled(TextTable.USUAL, file("b.jsonl", none + two)))
        .containsExactly(": c", "Health, Safety+Other: b");
    assertRefused(TextTable.USUAL, file("c.jsonl", none + one), "c.jsonl:1: the label is empty");
  }

  @Test
  void anArrayIsOneAnswerOrAVector() throws IOException {
    String row = "{\"text\": \"a\", \"label\": %s}\n";
    Path one = file("a.jsonl", row.formatted("[3]"));
    Path two = file("b.jsonl", row.formatted("[0, 0]"));
    var single = reading(TextTable.USUAL).answers(TextTable.Answers.ONE);
    assertThat(single.rows(List.of(one), true).getFirst().labels()).containsExactly("3");
    assertThat(notes).isEmpty();
    assertThatThrownBy(() -> single.rows(List.of(two), true))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("b.jsonl:1: the label is an array of 2 elements");
    var vector = reading(TextTable.USUAL).answers(TextTable.Answers.VECTOR);
    assertThat(vector.rows(List.of(two), true).getFirst().labels()).containsExactly("0 0");
    for (String wrong : List.of("[]", "[1, null]", "[[1]]", "null")) {
      Path file = file("c.jsonl", row.formatted(wrong));
      for (var reading : List.of(single, vector)) {
        assertThatThrownBy(() -> reading.rows(List.of(file), true))
            .isInstanceOf(InputException.class)
            .hasMessageContaining("c.jsonl:1: ");
      }
    }
    Path lines = file("d.txt", "__label__3 __label__4 a\n");
    assertThatThrownBy(() -> single.rows(List.of(lines), true))
        .hasMessageContaining("d.txt:1: the line has several labels");
  }

  @Test
  void linesOfFastTextAreRead() throws IOException {
    Path file = file("a.txt", "__label__pos good, film\n\n__label__neg\tbad\tfilm\n");
    assertThat(labeled(TextTable.USUAL, file)).containsExactly("pos: good, film", "neg: bad\tfilm");
    assertThat(texts(TextTable.USUAL, file)).containsExactly("good, film", "", "bad\tfilm");
    Path several = file("b.txt", "__label__a __label__b one two\n__label__a three\n");
    var reading = reading(TextTable.USUAL);
    assertThat(reading.rows(List.of(several), true).stream().map(Row::labels))
        .containsExactly(List.of("a", "b"), List.of("a"));
    assertThat(reading.table().separator()).isEqualTo(" ");
    assertRefused(TextTable.USUAL, file("c.txt", "__label__a x\nplain\n"), "c.txt:2: ", "no label");
    assertRefused(TextTable.USUAL, file("d.txt", "__label__a\n"), "d.txt:1: the text is empty");
    assertThat(labeled(TextTable.USUAL.withForm(Form.FASTTEXT), file("e.csv", "__label__1 a,b\n")))
        .containsExactly("1: a,b");
  }

  @Test
  void columnsThatFilesWithoutAnyCannotHaveAreRefused() throws IOException {
    var grouped = TextTable.USUAL.withAside(TextTable.Aside.NOTHING.withGroup("author"));
    var weighted = TextTable.USUAL.withAside(TextTable.Aside.NOTHING.withWeight("w"));
    Path lines = file("f.txt", "__label__a one\n");
    Files.createDirectories(folder.resolve("texts/a"));
    file("texts/a/1.txt", "one\n");
    for (Path each : List.of(lines, folder.resolve("texts"))) {
      assertRefused(grouped, each, "it has no columns", "Leave group");
      assertRefused(weighted, each, "it has no columns", "Leave weight");
    }
    assertThat(texts(grouped, lines)).containsExactly("one"); // without labels nothing else counts
    var text = TextTable.USUAL.withNamed(TextTable.TEXT, "review");
    var label = TextTable.USUAL.withNamed("label", "stars");
    Path plain = file("g.txt", "one\n");
    for (Path each : List.of(lines, folder.resolve("texts"))) {
      assertRefused(text, each, "it has no columns", "Leave text");
      assertRefused(label, each, "it has no columns", "Leave label");
    }
    for (Path each : List.of(lines, folder.resolve("texts"), plain)) {
      assertThatThrownBy(() -> texts(text, each))
          .hasMessageContainingAll("it has no columns", "Leave text");
      assertThat(texts(label, each)).containsExactly("one");
    }
    var remembered = TextTable.of(text.withNamed("label", "stars").source());
    assertThat(remembered.text()).isEqualTo("review");
    assertThat(texts(remembered, lines)).containsExactly("one");
  }

  @Test
  void weightsGroupsAndAllColumnsAreKept() throws IOException {
    Path file = file("a.csv", "text,label,weight,author\na,x,2,ann\nb,y,0.5,bob\n");
    var table = TextTable.USUAL.withAside(new TextTable.Aside("Weight", "author"));
    var rows = reading(table).keepingColumns().rows(List.of(file), true);
    assertThat(rows.stream().map(row -> row.known().weight())).containsExactly(2.0, 0.5);
    assertThat(rows.stream().map(row -> row.known().group())).containsExactly("ann", "bob");
    assertThat(rows.getFirst().known().columns())
        .containsExactly(
            Map.entry("text", "a"),
            Map.entry("label", "x"),
            Map.entry("weight", "2"),
            Map.entry("author", "ann"));
    assertRefused(
        table, file("b.csv", "text,label,weight,author\na,x,-1,c\n"), "the weight is «-1»");
    assertRefused(table, file("c.csv", "text,label,wieght,author\na,x,1,c\n"), "Did you mean");
  }

  @Test
  void emptyRowsOfOneColumnAreAnswered() throws IOException {
    assertThat(texts(TextTable.USUAL, file("a.csv", "text\na\n\n\"\"\nb\n")))
        .containsExactly("a", "", "", "b");
    assertThat(texts(TextTable.USUAL, file("b.csv", "id,text\n1,a\n\n2,\n3,b\n")))
        .containsExactly("a", "", "b");
  }

  /** Spreadsheets write columns and rows in which nothing stands any more. */
  @Test
  void blankColumnsAndRowsAtTheEndOfATableAreNoTexts() throws IOException {
    Path named = file("a.csv", "Text;Label;;\na;x;;\n;;;\nb;y;;\n;;;\n;;;\n");
    assertThat(labeled(TextTable.USUAL, named)).containsExactly("x: a", "y: b");
    assertThat(texts(TextTable.USUAL, named)).containsExactly("a", "", "b", "", "");
    String rows = "pos,good film\nneg,bad film\npos,fine\nneg,awful\npos,nice one\nneg,no\n,\n";
    assertThat(labeled(TextTable.USUAL, file("b.csv", rows))).hasSize(6).contains("neg: awful");
    assertRefused(TextTable.USUAL, file("c.csv", "text,label\na,x\n,y\n"), "c.csv:3: the text");
    assertRefused(
        TextTable.USUAL,
        file("d.jsonl", "{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"\",\"label\":\"\"}\n"),
        "d.jsonl:2: the text is empty");
  }

  @Test
  void aLineForExcelAboveTheHeaderSaysWhatStandsBetweenFields() throws IOException {
    Path file = file("a.csv", "sep=|\ntext|label\n\"a|b, c\"|x\nd|y\n");
    assertThat(labeled(TextTable.USUAL, file)).containsExactly("x: a|b, c", "y: d");
    assertThat(texts(TextTable.USUAL, file)).containsExactly("a|b, c", "d");
    assertThat(reading(TextTable.USUAL).rows(List.of(file), true).getLast().line()).isEqualTo(4);
    Path said = file("b.csv", "SEP=;\r\ntext#label\r\na;b#x\r\n");
    assertThat(labeled(TextTable.USUAL.withDelimiter('#'), said)).containsExactly("x: a;b");
    Path pairs = file("c.csv", "sep=;\nsource;target\na, b;c\n");
    assertThat(PairTable.USUAL.read(List.of(pairs)))
        .containsExactly(new dev.unroll.data.Pair("a, b", "c"));
  }

  @Test
  void membersThatOnlyLaterObjectsHaveAreKept() throws IOException {
    Path file = file("a.jsonl", "{\"text\":\"a\"}\n{\"id\":7,\"text\":\"b\",\"user\":{\"n\":1}}\n");
    var kept = new ArrayList<Map<String, String>>();
    reading(TextTable.USUAL)
        .keepingColumns()
        .forEach(List.of(file), row -> kept.add(row.known().columns()));
    assertThat(kept)
        .containsExactly(
            Map.of("text", "a", "id", "", "user.n", ""),
            Map.of("text", "b", "id", "7", "user.n", "1"));
  }

  @Test
  void aTextThatTheFirstObjectLacksIsEmpty() throws IOException {
    Path file = file("a.jsonl", "{\"id\":1}\n{\"id\":2,\"text\":\"good\"}\n");
    assertThat(texts(TextTable.USUAL, file)).containsExactly("", "good");
    Path usual = file("b.jsonl", "{\"id\":1}\n{\"id\":2,\"Review\":\"good\"}\n");
    assertThat(texts(TextTable.USUAL, usual)).containsExactly("", "good");
    Path none = file("c.jsonl", "{\"id\":1}\n{\"stars\":2}\n");
    assertThatThrownBy(() -> texts(TextTable.USUAL, none))
        .hasMessageContaining("no column is called «text», among [id, stars]");
  }

  @Test
  void aLabelThatTheFirstObjectLacksIsNotLookedForElsewhere() throws IOException {
    Path file = file("a.jsonl", "{\"id\":1,\"text\":\"a\"}\n{\"text\":\"b\",\"label\":\"x\"}\n");
    assertRefused(TextTable.USUAL, file, "a.jsonl:1: the label is empty");
  }

  @Test
  void proseIsNotSplitAtItsSemicolons() throws IOException {
    assertThat(texts(TextTable.USUAL, file("a.csv", "A great film; loved it\nBad\n")))
        .containsExactly("A great film; loved it", "Bad");
    assertThat(texts(TextTable.USUAL, file("b.csv", "text;label\na, b;x\n")))
        .containsExactly("a, b");
    assertThat(texts(TextTable.USUAL, file("c.csv", "One; two\nThree; four\nFive; six\n")))
        .containsExactly("One; two", "Three; four", "Five; six");
  }

  @Test
  void namesBetweenSemicolonsMayHaveSpacesAround() throws IOException {
    String padded = " No ; Text ;LABEL \n1;a, b;x\n2;c;y\n3;\"d; e\";x\n";
    assertThat(texts(TextTable.USUAL, file("a.csv", padded))).containsExactly("a, b", "c", "d; e");
  }

  @Test
  void quotesThatBecameLettersAreNoticedWithTheirLine() throws IOException {
    labeled(TextTable.USUAL, file("a.tsv", "label\ttext\nx\t\"one, two\"\ny\t\"three\"\n"));
    assertThat(notes).singleElement().asString().contains("a.tsv:2: ", "all of 2 rows", "{quotes}");
    labeled(TextTable.USUAL, file("b.csv", "label,text\nx, \"one\"\ny, \"two\"\n"));
    assertThat(notes).singleElement().asString().contains("b.csv:2: ", "without a blank");
    Path open = file("c.csv", "label,text\nx,\"one\ny,two\nx,three\ny,\"\nz,four\n");
    labeled(TextTable.USUAL, open);
    assertThat(notes).singleElement().asString().contains("c.csv:2: ", "4 lines", "not closed");
    labeled(
        TextTable.USUAL, file("d.csv", "label,text\nx,\"one\ntwo\"\ny,\"\"\"Yes,\"\" he said\"\n"));
    labeled(TextTable.USUAL, file("e.tsv", "label\ttext\nx\t\"Yes,\" he said\ny\tb\n"));
    assertThat(notes).isEmpty();
  }

  @Test
  void otherEncodingsAreReadByTheirNames() throws IOException {
    for (String name : List.of("windows-1252", "Shift_JIS", "UTF-16LE", "GB18030", "ISO-2022-JP")) {
      String word = name.equals("windows-1252") ? "„größe“ 5 €" : "漢字かな";
      Path file = folder.resolve(name + ".csv");
      Files.write(file, ("text,label\n" + word + ",x\n").getBytes(Charset.forName(name)));
      var found = Lines.inEncoding(Encoding.of(name), () -> labeled(TextTable.USUAL, file));
      assertThat(found).as(name).containsExactly("x: " + word);
    }
    Path marked = file("m.csv", "\uFEFFtext,label\ngröße,x\n");
    var windows = Encoding.of("CP1252");
    assertThat(Lines.inEncoding(windows, () -> labeled(TextTable.USUAL, marked)))
        .containsExactly("x: größe"); // a mark says more
    Path plain = file("p.csv", "text,label\ngröße,x\n");
    assertThatThrownBy(
            () -> Lines.inRememberedEncoding(windows, () -> labeled(TextTable.USUAL, plain)))
        .hasMessageContainingAll("p.csv:2: ", "looks like UTF-8", "windows-1252");
    Path wrong = Files.write(folder.resolve("s.csv"), new byte[] {'a', '\n', (byte) 0xFD, '\n'});
    assertThatThrownBy(
            () -> Lines.inEncoding(Encoding.of("Shift_JIS"), () -> texts(TextTable.USUAL, wrong)))
        .hasMessageContainingAll("s.csv:2: not Shift_JIS", "encoding");
    assertThatThrownBy(() -> Encoding.of("latin-77")).hasMessageContaining("windows-1252");
    assertThatThrownBy(() -> Encoding.of("IBM037")).hasMessageContaining("iconv");
  }
}
