package dev.unroll.text;

import dev.unroll.data.Detokenizer;
import dev.unroll.data.Tokenizer;
import dev.unroll.data.TokenizerFormat;
import dev.unroll.file.Json;
import dev.unroll.text.BytePairs.Merge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Byte-pair encoding: frequent words are one token, rare ones several, and only a character that
 * the training text did not have is {@code <UNK>}. Words stand between white space; the first token
 * of each begins with «▁», as in SentencePiece, so that text can be put together again (runs of
 * white space become one space).
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

  private Segmentation segmentation() {
    return new Segmentation(Segmentation.Unit.BYTE_PAIRS, lowerCase, true);
  }

  /** Applies the merges that were learned first, until nothing more can be merged. */
  private List<String> pieces(String word) {
    var pieces = new ArrayList<String>();
    word.codePoints().forEach(c -> pieces.add(Character.toString(c)));
    while (pieces.size() > 1) {
      int best = Integer.MAX_VALUE;
      int at = -1;
      for (int i = 1; i < pieces.size(); i++) {
        Integer rank = ranks.get(new Merge(pieces.get(i - 1), pieces.get(i)));
        if (rank != null && rank < best) {
          best = rank;
          at = i;
        }
      }
      if (at < 0) {
        break;
      }
      pieces.set(at - 1, pieces.get(at - 1) + pieces.remove(at));
    }
    return pieces;
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
  public Map<String, Object> describe() {
    var pairs = new ArrayList<String>();
    merges.forEach(merge -> pairs.addAll(List.of(merge.left(), merge.right())));
    return Json.object(
        "kind", KIND,
        "lowerCase", lowerCase,
        "tokens", vocabulary.ordinary(),
        "merges", pairs);
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
        throw new Json.JsonException("merges has a merge of one token");
      }
      var merges = new ArrayList<Merge>();
      for (int i = 0; i < pairs.size(); i += 2) {
        merges.add(new Merge(pairs.get(i), pairs.get(i + 1)));
      }
      return new BytePairTokenizer(new Vocabulary(tokens), description.flag("lowerCase"), merges);
    }
  }
}
