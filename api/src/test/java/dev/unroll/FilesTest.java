package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.model.Classifier;
import dev.unroll.text.Passages;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainers read files as people have them. */
class FilesTest {

  @TempDir Path folder;

  private static String rows(String begin, String form) {
    var rows = new StringBuilder(begin);
    for (int i = 0; i < 40; i++) {
      boolean good = i % 2 == 0;
      rows.append(
          form.replace("TEXT", (good ? "gut größe " : "schlecht ") + i % 5)
              .replace("LABEL", good ? "pos" : "neg")
              .replace("NUMBER", "" + (1 + i % 3))
              .replace("GROUP", "g" + i / 4));
    }
    return rows.toString();
  }

  @Test
  void aClassifierFindsItsColumnsInAnyEncoding() throws IOException {
    Path file = folder.resolve("a.csv");
    String content = rows("Review,Sentiment,Weight,Author\n", "TEXT,LABEL,NUMBER,GROUP\n");
    Files.write(file, content.getBytes(Charset.forName("windows-1252")));
    var notes = new ArrayList<String>();
    Classifier model =
        Unroll.classifier()
            .files(file)
            .encoding(Charset.forName("windows-1252"))
            .weight("weight")
            .group("author")
            .notes(notes::add)
            .gru(8)
            .epochs(2)
            .train();
    assertThat(notes).singleElement().asString().contains("«Review»", "«Sentiment»");
    assertThat(model.labelNames().source()).containsEntry("text", "Review");
    assertThat(model.provenance().text("encoding")).isEqualTo("windows-1252");
    assertThat(model.lexicon().hasSeen("größe")).isTrue();
    Classifier plain =
        Unroll.classifier()
            .files(file)
            .encoding(Charset.forName("windows-1252"))
            .gru(8)
            .epochs(2)
            .train();
    assertThat(plain.parameters()).isNotEqualTo(model.parameters());
  }

  @Test
  void whatIsSaidOfTheDataReadsThemInTheirEncoding() throws IOException {
    Path file = folder.resolve("a.csv");
    String content = rows("text,label\n", "TEXT,LABEL\n");
    Files.write(file, content.getBytes(Charset.forName("windows-1252")));
    var trainer =
        Unroll.classifier().files(file).encoding(Charset.forName("windows-1252")).gru(8).epochs(2);
    assertThat(trainer.overview().values()).containsEntry("training", 32L);
    assertThat(trainer.verdict(trainer.train()).baselines()).isNotEmpty();
  }

  @Test
  void seriesAreForecastFromFilesInTheEncodingOfTheTraining() throws IOException {
    Path file = folder.resolve("s.csv");
    var rows = new StringBuilder("Monat,Umsätze\n");
    for (int i = 0; i < 60; i++) {
      rows.append(java.time.YearMonth.of(2010, 1).plusMonths(i)).append(',').append(i % 12 + 3);
      rows.append('\n');
    }
    Files.write(file, rows.toString().getBytes(Charset.forName("windows-1252")));
    var model =
        Unroll.forecaster()
            .csv(file)
            .encoding(Charset.forName("windows-1252"))
            .context(12)
            .horizon(3)
            .lstm(4)
            .epochs(2)
            .train();
    assertThat(model.provenance().found()).anyMatch(line -> line.startsWith("season "));
    assertThat(model.forecast(file).targets()).containsExactly("Umsätze");
    assertThat(model.forecastEach(file)).hasSize(1);
  }

  @Test
  void filesOfAModelThatIsTrainedFurtherAreReadAsBefore() throws IOException {
    Path file = folder.resolve("n.csv");
    String content = rows("value,text,Körper,Note\n", "x,y,TEXT,NUMBER\n");
    Files.write(file, content.getBytes(Charset.forName("windows-1252")));
    var first =
        Unroll.regressor()
            .files(file)
            .text("Körper")
            .value("Note")
            .encoding(Charset.forName("windows-1252"))
            .gru(4)
            .epochs(1)
            .train();
    var second = Unroll.regressor().from(first).files(file).epochs(1).train();
    assertThat(second.provenance().text("textColumn")).isEqualTo("Körper");
    assertThat(second.provenance().text("encoding")).isEqualTo("windows-1252");
  }

  @Test
  void notesNameOptionsAsJavaDoes() throws IOException {
    Path file =
        Files.writeString(folder.resolve("q.tsv"), rows("text\tlabel\n", "\"TEXT\"\tLABEL\n"));
    var notes = new ArrayList<String>();
    Unroll.classifier().files(file).notes(notes::add).gru(4).epochs(1).train();
    assertThat(notes)
        .singleElement()
        .asString()
        .contains("TextTable.withQuotes reads them")
        .doesNotContain("{");
  }

  @Test
  void fastTextOfSeveralLabelsMakesAClassifierOfSeveral() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("f.txt"), rows("", "__label__LABEL __label__nNUMBER TEXT\n"));
    var model = Unroll.classifier().files(file).gru(8).epochs(2).train();
    assertThat(model.multiLabel()).isTrue();
  }

  @Test
  void aRegressorReadsJsonAndALanguageModelTheSentencesOfABook() throws IOException {
    Path json =
        Files.writeString(
            folder.resolve("r.jsonl"), rows("", "{\"comment\": \"TEXT\", \"stars\": NUMBER}\n"));
    var stars = Unroll.regressor().files(json).gru(8).epochs(2).train();
    assertThat(stars.provenance().text("textColumn")).isEqualTo("comment");
    Path book =
        Files.writeString(
            folder.resolve("b.txt"), "The cat sat on\nthe mat. It ran\naway.\n\n".repeat(30));
    var model = Unroll.languageModel().passages(Passages.SENTENCES, book).lstm(8).epochs(1).train();
    assertThat(model.provenance().text(Passages.KEPT)).isEqualTo("sentences");
    assertThat(model.tokenizer().encode("on the mat")).doesNotContain(model.tokenizer().unknown());
    assertThat(List.of(model.reading().label())).containsExactly("sentences");
  }

  @Test
  void groupsAreRefusedWhereOtherDataIsValidatedOn() throws IOException {
    Path file = Files.writeString(folder.resolve("g.csv"), "text,label,author\na,x,1\nb,y,2\n");
    var trainer = Unroll.classifier().files(file).group("author").validation(file).gru(8);
    assertThatThrownBy(trainer::train)
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("groups do nothing", "group", "validation");
  }
}
