package dev.unroll.text;

import dev.unroll.batch.TokenizerFormat;
import dev.unroll.data.Detokenizer;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import dev.unroll.file.Plural;
import dev.unroll.text.BytePairs.Merge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Byte-pair encoding: frequent words are one token, rare ones several, and only a character that
 * was not in the training text is {@code <UNK>}. Words are separated by whitespace; the first token
 * of each begins with «▁», as in SentencePiece, so that text can be joined again (runs of
 * whitespace become one space).
 */
public final class BytePairTokenizer implements Tokenizer {

  private static final String KIND = "byte-pairs";

  private final Vocabulary vocabulary;
  private final boolean lowerCase;
  private final List<Merge> merges;

  /** The place of a merge in the order in which they were learned. */
  private final Map<Merge, Integer> ranks = new HashMap<>();

  private BytePairTokenizer(Vocabulary vocabulary, boolean lowerCase, List<Merge> merges) {
    this.vocabulary = vocabulary;
    this.lowerCase = lowerCase;
    this.merges = List.copyOf(merges);
    for (Merge merge : merges) {
      ranks.put(merge, ranks.size());
    }
  }

  /**
   * Learns the encoding of a text.
   *
   * @param words how often each word occurs
   * @param lowerCase whether the words were put into lower case
   * @param most largest size of the vocabulary
   * @param least least number of occurrences of a character of the vocabulary
   */
  static BytePairTokenizer learn(Map<String, Long> words, boolean lowerCase, int most, long least) {
    var characters = new HashMap<String, Long>();
    words.forEach(
        (word, count) ->
            word.codePoints()
                .forEach(c -> characters.merge(Character.toString(c), count, Long::sum)));
    var single = Vocabulary.choose(characters, most, least);
    int left = most - single.size();
    List<Merge> merges = BytePairs.learn(single.ordinary(), words, left);
    var tokens = new LinkedHashSet<>(single.ordinary()); // two merges may create the same token
    merges.forEach(merge -> tokens.add(merge.left() + merge.right()));
    return new BytePairTokenizer(new Vocabulary(List.copyOf(tokens)), lowerCase, merges);
  }

  @Override
  public int size() {
    return vocabulary.size();
  }

  @Override
  public int[] encode(String line) {
    return cut(line).stream().mapToInt(vocabulary::id).toArray();
  }

  @Override
  public List<String> cut(String line) {
    return segmentation().cut(line).stream().flatMap(word -> pieces(word).stream()).toList();
  }

  /** Returns how texts are cut before what is cut is split further. */
  public Segmentation segmentation() {
    return new Segmentation(Segmentation.Unit.BYTE_PAIRS, lowerCase, true);
  }

  /** Applies the merges that were learned first, until nothing more can be merged. */
  private List<String> pieces(String word) {
    return new Pieces(word).merged();
  }

  /** A word that is merged: its pieces are linked, so that each merge takes the same time. */
  private final class Pieces {
    private final @Nullable String[] pieces;
    private final int[] next;
    private final int[] before;

    /** Places where a piece may be merged with the next one: the merge's rank, then the place. */
    private final PriorityQueue<Long> queue = new PriorityQueue<>();

    Pieces(String word) {
      pieces = new String[word.codePointCount(0, word.length())];
      next = new int[pieces.length];
      before = new int[pieces.length];
      int at = 0;
      for (int i = 0; i < pieces.length; i++) {
        pieces[i] = Character.toString(word.codePointAt(at));
        at += Character.charCount(word.codePointAt(at));
        next[i] = i + 1;
        before[i] = i - 1;
      }
      for (int i = 0; i < pieces.length; i++) {
        offer(i);
      }
    }

    List<String> merged() {
      for (Long first = queue.poll(); first != null; first = queue.poll()) {
        int place = first.intValue();
        if (rank(place) == first >> 32) { // otherwise something was merged there since
          merge(place);
        }
      }
      var merged = new ArrayList<String>();
      for (String piece : pieces) {
        if (piece != null) {
          merged.add(piece);
        }
      }
      return merged;
    }

    private void merge(int place) {
      int second = next[place];
      pieces[place] = pieces[place] + pieces[second];
      pieces[second] = null;
      next[place] = next[second];
      if (next[place] < pieces.length) {
        before[next[place]] = place;
      }
      offer(place);
      if (before[place] >= 0) {
        offer(before[place]);
      }
    }

    private void offer(int place) {
      long rank = rank(place);
      if (rank >= 0) {
        queue.add(rank << 32 | place);
      }
    }

    /** Returns the rank of the merge of a piece with the next one, or -1. */
    private long rank(int place) {
      String left = pieces[place];
      String right = next[place] < pieces.length ? pieces[next[place]] : null;
      return left == null || right == null ? -1 : ranks.getOrDefault(new Merge(left, right), -1);
    }
  }

  @Override
  public String spelled(String line) {
    return segmentation().spelled(line);
  }

  @Override
  public String decode(int[] ids) {
    return VocabularyDetokenizer.decode(ids, detokenizer(""));
  }

  @Override
  public Detokenizer detokenizer(String before) {
    return new VocabularyDetokenizer(vocabulary, segmentation().joiner(before));
  }

  @Override
  public List<String> unread(String line) {
    return Segmentation.unreadCharacters(line, this);
  }

  @Override
  public String token(int id) {
    return vocabulary.token(id);
  }

  @Override
  public int endOfSentence() {
    return Vocabulary.END_ID;
  }

  @Override
  public int unknown() {
    return Vocabulary.UNKNOWN_ID;
  }

  @Override
  public boolean hasWords() {
    return false;
  }

  @Override
  public Map<String, Object> describe() {
    var pairs = new ArrayList<String>();
    merges.forEach(merge -> pairs.addAll(List.of(merge.left(), merge.right())));
    return Json.object(
        "kind", KIND,
        "lowerCase", lowerCase,
        "tokens", vocabulary.ordinary(),
        "merges", pairs);
  }

  /** Returns such as {@code byte-pair tokenizer of 8,000 tokens}. */
  @Override
  public String toString() {
    return "byte-pair tokenizer of " + Plural.of(size(), "token");
  }

  /** Creates these tokenizers from model files. Found by the service loader. */
  public static final class Format implements TokenizerFormat {

    /** Called by the service loader. */
    public Format() {}

    @Override
    public boolean knows(Json.Reader description) {
      return description.text("kind").equals(KIND);
    }

    @Override
    public Tokenizer restore(Json.Reader description) {
      var tokens = description.texts("tokens");
      List<String> pairs = description.texts("merges");
      if (pairs.size() % 2 != 0) {
        throw new JsonException("merges has a merge of one token");
      }
      var merges = new ArrayList<Merge>();
      for (int i = 0; i < pairs.size(); i += 2) {
        merges.add(new Merge(pairs.get(i), pairs.get(i + 1)));
      }
      return new BytePairTokenizer(new Vocabulary(tokens), description.flag("lowerCase"), merges);
    }
  }
}
