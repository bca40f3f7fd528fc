package dev.unroll.bench.serve;

import dev.unroll.Unroll;
import dev.unroll.base.Direction;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.model.Classifier;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.Network;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * The models that are asked, trained for seconds on made-up words: what they say is of no use, what
 * it costs is that of any model of their size.
 *
 * @param units of a layer, and of a word's vector
 * @param vocabulary how many words there are
 */
record LoadModels(int units, int vocabulary) {

  static final String CLASSIFIER = "classifier";
  static final String LANGUAGE_MODEL = "lm";

  private static final String CONSONANTS = "bcdfghjklmnprstvwxyz";
  private static final String VOWELS = "aeiou";
  private static final int SYLLABLES = CONSONANTS.length() * VOWELS.length();
  private static final int LABELS = 4;
  private static final int LEARNED_WORDS = 20;

  /** Returns models of one seed, whose bits answers are to have. */
  Endpoint.Library library(long seed) {
    return new Endpoint.Library(List.of(classifier(seed)), List.of(languageModel(seed)), 0);
  }

  /** Writes the first models of a library to a folder. */
  void save(Endpoint.Library library, Path folder) {
    library.classifiers().getFirst().save(folder.resolve(CLASSIFIER + ".safetensors"));
    library.languageModels().getFirst().save(folder.resolve(LANGUAGE_MODEL + ".safetensors"));
  }

  /** Returns a BiLSTM that gives texts one of four labels. */
  Classifier classifier(long seed) {
    List<String> texts = learned();
    // The peer is given the tokens only.
    return Unroll.classifier()
        .withoutNgrams()
        .tokens(TokenOptions.of(Segmentation.Unit.WORDS).withMinCount(1))
        .data(texts, text -> text, LoadModels::label)
        .validation(texts.subList(0, LABELS), text -> text, LoadModels::label)
        .network(Network.lstm(units).withDirection(Direction.BOTH).withEmbedding(units))
        .training(usual -> usual.withSeed(seed).withEpochs(1))
        .train();
  }

  private static String label(String text) {
    return "label" + Math.floorMod(text.hashCode(), LABELS);
  }

  /** Returns a language model of words that writes on and on: two LSTM layers, tied. */
  LanguageModel languageModel(long seed) {
    List<String> texts = learned();
    return Unroll.languageModel()
        .tokens(TokenOptions.of(Segmentation.Unit.WORDS).withMinCount(1))
        .stream()
        .withoutNgrams() // a peer would not look them up
        .lines(texts)
        .validation(texts.subList(0, 2))
        .network(Network.lstm(units, units).withEmbedding(units).withTied(true))
        .training(usual -> usual.withSeed(seed).withEpochs(1))
        .train();
  }

  /** Each word once. */
  private List<String> learned() {
    var texts = new ArrayList<String>();
    for (int from = 0; from < vocabulary; from += LEARNED_WORDS) {
      var text = new StringJoiner(" ");
      for (int i = from; i < Math.min(vocabulary, from + LEARNED_WORDS); i++) {
        text.add(word(i));
      }
      texts.add(text.toString());
    }
    return texts;
  }

  private static String word(int number) {
    var word = new StringBuilder();
    for (int rest = number + SYLLABLES; rest > 0; rest /= SYLLABLES) {
      int syllable = rest % SYLLABLES;
      word.append(CONSONANTS.charAt(syllable / VOWELS.length()));
      word.append(VOWELS.charAt(syllable % VOWELS.length()));
    }
    return word.toString();
  }

  /**
   * Returns texts of known words.
   *
   * @param least words of a text
   * @param most words of a text
   */
  List<String> texts(int count, int least, int most) {
    var lengths = CounterRandom.of(1, CounterRandom.Purpose.SAMPLING, 1);
    var words = CounterRandom.of(1, CounterRandom.Purpose.SAMPLING, 2);
    var texts = new ArrayList<String>();
    long at = 0;
    for (int i = 0; i < count; i++) {
      var text = new StringJoiner(" ");
      long length = least + lengths.below(i, most - least + 1);
      for (int j = 0; j < length; j++) {
        text.add(word((int) words.below(at++, vocabulary)));
      }
      texts.add(text.toString());
    }
    return texts;
  }
}
