package dev.unroll;

import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Series;
import dev.unroll.result.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A model of each task, hardly trained, and what is asked of it: an answer to some words. */
final class SharedModels {

  record Row(List<String> words, String label, double value) {
    String text() {
      return String.join(" ", words);
    }

    List<String> tags() {
      return words.stream().map(word -> word.startsWith("a") ? "A" : "B").toList();
    }

    String first() {
      return words.getFirst();
    }
  }

  private final int units;
  private final List<Row> rows =
      IntStream.range(0, 24).mapToObj(i -> new Row(words(i, 10), "L" + i % 3, i)).toList();

  /** By the name of the call. */
  final Map<String, Function<List<String>, String>> calls = new LinkedHashMap<>();

  /** Trains models with so many units. */
  SharedModels(int units) throws IOException {
    this.units = units;
    labels();
    language();
    pairs();
    numbers();
  }

  /** Returns so many words. */
  static List<String> words(int seed, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> List.of("aa", "ab", "ba", "bab", "abba").get((i * (seed + 1) + seed) % 5))
        .toList();
  }

  private static String text(List<String> words) {
    return String.join(" ", words);
  }

  private static String beginning(List<String> words, int length) {
    String text = text(words);
    return text.substring(0, Math.min(length, text.length()));
  }

  private void labels() {
    var classifier =
        Unroll.classifier().data(rows, Row::text, Row::label).lstm(units).epochs(1).train();
    calls.put("classify", words -> classifier.classify(text(words)).toString());
    var tagger =
        Unroll.tagger()
            .data(rows, Row::words, Row::tags)
            .spelling(8)
            .crf()
            .lstm(units)
            .epochs(1)
            .train();
    calls.put("tag", words -> tagger.tag(words).toString());
    calls.put(
        "tag with probabilities",
        words -> {
          var sentence = new LabeledSequence(words, List.of());
          return tagger.tagWithProbabilities(List.of(sentence), Workers.single()).toString();
        });
    var regressor =
        Unroll.regressor().data(rows, Row::text, Row::value).lstm(units).epochs(1).train();
    calls.put("predict", words -> regressor.predict(text(words)) + "");
  }

  private void language() {
    var lines = rows.stream().map(Row::text).toList();
    var model =
        Unroll.languageModel().words().sentences().lines(lines).lstm(units).epochs(1).train();
    calls.put("score", words -> model.score(text(words)).total() + "");
    calls.put("next", words -> model.next(text(words), 3).toString());
    var few = Sampling.defaults().withLength(5);
    calls.put(
        "generate",
        words -> model.generate(beginning(words, 5), few).collect(Collectors.joining()));
    calls.put("sample", words -> model.sample(beginning(words, 5), few));
  }

  private void pairs() {
    var transducer =
        Unroll.transducer().pairs(rows, Row::first, Row::first).lstm(units).epochs(1).train();
    calls.put("transduce", words -> transducer.transduce(beginning(words, 5)).nbest(3).toString());
    var recognizer =
        Unroll.recognizer().pairs(rows, Row::text, Row::first).lstm(units).epochs(1).train();
    calls.put("recognize", words -> recognizer.recognize(beginning(words, 40)).toString());
  }

  private void numbers() throws IOException {
    Path file = Files.createTempFile("shared", ".csv");
    var lines = IntStream.range(0, 80).mapToObj(t -> t + "," + t % 7);
    Files.writeString(file, "t,load\n" + lines.collect(Collectors.joining("\n")));
    var trainer = Unroll.forecaster().csv(file).time("none").target("load");
    var forecaster = trainer.context(12).horizon(3).lstm(units).epochs(1).train();
    Files.delete(file);
    calls.put(
        "forecast",
        words -> {
          double[][] values = new double[12 + words.size()][1];
          Arrays.setAll(values, t -> new double[] {t % 7});
          var series = new Series("series", List.of("load"), values);
          return forecaster.forecast(series).toString();
        });
  }
}
