package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as people have them, by the commands that a new user types. */
class MessyFilesTest {

  private static final List<String> QUICK =
      List.of("--units", "8", "--epochs", "2", "--threads", "1", "--batch", "8");

  @TempDir Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private Session.Result train(String task, Path data, Path model, String... more) {
    var words = new ArrayList<>(List.of(task, "train", data.toString(), "-o", model.toString()));
    words.addAll(QUICK);
    words.addAll(List.of(more));
    return Session.run(words.toArray(String[]::new));
  }

  private Session.Result trained(String task, Path data, Path model, String... more) {
    var result = train(task, data, model, more);
    assertThat(result.status()).as(result.err()).isZero();
    return result;
  }

  /** Rows by a form whose arguments are text, label, number and group. */
  private static String rows(String form) {
    var rows = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      rows.append(
          String.format(
              Locale.ROOT,
              form,
              (i % 2 == 0 ? "good größe " : "bad größe ") + i % 5,
              i % 2 == 0 ? "pos" : "neg",
              1 + i % 3,
              "g" + i / 4));
    }
    return rows.toString();
  }

  private static String predict(String task, Path model, Path data, String... more) {
    var words = new ArrayList<>(List.of(task, "predict", model.toString(), data.toString()));
    words.addAll(List.of(more));
    return Session.ok(words.toArray(String[]::new)).out();
  }

  @Test
  void anEncodingIsKeptForVerifyAndPredict() throws IOException {
    Path data = folder.resolve("a.csv");
    String content = " Review ,SENTIMENT,w,author\n" + rows("%s,%s,%d,%s\n");
    Files.write(data, content.getBytes(Charset.forName("windows-1252")));
    Path model = folder.resolve("a.safetensors");
    var refused = train("classify", data, model);
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("a.csv:2: not UTF-8", "--encoding ISO-8859-1");
    var options =
        new String[] {"--encoding", "cp1252", "--weight-column", "W", "--group", "author"};
    assertThat(trained("classify", data, model, options).err())
        .contains("texts are read from the column «Review», labels from «SENTIMENT»");
    assertThat(Session.ok("verify", model.toString(), data.toString()).out())
        .contains("the same bits");
    assertThat(Session.ok("classify", "eval", model.toString(), data.toString()).out())
        .contains("of 40");
    Path utf8 = file("b.csv", content);
    var other = Session.run("classify", "predict", model.toString(), utf8.toString());
    assertThat(other.status()).isEqualTo(2);
    assertThat(other.err()).contains("looks like UTF-8", "--encoding UTF-8");
    assertThat(predict("classify", model, utf8, "--encoding", "UTF-8").lines()).hasSize(40);
    var unweighted = folder.resolve("u.safetensors");
    trained("classify", data, unweighted, "--encoding", "cp1252", "--group", "author");
    assertThat(Files.readAllBytes(unweighted)).isNotEqualTo(Files.readAllBytes(model));
    var wrong = train("classify", data, model, "--encoding", "latin99");
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err()).contains("no encoding is called «latin99»");
  }

  @Test
  void jsonFastTextAndFilesWithoutAHeaderTeachTheSame() throws IOException {
    Path json =
        file(
            "a.jsonl",
            rows("{\"doc\": {\"text\": \"%s\"}, \"label\": \"%s\", \"n\": %d, \"g\": \"%s\"}\n"));
    Path fast = file("b.txt", rows("__label__%2$s %1$s\n"));
    Path plain = file("c.tsv", rows("%2$s\t%1$s\n"));
    Path named = file("d.tsv", "label\ttext\n" + rows("%2$s\t%1$s\n"));
    List<Path> models = new ArrayList<>();
    for (Path data : List.of(json, fast, plain, named)) {
      Path model = folder.resolve(data.getFileName() + ".safetensors");
      var more = data == json ? new String[] {"--text", "doc.text"} : new String[0];
      var said = trained("classify", data, model, more).err();
      assertThat(said).contains("32 texts to train on, 8 to validate on", "labels      2: ");
      assertThat(said.contains("there is no header")).isEqualTo(data == plain);
      models.add(model);
      assertThat(Session.ok("classify", "eval", model.toString(), data.toString()).out())
          .contains("of 40");
      assertThat(predict("classify", model, data).lines()).hasSize(40);
    }
    Path several = file("e.txt", rows("__label__%2$s __label__n%3$d %1$s\n"));
    Path model = folder.resolve("e.safetensors");
    assertThat(trained("classify", several, model).err()).contains("micro F1", "several labels");
    var near = train("classify", named, model, "--label", "lable");
    assertThat(near.err()).contains("d.tsv:1: no column is called «lable»", "--label label?");
    assertThat(near.status()).isEqualTo(2);
  }

  @Test
  void answersComeInEveryFormWithTheColumnsOfTheInput() throws IOException {
    Path data = file("a.csv", "id,text,label\n" + rows("%3$d,\"%1$s, x\",%2$s\n"));
    Path model = folder.resolve("a.safetensors");
    trained("classify", data, model);
    Path some = file("s.csv", "id,text,label\n7,\"good, x\",pos\n8,,neg\n9,bad,neg\n");
    assertThat(predict("classify", model, some).lines()).hasSize(3);
    assertThat(predict("classify", model, some, "--output", "csv").lines())
        .hasSize(4)
        .startsWith("text,label")
        .anyMatch(line -> line.startsWith("\"good, x\","));
    String kept = predict("classify", model, some, "--output", "csv", "--keep-columns");
    assertThat(kept.lines()).hasSize(4).startsWith("id,text,label,predicted_label");
    assertThat(kept).contains("7,\"good, x\",pos,", "\n8,,neg,");
    assertThat(predict("classify", model, some, "--json"))
        .isEqualTo(predict("classify", model, some, "--output", "json"))
        .contains("{\"text\":\"good, x\",\"label\":\"");
    assertThat(predict("classify", model, some, "--output", "JSON", "--keep-columns"))
        .contains("{\"id\":\"7\",\"text\":\"good, x\",\"label\":\"pos\",\"predicted_label\":\"");
    for (String[] wrong :
        new String[][] {{"--keep-columns"}, {"--output", "xml"}, {"--json", "--output", "csv"}}) {
      var words =
          new ArrayList<>(List.of("classify", "predict", model.toString(), some.toString()));
      words.addAll(List.of(wrong));
      assertThat(Session.run(words.toArray(String[]::new)).status()).isEqualTo(2);
    }
    assertThat(
            Session.ok("classify", "eval", model.toString(), data.toString(), "--output", "csv")
                .out())
        .startsWith("measure,value\n")
        .contains("\naccuracy,", "\ncalibration.10.answers,")
        .doesNotContain("Bin[");
  }

  @Test
  void anEmptyRowHasItsAnswerInItsPlace() throws IOException {
    Path data = file("a.csv", "text,stars,weight\n" + rows("%1$s,%3$d,%3$d\n"));
    Path model = folder.resolve("a.safetensors");
    var said = trained("regress", data, model, "--weight-column", "weight");
    assertThat(said.err()).contains("values from «stars»");
    Path lines = file("l.txt", "good\n\nbad\n");
    List<String> answers = predict("regress", model, lines).lines().toList();
    assertThat(answers).hasSize(3);
    assertThat(answers.get(1)).isEmpty();
    assertThat(predict("regress", model, lines, "--json"))
        .contains("{\"text\":\"\",\"value\":null}");
    assertThat(predict("regress", model, file("c.csv", "text\ngood\n\nbad\n"), "--output", "csv"))
        .contains("\n\"\",\n");
  }

  @Test
  void whatIsFilledInIsCountedAndAFileOfOneColumnHasNoTimes() throws IOException {
    var days = new StringBuilder("day;sold;\n");
    var numbers = new StringBuilder("sold\n");
    for (int i = 0; i < 120; i++) {
      String sold = i == 50 ? "#N/A" : 40 + i % 7 + ",5";
      days.append(java.time.LocalDate.of(2024, 1, 1).plusDays(i)).append(';').append(sold);
      days.append(";\n");
      numbers.append(2000 + i % 7).append('\n');
    }
    days.append(";;\n");
    String said =
        trained("forecast", file("a.csv", days.toString()), folder.resolve("a.safetensors")).err();
    assertThat(said)
        .contains("warning: gaps fill: 1 missing number of 120 rows, put on straight lines")
        .doesNotContain("missing row");
    Path one = file("b.csv", numbers.toString());
    Path model = folder.resolve("b.safetensors");
    assertThat(trained("forecast", one, model).err())
        .contains("found: time none: the numbers are the only column", "season of 7 rows")
        .doesNotContain("--calendar");
    assertThat(predict("forecast", model, one)).startsWith("row,sold\n121,");
  }

  /** A season that the times suggest is no advice where the last number is nearer. */
  @Test
  void whatToTryIsTheBetterOfTheSimpleForecasts() throws IOException {
    var days = new StringBuilder("day,sold\n");
    for (int i = 0; i < 40; i++) {
      days.append(java.time.LocalDate.of(2024, 1, 1).plusDays(i)).append(',').append(i);
      days.append('\n');
    }
    Path data = file("a.csv", days.toString());
    var asked = new String[] {"--season", "7", "--context", "14", "--relative", "window"};
    assertThat(trained("forecast", data, folder.resolve("a.safetensors"), asked).err())
        .contains("last number is better", "--relative last, which starts")
        .doesNotContain("--relative season");
    Path commented = file("b.csv", "# exported today\n" + days);
    assertThat(train("forecast", commented, folder.resolve("b.safetensors")).err())
        .contains("b.csv:2: 2 fields, where the header has 1", "take comments above it out");
  }

  @Test
  void theLastColumnOfNumbersIsForecast() throws IOException {
    var days = new StringBuilder("day,sold,remark\n");
    for (int i = 0; i < 120; i++) {
      days.append(java.time.LocalDate.of(2024, 1, 1).plusDays(i)).append(',').append(40 + i % 7);
      days.append(i % 2 == 0 ? ",rain\n" : ",\n");
    }
    Path data = file("a.csv", days.toString());
    Path model = folder.resolve("a.safetensors");
    assertThat(trained("forecast", data, model).err())
        .contains("found: target sold: the last column of numbers");
    assertThat(predict("forecast", model, data)).startsWith("time,sold\n");
    var asked = train("forecast", data, model, "--target", "remark");
    assertThat(asked.err()).contains("a.csv:2: «rain» in column remark is not a finite number");
  }

  @Test
  void aTargetThatNobodyNamedIsSaid() throws IOException {
    var days = new StringBuilder("day,sold,law,tax\n");
    for (int i = 0; i < 120; i++) {
      days.append(java.time.LocalDate.of(2024, 1, 1).plusDays(i)).append(',').append(40 + i % 7);
      days.append(",1,").append(i % 5).append('\n');
    }
    Path model = folder.resolve("law.safetensors");
    assertThat(trained("forecast", file("a.csv", days.toString()), model).err())
        .contains("found: target tax: the last column of numbers");
    Path constant = file("b.csv", days.toString().replaceAll("(?m),[^,]*$", ""));
    assertThat(train("forecast", constant, model).err())
        .contains("column law has the same number", "or name what is forecast with --target.");
  }

  @Test
  void aFirstPairThatMayBeAHeaderIsNamed() throws IOException {
    var rows = new StringBuilder("english;german\n");
    for (int i = 0; i < 40; i++) {
      rows.append("the cat ").append(i).append(";die Katze ").append(i).append('\n');
    }
    Path model = folder.resolve("p.safetensors");
    Path data = file("p.csv", rows.toString());
    String said = "«english» and «german» are read as a pair; if they name the columns, name them";
    assertThat(trained("transduce", data, model).err()).contains(said);
    String named =
        trained("transduce", data, model, "--source", "english", "--target", "german").err();
    assertThat(named).doesNotContain(said).contains("36 pairs to train on, 4 to validate on");
    Path pairs = file("q.tsv", rows.substring(rows.indexOf("\n") + 1).replace(';', '\t'));
    assertThat(trained("transduce", pairs, model).err()).doesNotContain("read as a pair");
  }

  @Test
  void aBookIsCutIntoSentences() throws IOException {
    var book = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      book.append("Mr. Brown saw the cat number ").append(i % 4).append(" on the\n");
      book.append("old red mat of the house, and he was glad. It\n");
      book.append("was late in the evening when she came home, at last.\n\n");
    }
    Path text = file("book.txt", book.toString());
    Path model = folder.resolve("m.safetensors");
    String said = trained("lm", text, model, "--split-sentences").err();
    Path paragraphs = folder.resolve("p.safetensors");
    trained("lm", text, paragraphs, "--reading", "paragraphs");
    assertThat(Session.ok("verify", model.toString(), text.toString()).out()).contains("same bits");
    String sentences = Session.ok("lm", "eval", model.toString(), text.toString(), "--json").out();
    String whole = Session.ok("lm", "eval", paragraphs.toString(), text.toString(), "--json").out();
    assertThat(sentences).contains("\"sentences\":120");
    assertThat(whole).contains("\"sentences\":60");
    assertThat(said).doesNotContain("wrapped");
    var both = train("lm", text, model, "--split-sentences", "--reading", "paragraphs");
    assertThat(both.status()).isEqualTo(2);
  }

  @Test
  void linesThatLookWrappedAreSaid() throws IOException {
    var words =
        List.of("the", "cat", "saw", "an", "old", "house", "where", "nobody", "ever", "ran");
    var book = new StringBuilder();
    int column = 0;
    for (int i = 0; i < 1200; i++) {
      String word = words.get(i * 7 % 10);
      boolean fits = i % 50 > 0 && column + word.length() < 60;
      book.append(fits ? " " : i % 50 > 0 ? "\n" : "\n\n").append(word);
      column = (fits ? column + 1 : 0) + word.length();
    }
    Path text = file("wrapped.txt", book.toString());
    String note = "look wrapped at column ";
    String offer = "try --split-sentences, which finds their sentences, or --reading paragraphs";
    Path model = folder.resolve("m.safetensors");
    assertThat(trained("lm", text, model, "--unit", "words").err()).contains(note, offer);
    for (String reading : List.of("stream", "paragraphs")) {
      var read = trained("lm", text, model, "--unit", "words", "--reading", reading);
      assertThat(read.err()).doesNotContain(note);
    }
  }

  @Test
  void quotesThatBecameLettersAreSaid() throws IOException {
    Path data = file("a.tsv", "label\ttext\n" + rows("%2$s\t\"%1$s\"\n"));
    var said = trained("classify", data, folder.resolve("q.safetensors"));
    assertThat(said.err()).contains("a.tsv:2: quotes are read as letters", "--quotes reads them");
  }

  @Test
  void weightsAreRefusedByNameWhereTheyHaveNoUse() throws IOException {
    Path data = file("a.tsv", "a\tb\n");
    var refused = train("transduce", data, folder.resolve("t.safetensors"), "--weight-column", "w");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("--weight-column");
  }
}
