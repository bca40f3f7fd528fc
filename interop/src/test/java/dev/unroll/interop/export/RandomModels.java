package dev.unroll.interop.export;

import dev.unroll.batch.SourceReader;
import dev.unroll.batch.Standardization;
import dev.unroll.data.Condition;
import dev.unroll.data.Lexicon;
import dev.unroll.data.Provenance;
import dev.unroll.data.Reading;
import dev.unroll.interop.NumberTokens;
import dev.unroll.model.Classifier;
import dev.unroll.model.Forecaster;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Recognizer;
import dev.unroll.model.Regressor;
import dev.unroll.model.Tagger;
import dev.unroll.model.Transducer;
import dev.unroll.network.Network;
import dev.unroll.stack.ParameterizedNetwork;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelFile;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.task.forecast.ForecasterFields;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.label.LabelNetwork;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.Labels;
import dev.unroll.task.label.Ngrams;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.task.recognize.RecognizerFields;
import dev.unroll.task.regress.RegressorFields;
import dev.unroll.task.transduce.TransducerFields;
import dev.unroll.task.transduce.TransducerSpec;
import dev.unroll.text.WordLexicon;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Small models of each task whose parameters are all random: biases, gains and starts too. */
final class RandomModels {

  static final WordLexicon TOKENS = NumberTokens.of(11);

  private static final Provenance PROVENANCE = new Provenance(Map.of("seed", 7L));

  private RandomModels() {}

  static <F extends ModelFields> ModelFile<F> file(F fields, ParameterizedNetwork<?> network) {
    var random = new SplittableRandom(network.size());
    float[] parameters = network.initialize(3);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += (float) (random.nextDouble() - 0.5) * 0.6f;
    }
    return new ModelFile<>(fields, parameters, PROVENANCE);
  }

  static LanguageModel language(Network description, @Nullable Condition condition) {
    var network = new LanguageNetwork(description, TOKENS.size(), condition);
    var fields = new LanguageModelFields(network, TOKENS, Reading.SENTENCES);
    return new LanguageModel(file(fields, network));
  }

  /** The same tokens, each of which has characters. */
  private static final class Spelled implements Lexicon {
    @Override
    public int size() {
      return TOKENS.size();
    }

    @Override
    public int[] encode(String line) {
      return TOKENS.encode(line);
    }

    @Override
    public List<String> cut(String text) {
      return TOKENS.cut(text);
    }

    @Override
    public String decode(int[] ids) {
      return TOKENS.decode(ids);
    }

    @Override
    public String token(int id) {
      return TOKENS.token(id);
    }

    @Override
    public int endOfSentence() {
      return TOKENS.endOfSentence();
    }

    @Override
    public int unknown() {
      return TOKENS.unknown();
    }

    @Override
    public Map<String, Object> describe() {
      return TOKENS.describe();
    }

    @Override
    public int id(String token) {
      return TOKENS.id(token);
    }

    @Override
    public boolean hasSeen(String token) {
      return true;
    }

    @Override
    public int characters() {
      return 10;
    }

    @Override
    public int[] spelling(String token) {
      return token.chars().map(digit -> digit - '0').toArray();
    }
  }

  private static ModelFile<LabelFields> label(LabelSpec spec) {
    Lexicon lexicon = spec.spelling() == null ? TOKENS : new Spelled();
    var network = new LabelNetwork(spec, lexicon.size(), lexicon.characters());
    var names = List.of("A", "B", "C", "D").subList(0, spec.output().labels());
    var columns = new ArrayList<Labels.Column>();
    for (var feature : spec.features()) {
      var values = List.of("x", "y", "z").subList(0, feature.values());
      columns.add(new Labels.Column("column" + columns.size(), values));
    }
    boolean several = spec.output() instanceof LabelSpec.PerSequence each && each.multiLabel();
    List<Double> thresholds = several ? Collections.nCopies(names.size(), 0.4) : List.of();
    var labels = new Labels(names, columns, thresholds, Map.of());
    // Numbers as n-grams: "0", "1" and so on, of which texts of NumberTokens have some.
    var ngrams =
        new Ngrams(2, IntStream.range(0, spec.ngrams()).mapToObj(String::valueOf).toList());
    return file(new LabelFields(network, lexicon, labels, ngrams), network);
  }

  static Classifier classifier(LabelSpec spec) {
    return new Classifier(label(spec));
  }

  static Tagger tagger(LabelSpec spec) {
    return new Tagger(label(spec));
  }

  static Transducer transducer(TransducerSpec spec) {
    var fields = TransducerFields.of(spec, NumberTokens.of(7), TOKENS);
    return new Transducer(file(fields, fields.network()));
  }

  /** Reads tokens, or numbers of which one column is far from 0 beside its deviation. */
  static SourceReader source(boolean numbers) {
    return numbers
        ? new SourceReader(null, new Standardization(List.of(3.0, 1e6), List.of(2.0, 0.1)))
        : SourceReader.ofText(TOKENS);
  }

  static Recognizer recognizer(Network network, SourceReader source) {
    var fields = RecognizerFields.of(network, source, NumberTokens.of(5));
    return new Recognizer(file(fields, fields.network()));
  }

  static Regressor regressor(Network network, SourceReader source) {
    var scaling = new Standardization(List.of(-40.0), List.of(12.5));
    var fields = RegressorFields.of(network, source, scaling);
    return new Regressor(file(fields, fields.network()));
  }

  static Forecaster forecaster(ForecastSpec spec, Network layers, int season) {
    var means = new ArrayList<Double>();
    var deviations = new ArrayList<Double>();
    for (int column = 0; column < spec.columns().size(); column++) {
      means.add(100.0 * column - 3);
      deviations.add(0.5 + column);
    }
    var scaling = new Standardization(means, deviations);
    var network = ForecasterFields.network(layers, spec);
    var errors = Collections.nCopies(spec.targets().size(), 1.0);
    return new Forecaster(
        file(new ForecasterFields(network, spec, scaling, season, errors), network));
  }
}
