package dev.unroll.task.label;

import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The n-grams of tokens that a classifier counts beside what its network reads. An n-gram is
 * written as its tokens with a separator between them; a mark without a character stands at both
 * ends of a text, which begins and ends of words need.
 */
public final class Ngrams {

  /** No n-gram is counted. */
  static final Ngrams NONE = new Ngrams(1, List.of());

  /** The unit separator of ASCII, which no text has. */
  private static final String BETWEEN = "\u001f";

  /** Length of the longest that are counted. */
  static final int LONGEST = 20;

  private final int order;
  private final List<String> texts;
  private final Map<String, Integer> numbers;

  /**
   * Numbers n-grams.
   *
   * @param order length of the longest
   * @param texts the n-grams, in the order of their numbers
   */
  public Ngrams(int order, List<String> texts) {
    this.order = order;
    this.texts = List.copyOf(texts);
    numbers = Labels.numbers(this.texts);
  }

  /** Gives out all n-grams of a text, each as often as it has it, the shortest first. */
  static void each(List<String> tokens, int order, Consumer<String> receiver) {
    var padded = new ArrayList<String>(tokens.size() + 2);
    padded.add("");
    padded.addAll(tokens);
    padded.add("");
    for (int length = 1; length <= order; length++) {
      for (int from = 0; from + length <= padded.size(); from++) {
        receiver.accept(String.join(BETWEEN, padded.subList(from, from + length)));
      }
    }
  }

  /** Returns the length of the longest. */
  public int order() {
    return order;
  }

  /** Returns how many there are. */
  public int size() {
    return texts.size();
  }

  /** Returns the n-grams, in the order of their numbers. */
  List<String> texts() {
    return texts;
  }

  /** Returns the numbers of the n-grams that a text has, each as often as it has it. */
  public int[] numbersIn(List<String> tokens) {
    if (texts.isEmpty()) {
      return new int[0];
    }
    var found = IntStream.builder();
    each(
        tokens,
        order,
        ngram -> {
          Integer number = numbers.get(ngram);
          if (number != null) {
            found.add(number);
          }
        });
    return found.build().toArray();
  }

  /** Returns the length of the longest and the n-grams, as model files have them. */
  public Map<String, Object> toJson() {
    return Json.object("order", (long) order, "texts", texts);
  }

  /** Reads those of a network, which must be as many as it has. */
  static Ngrams fromJson(Json.Reader json, int count) {
    int order = (int) json.whole("order", 1, LONGEST);
    List<String> texts = json.distinctTexts("texts");
    if (texts.size() != count) {
      throw new JsonException(
          json.place() + " has " + texts.size() + " texts, but the network has " + count);
    }
    return new Ngrams(order, texts);
  }
}
