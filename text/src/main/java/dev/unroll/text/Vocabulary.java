package dev.unroll.text;

import dev.unroll.base.InputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The tokens a model knows: {@code <UNK>} and {@code <EOS>} first, then those of the training text,
 * the most frequent first and equally frequent ones in the order of their code points, so that the
 * same text always gives the same vocabulary.
 */
final class Vocabulary {

  /** Stands for every token that the vocabulary does not have. */
  static final String UNKNOWN = "<UNK>";

  /** Ends each sentence. */
  static final String END = "<EOS>";

  /** Id of {@link #UNKNOWN}. */
  static final int UNKNOWN_ID = 0;

  /** Id of {@link #END}. */
  static final int END_ID = 1;

  private static final int SPECIAL = 2;

  private final List<String> tokens;
  private final Map<String, Integer> ids;

  /** Creates a vocabulary of the given tokens, which come after the two special ones. */
  public Vocabulary(List<String> ordinary) {
    var all = new ArrayList<String>(ordinary.size() + SPECIAL);
    all.add(UNKNOWN);
    all.add(END);
    all.addAll(ordinary);
    tokens = List.copyOf(all);
    ids = new HashMap<>(2 * tokens.size());
    for (int id = SPECIAL; id < tokens.size(); id++) {
      if (ids.put(tokens.get(id), id) != null) {
        throw new InputException(
            "the vocabulary has «" + tokens.get(id) + "» twice", "The model file is not valid.");
      }
    }
    // Texts prepared by others have the mark in them: Penn Treebank, KenLM, SRILM.
    ids.putIfAbsent(UNKNOWN, UNKNOWN_ID);
    ids.putIfAbsent("<unk>", UNKNOWN_ID);
  }

  /**
   * Chooses tokens by frequency.
   *
   * @param counts how often each token occurs
   * @param most largest size of the vocabulary, the two special ones included
   * @param least least number of occurrences of a token
   */
  static Vocabulary choose(Map<String, Long> counts, int most, long least) {
    if (most < SPECIAL + 1) {
      throw new InputException(
          "a vocabulary of " + most, "It needs at least 3 tokens: <UNK>, <EOS> and one more.");
    }
    List<String> chosen = ranked(counts, least).limit(most - SPECIAL).toList();
    if (chosen.isEmpty()) {
      throw new InputException(
          counts.isEmpty()
              ? "the text has no tokens"
              : String.format(Locale.ROOT, "no token occurs %d times or more", least),
          "Give more text, a smaller {min-count}, or take {unit characters}.");
    }
    return new Vocabulary(chosen);
  }

  /** Returns the tokens that occur so often, the most frequent first. */
  private static Stream<String> ranked(Map<String, Long> counts, long least) {
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() >= least)
        .filter(entry -> !isMark(entry.getKey()))
        .sorted(
            Comparator.comparingLong((Map.Entry<String, Long> entry) -> -entry.getValue())
                .thenComparing(Map.Entry::getKey, Vocabulary::compareCodePoints))
        .map(Map.Entry::getKey);
  }

  /**
   * Returns a vocabulary with further tokens after those of this one, whose ids stay.
   *
   * @param counts how often each token of another text occurs
   * @param most largest size of the vocabulary
   * @param least least number of occurrences of a further token
   */
  Vocabulary extendedBy(Map<String, Long> counts, int most, long least) {
    var all = new ArrayList<>(ordinary());
    ranked(counts, least)
        .filter(token -> id(token) == UNKNOWN_ID)
        .limit(Math.max(0, most - size()))
        .forEach(all::add);
    return new Vocabulary(all);
  }

  /** Returns whether a token is the mark of those that are not known, written into a text. */
  static boolean isMark(String token) {
    return token.equals(UNKNOWN) || token.equals("<unk>");
  }

  /** UTF-16 order would put characters beyond U+FFFF before some within. */
  private static int compareCodePoints(String a, String b) {
    int i = 0;
    while (i < a.length() && i < b.length()) {
      int left = a.codePointAt(i);
      int right = b.codePointAt(i);
      if (left != right) {
        return Integer.compare(left, right);
      }
      i += Character.charCount(left);
    }
    return Integer.compare(a.length(), b.length());
  }

  /** Returns the number of tokens, the special ones included. */
  int size() {
    return tokens.size();
  }

  /** Returns the id of a token, {@link #UNKNOWN_ID} where it has none. */
  int id(String token) {
    return ids.getOrDefault(token, UNKNOWN_ID);
  }

  /** Returns the token with an id. */
  String token(int id) {
    return tokens.get(id);
  }

  /** Returns the tokens after the special ones. */
  List<String> ordinary() {
    return tokens.subList(SPECIAL, tokens.size());
  }
}
