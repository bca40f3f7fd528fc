package dev.unroll.cli.lm;

import dev.unroll.kernel.CounterRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes sentences whose verb agrees with a noun that lies some words before it: «The cats, which
 * the dog was chasing near the houses, were full.» Between the two are clauses, up to four within
 * each other, whose verbs agree with nouns of their own. Each word is a token; so is a comma.
 */
final class AgreementGrammar {

  private static final String[][] NOUNS = {
    {"cat", "cats"},
    {"dog", "dogs"},
    {"bird", "birds"},
    {"boy", "boys"},
    {"girl", "girls"},
    {"teacher", "teachers"},
    {"house", "houses"},
    {"car", "cars"},
    {"book", "books"},
    {"student", "students"},
    {"friend", "friends"},
    {"tree", "trees"}
  };

  private static final String[] VERBS = {"was", "were"};
  private static final String[] ADJECTIVES = {"full", "old", "small", "happy", "here", "gone"};
  private static final String[] ADVERBS = {"already", "often", "quietly", "again", "today", "once"};
  private static final String[] PLACES = {"near", "behind", "with", "beside"};
  private static final String[] DONE = {"saw", "liked", "heard", "knew"};
  private static final String[] DOING = {"chasing", "watching", "leaving", "finding"};

  /** Words of the shortest clause: «, which the dog was chasing ,». */
  private static final int CLAUSE = 7;

  /** Clauses inside a clause. */
  private static final int DEEPEST = 3;

  private final CounterRandom random;
  private long drawn;

  /** Makes the sentence that belongs to these random numbers. */
  AgreementGrammar(CounterRandom random) {
    this.random = random;
  }

  /**
   * A sentence.
   *
   * @param words all words, the full stop included
   * @param verb the place of the verb that agrees with the first noun
   * @param plural whether it is plural
   */
  record Sentence(List<String> words, int verb, boolean plural) {

    /** Returns the words up to the verb, which is right or of the other number. */
    String upToVerb(boolean right) {
      var some = new ArrayList<>(words.subList(0, verb));
      some.add(VERBS[plural == right ? 1 : 0]);
      return String.join(" ", some);
    }

    /** Returns the sentence as a line. */
    String line() {
      return String.join(" ", words);
    }
  }

  private int below(int bound) {
    return (int) random.below(drawn++, bound);
  }

  private String one(String[] words) {
    return words[below(words.length)];
  }

  private String noun(int number) {
    return NOUNS[below(NOUNS.length)][number];
  }

  /** Returns a sentence whose verb comes {@code distance} words after its noun, 1 or more. */
  Sentence sentence(int distance) {
    int number = below(2);
    var words = new ArrayList<>(List.of("The", noun(number)));
    fill(words, distance - 1, 0);
    int verb = words.size();
    words.addAll(List.of(VERBS[number], one(ADJECTIVES), "."));
    return new Sentence(words, verb, number == 1);
  }

  /**
   * Adds so many words: where there is room a clause between commas, which may have another inside
   * before its own verb, and places and adverbs after it.
   */
  private void fill(List<String> words, int count, int depth) {
    if (count < CLAUSE) {
      rest(words, count);
      return;
    }
    int number = below(2);
    words.addAll(List.of(",", "which", "the", noun(number)));
    int left = count - CLAUSE;
    boolean nests = depth < DEEPEST && left >= CLAUSE && below(4) > 0;
    int inside = nests ? CLAUSE + below(left - CLAUSE + 1) : 0;
    fill(words, inside, depth + 1);
    words.addAll(List.of(VERBS[number], one(DOING)));
    rest(words, left - inside);
    words.add(",");
  }

  private void rest(List<String> words, int count) {
    int left = count;
    while (left > 0) {
      List<String> piece = piece(left);
      words.addAll(piece);
      left -= piece.size();
    }
  }

  private List<String> piece(int left) {
    int kind = below(3);
    if (left >= 4 && kind == 0) {
      return List.of("and", one(DONE), "the", noun(below(2)));
    }
    if (left >= 3 && kind <= 1) {
      return List.of(one(PLACES), "the", noun(below(2)));
    }
    return List.of(one(ADVERBS));
  }
}
