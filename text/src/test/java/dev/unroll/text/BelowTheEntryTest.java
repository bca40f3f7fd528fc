package dev.unroll.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Direction;
import dev.unroll.batch.SourceReader;
import dev.unroll.data.Pair;
import dev.unroll.data.Reading;
import dev.unroll.data.Series;
import dev.unroll.data.Tokenizer;
import dev.unroll.model.Classifier;
import dev.unroll.model.Forecaster;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Recognizer;
import dev.unroll.model.Tagger;
import dev.unroll.model.Transducer;
import dev.unroll.network.Network;
import dev.unroll.network.NetworkState;
import dev.unroll.network.Regression;
import dev.unroll.network.Relative;
import dev.unroll.result.Sampling;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.task.transduce.TransducerSpec;
import dev.unroll.text.Segmentation.Unit;
import dev.unroll.text.table.ConllColumns;
import dev.unroll.text.table.PairTable;
import dev.unroll.text.table.SeriesTable;
import dev.unroll.text.table.TextReading;
import dev.unroll.text.table.TextTable;
import dev.unroll.train.Training;
import dev.unroll.train.optimizer.Adam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each task by the types below the entry {@code Unroll}, on a small text. */
class BelowTheEntryTest {

  @TempDir Path folder;

  private Path news() throws IOException {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 120; i++) {
      lines.add((i % 2 == 0 ? "the cats were" : "the cat was") + (i % 3 == 0 ? " full" : " red"));
    }
    return Files.write(folder.resolve("news.txt"), lines);
  }

  @Test
  void trainsScoresAndOpens() throws IOException {
    var network = Network.lstm(20, 20).withLayerNormalization(true);
    var model =
        LanguageModel.train(Corpus.words(news()), network, Training.defaults().withEpochs(6));
    assertThat(model.score("the cats were full").perplexity()).isPositive();
    assertThat(model.sample("the cats", Sampling.defaults().withLength(20))).startsWith("the cats");
    model.save(folder.resolve("news.safetensors"));
    var opened = LanguageModel.open(folder.resolve("news.safetensors"));
    assertThat(opened.score("the cats were full").logProbabilities())
        .isEqualTo(model.score("the cats were full").logProbabilities());
  }

  @Test
  void goesStepByStep() throws IOException {
    var corpus = Corpus.words(news());
    var training = Training.defaults().withReading(Reading.SENTENCES).withEpochs(150);
    LanguageModel model =
        LanguageModel.train(corpus, Network.lstm(20).withTied(true).withDropout(0.2), training);
    double were = model.score("the cats were red").total();
    double was = model.score("the cats was red").total();
    assertThat(were).isGreaterThan(was);
    NetworkState state = model.start();
    float[] logits = new float[model.tokenizer().size()];
    for (int id : model.tokenizer().encode("the cats")) {
      state = model.step(state, id);
    }
    model.logits(state, logits);
    assertThat(logits[model.tokenizer().encode("were")[0]])
        .isGreaterThan(logits[model.tokenizer().encode("was")[0]]);
  }

  @Test
  void classify() throws IOException {
    var lines = new ArrayList<String>(List.of("label\ttext"));
    for (int i = 0; i < 80; i++) {
      lines.add(
          i % 2 == 0
              ? "HUM\tWho wrote book %d ?".formatted(i)
              : "NUM\tHow many are %d ?".formatted(i));
    }
    Path file = Files.write(folder.resolve("questions.tsv"), lines);
    var questions =
        new TextReading(TextTable.USUAL).labeled(List.of(file), Segmentation.of(Unit.WORDS));
    var lexicon = WordLexicon.of(questions, Segmentation.of(Unit.WORDS), false);
    var layers = Network.lstm(10).withDirection(Direction.BOTH).withDropout(0.5);
    var classifier = Classifier.train(questions, lexicon, layers, Training.defaults());
    assertThat(classifier.classify("Who wrote Hamlet ?").labels()).containsExactly("HUM");
    classifier.save(folder.resolve("questions.safetensors"));
    var opened = Classifier.open(folder.resolve("questions.safetensors"));
    assertThat(opened.classify("How many ?").probabilities())
        .isEqualTo(classifier.classify("How many ?").probabilities());
  }

  @Test
  void tag() throws IOException {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 60; i++) {
      lines.addAll(List.of("Sao%d B-LOC".formatted(i % 7), "Paulo I-LOC", "es O", "grande O", ""));
    }
    Path file = Files.write(folder.resolve("esp.train.txt"), lines);
    var sentences = new ConllColumns("1", "last", List.of()).labeled(List.of(file));
    var words = WordLexicon.of(sentences, Segmentation.of(Unit.TOKENS), true);
    var layers = Network.lstm(10).withDirection(Direction.BOTH);
    var training = Training.defaults().withOptimizer(new Adam(0.01));
    var tagger = Tagger.train(sentences, words, layers, training);
    assertThat(tagger.tag(List.of("Sao9", "Paulo", "es", "grande")).tags())
        .containsExactly("B-LOC", "I-LOC", "O", "O");
  }

  private static Corpus.Options options(Unit unit) {
    return new Corpus.Options(Segmentation.of(unit), Integer.MAX_VALUE, 1, true);
  }

  @Test
  void transduce() throws IOException {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 1000; i++) { // of three letters
      String word = "%03d".formatted(i).replaceAll("[0-4]", "a").replaceAll("[5-7]", "b");
      word = word.replaceAll("[89]", "c").substring(i % 2);
      lines.add(word + "\t" + String.join(" ", word.toUpperCase(Locale.ROOT).split("")));
    }
    Path file = Files.write(folder.resolve("cmudict.tsv"), lines);
    List<Pair> pairs = PairTable.USUAL.read(List.of(file));
    Tokenizer letters =
        Corpus.of(pairs.stream().map(Pair::source).toList(), options(Unit.CHARACTERS)).tokenizer();
    Tokenizer sounds =
        Corpus.of(pairs.stream().map(Pair::target).toList(), options(Unit.TOKENS)).tokenizer();
    var network =
        TransducerSpec.of(
            Network.lstm(16).withDirection(Direction.BOTH),
            Network.lstm(32),
            "multiplicative",
            true);
    var training =
        Training.defaults().withEpochs(60).withValidation(0, 0).withOptimizer(new Adam(0.02));
    var transducer = Transducer.train(pairs, letters, sounds, network, training);
    assertThat(transducer.transduce("cab").text()).isEqualTo("C A B");
    transducer.save(folder.resolve("sounds.safetensors"));
    var opened = Transducer.open(folder.resolve("sounds.safetensors"));
    assertThat(opened.transduce("ba").text()).isEqualTo(transducer.transduce("ba").text());
  }

  @Test
  void recognize() {
    var pairs = new ArrayList<Pair>();
    for (int i = 0; i < 60; i++) {
      String noise = ".00" + i % 10;
      pairs.add(new Pair("1" + noise + " 0 2" + noise + " 0", "ab"));
      pairs.add(new Pair("2" + noise + " 0 1" + noise + " 0 0" + noise, "ba"));
      pairs.add(new Pair("2" + noise + " 0", "b"));
    }
    var source = SourceReader.ofNumbers(pairs.stream().map(Pair::source).toList());
    Tokenizer labels =
        Corpus.of(pairs.stream().map(Pair::target).toList(), options(Unit.CHARACTERS)).tokenizer();
    var training = Training.defaults().withEpochs(20).withOptimizer(new Adam(0.02));
    var recognizer = Recognizer.train(pairs, source, labels, Network.lstm(16), training);
    assertThat(recognizer.recognize("1 0 2 0").text()).isEqualTo("ab");
  }

  @Test
  void forecast() throws IOException {
    var lines = new ArrayList<String>();
    lines.add("time,load");
    for (int hour = 0; hour < 1200; hour++) {
      double load = 5 + Math.sin(2 * Math.PI * hour / 24) + hour * 0.001;
      lines.add(
          String.format(
              Locale.ROOT, "2020-01-%02d %02d:00,%.3f", 1 + hour / 24 % 31, hour % 24, load));
    }
    Path file = Files.write(folder.resolve("load.csv"), lines.subList(0, 1 + 31 * 24));
    var table = SeriesTable.read(file, null);
    Series series = table.series(List.of("load"), List.of(), Gaps.REFUSE).series();
    var load =
        new ForecastSpec(
            List.of("load"),
            List.of(),
            List.of(),
            new ForecastSpec.Window(48, 24, 1),
            Relative.LAST,
            false,
            false,
            Regression.SQUARED);
    var training = Training.defaults().withEpochs(2);
    Forecaster forecaster = Forecaster.train(series, load, Network.lstm(16), 24, training);
    List<Double> next = forecaster.forecast(series).points();
    assertThat(next).hasSize(24);
    assertThat(next.getFirst()).isBetween(4.0, 8.0);
  }
}
