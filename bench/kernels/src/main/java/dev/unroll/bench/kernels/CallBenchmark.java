package dev.unroll.bench.kernels;

import dev.unroll.Unroll;
import dev.unroll.data.Series;
import dev.unroll.model.Classifier;
import dev.unroll.model.Forecaster;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Recognizer;
import dev.unroll.model.Regressor;
import dev.unroll.model.Tagger;
import dev.unroll.model.Transducer;
import dev.unroll.result.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One call of a warm model of each task, on one thread: {@code unroll-bench calls}. The models have
 * the usual layers of their task with so many units; how good they are does not affect the time, so
 * they are trained for one epoch only.
 *
 * <p>No call has the text of the one before: models remember words. There are {@value #SENTENCES}
 * texts, none of which was trained on. As in natural text, a few words make up most of it and many
 * are rare (Zipf's law): half of the tokens are of 75 words, and two thirds of the 2,800 words
 * occur once.
 */
@State(Scope.Benchmark)
public class CallBenchmark {

  /** Units each way: those of Lample et al. (2016), and what a task takes where nobody says. */
  @Param({"100", "200"})
  public int units;

  private record Row(List<String> words, String text, String label, double value) {
    List<String> tags() {
      return words.stream().map(word -> TAGS.get(word.length() % TAGS.size())).toList();
    }

    String first() {
      return words.getFirst();
    }

    String second() {
      return words.get(1);
    }
  }

  private static final List<String> TAGS =
      List.of("O", "B-PER", "B-LOC", "B-ORG", "B-MISC", "B-DATE", "B-TIME");
  private static final int WORDS = 10;
  private static final int VOCABULARY = 10_000;
  private static final int SENTENCES = 1_000;

  private List<Row> rows;
  private List<Row> texts;
  private int last;
  private Series series;
  private Classifier classifier;
  private Tagger tagger;
  private Regressor regressor;
  private LanguageModel model;
  private Transducer transducer;
  private Recognizer recognizer;
  private Forecaster forecaster;

  /** Trains the models. */
  @Setup
  public void prepare() throws IOException {
    var all = rows();
    rows = all.subList(0, 500);
    texts = all.subList(500, 500 + SENTENCES);
    classifier =
        Unroll.classifier().data(rows, Row::text, Row::label).lstm(units).epochs(1).train();
    tagger =
        Unroll.tagger()
            .data(rows, Row::words, Row::tags)
            .spelling(25)
            .crf()
            .lstm(units)
            .epochs(1)
            .train();
    regressor = Unroll.regressor().data(rows, Row::text, Row::value).lstm(units).epochs(1).train();
    var lines = rows.stream().map(Row::text).toList();
    model = Unroll.languageModel().words().sentences().lines(lines).lstm(units).epochs(1).train();
    transducer =
        Unroll.transducer()
            .pairs(rows, Row::first, Row::second)
            .lstm(units)
            .epochs(1)
            .withoutCounts()
            .train();
    recognizer =
        Unroll.recognizer().pairs(rows, Row::text, Row::first).lstm(units).epochs(1).train();
    prepareForecaster();
  }

  private void prepareForecaster() throws IOException {
    Path file = Files.createTempFile("unroll-bench", ".csv");
    var numbers = IntStream.range(0, 1000).mapToObj(t -> t + "," + t % 24);
    Files.writeString(file, "t,load\n" + numbers.collect(Collectors.joining("\n")));
    var trainer = Unroll.forecaster().csv(file).time("none").target("load");
    forecaster = trainer.context(48).horizon(24).lstm(units).epochs(1).train();
    Files.delete(file);
    double[][] values = new double[1000][];
    Arrays.setAll(values, t -> new double[] {t % 24});
    series = new Series("load", List.of("load"), values);
  }

  private static List<Row> rows() {
    var random = new Random(1);
    var vocabulary =
        IntStream.range(0, VOCABULARY)
            .mapToObj(
                i ->
                    random
                        .ints(3 + i % 7, 'a', 'z' + 1)
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining()))
            .toList();
    double[] upTo = new double[VOCABULARY]; // of a word and all more frequent ones
    for (int i = 0; i < VOCABULARY; i++) {
      upTo[i] = (i == 0 ? 0 : upTo[i - 1]) + 1.0 / (i + 1);
    }
    var rows = new ArrayList<Row>();
    for (int i = 0; i < 500 + SENTENCES; i++) {
      var words =
          random
              .doubles(WORDS, 0, upTo[VOCABULARY - 1])
              .mapToInt(drawn -> Arrays.binarySearch(upTo, drawn))
              .mapToObj(at -> vocabulary.get(at < 0 ? -1 - at : at))
              .toList();
      rows.add(new Row(words, String.join(" ", words), "L" + i % 6, i % 10));
    }
    return rows;
  }

  private Row row() {
    last = (last + 1) % SENTENCES;
    return texts.get(last);
  }

  /** A text of ten words, read both ways, into one of six labels. */
  @Benchmark
  public Object classify() {
    return classifier.classify(row().text());
  }

  /** Ten words, read both ways and by their characters; a CRF. */
  @Benchmark
  public Object tag() {
    return tagger.tag(row().words());
  }

  /** The same, with the probability of each tag. */
  @Benchmark
  public Object tagWithProbabilities() {
    return tagger.tagWithProbabilities(row().words());
  }

  /** A number of a text of ten words. */
  @Benchmark
  public Object predict() {
    return regressor.predict(row().text());
  }

  /** The score of a sentence of ten words. */
  @Benchmark
  public Object score() {
    return model.score(row().text());
  }

  /** The five likeliest words after ten. */
  @Benchmark
  public Object next() {
    return model.next(row().text(), 5);
  }

  /** Ten words, drawn one by one. */
  @Benchmark
  public Object generate() {
    return model.generate("", Sampling.defaults().withLength(WORDS)).count();
  }

  /** A word into another, with a beam of the usual width. */
  @Benchmark
  public Object transduce() {
    return transducer.transduce(row().first());
  }

  /** The labels of a text of ten words, read as characters. */
  @Benchmark
  public Object recognize() {
    return recognizer.recognize(row().text());
  }

  /** The next 24 values after 48. */
  @Benchmark
  public Object forecast() {
    return forecaster.forecast(series);
  }
}
