package dev.unroll.model;

import dev.unroll.data.Detokenizer;
import dev.unroll.data.Tokenizer;
import dev.unroll.kernel.Softmax;
import dev.unroll.network.NetworkState;
import dev.unroll.task.lm.BeamSearch;
import dev.unroll.task.lm.Likeliest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the likeliest next words, whatever a token is: continues the likeliest beginnings until
 * something follows that belongs to no word, and adds up the ways to write the same word.
 */
final class NextWords {

  /** Beginnings that are continued at once. */
  private static final int WIDTH = 64;

  /** Tokens with which each is continued. */
  private static final int TOKENS = 256;

  /** Tokens of the longest word. */
  private static final int LENGTH = 64;

  private final BeamSearch.Searched model;
  private final String prompt;
  private final String begun;
  private final Map<String, Double> found = new LinkedHashMap<>();

  NextWords(BeamSearch.Searched model, String prompt) {
    this.model = model;
    this.prompt = prompt;
    int start = prompt.length();
    while (start > 0 && isPartOfWord(prompt.codePointBefore(start))) {
      start -= Character.charCount(prompt.codePointBefore(start));
    }
    begun = prompt.substring(start);
  }

  /**
   * The beginning of a word.
   *
   * @param state after its tokens; after those but the last one until it is read
   * @param word what is written of it, null before it begins
   */
  private record Beginning(
      int[] ids, NetworkState state, double probability, @Nullable String word) {}

  /** Returns words with their probabilities, the likeliest first. */
  List<Map.Entry<String, Double>> find(NetworkState start, int count) {
    List<Beginning> open = List.of(new Beginning(new int[0], start, 1, null));
    for (int t = 0; t < LENGTH && !open.isEmpty(); t++) {
      var next = new ArrayList<Beginning>();
      open.forEach(beginning -> extend(beginning, next));
      double least = probability(count);
      open =
          next.stream()
              .filter(each -> each.probability > least)
              .sorted(Comparator.comparingDouble(each -> -each.probability))
              .limit(WIDTH)
              .map(this::read)
              .toList();
    }
    return found.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(count)
        .toList();
  }

  /** The probability that a word needs to be among the first {@code count}. */
  private double probability(int count) {
    return found.values().stream()
        .sorted(Comparator.reverseOrder())
        .skip(Math.max(0, count - 1L))
        .findFirst()
        .orElse(0.0);
  }

  private Beginning read(Beginning last) {
    int id = last.ids[last.ids.length - 1];
    return new Beginning(last.ids, model.step(last.state, id), last.probability, last.word);
  }

  private void extend(Beginning beginning, List<Beginning> open) {
    Tokenizer tokenizer = model.tokenizer();
    float[] logits = new float[tokenizer.size()];
    model.logits(beginning.state, logits);
    double normalizer = Softmax.logSumExp(logits, 0, logits.length);
    for (int id : Likeliest.ids(logits, TOKENS)) {
      add(beginning, id, StrictMath.exp(logits[id] - normalizer), open);
    }
  }

  private void add(Beginning from, int id, double share, List<Beginning> open) {
    double probability = from.probability * share;
    boolean ends = id == model.tokenizer().endOfSentence();
    if (ends || id == model.tokenizer().unknown()) {
      boolean apart = ends || model.tokenizer().hasWords(); // an unknown letter is of this word
      String word = apart && from.word != null ? from.word : model.tokenizer().token(id);
      found.merge(word, probability, Double::sum);
      return;
    }
    String word = from.word;
    String added = added(from.ids, id);
    for (int i = 0; i < added.length(); i += Character.charCount(added.codePointAt(i))) {
      int character = added.codePointAt(i);
      if (isPartOfWord(character)) {
        String before = word != null ? word : from.ids.length == 0 && i == 0 ? begun : "";
        word = before + Character.toString(character);
      } else if (word != null) {
        found.merge(word, probability, Double::sum);
        return;
      }
    }
    int[] ids = Arrays.copyOf(from.ids, from.ids.length + 1);
    ids[from.ids.length] = id;
    open.add(new Beginning(ids, from.state, probability, word));
  }

  /** What a token adds to the text. */
  private String added(int[] before, int id) {
    Detokenizer detokenizer = model.tokenizer().detokenizer(prompt);
    for (int token : before) {
      detokenizer.add(token);
    }
    return detokenizer.add(id);
  }

  private static boolean isPartOfWord(int character) {
    int type = Character.getType(character);
    boolean mark = type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    return Character.isLetterOrDigit(character) || mark || "'’-_".indexOf(character) >= 0;
  }
}
