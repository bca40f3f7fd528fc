package dev.unroll.text;

import dev.unroll.batch.TokenizerFormat;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Lexicon;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import dev.unroll.file.Plural;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The words of labeled data: a vocabulary as {@link VocabularyTokenizer} has it, the characters of
 * the words where they are read too, and which words were seen that are not in the vocabulary.
 */
public final class WordLexicon implements Lexicon {

  private static final String KIND = "lexicon";

  /** Most characters of a word that are read: beyond lies a web address, or no word at all. */
  private static final int LONGEST_WORD = 60;

  private final VocabularyTokenizer tokenizer;
  private final @Nullable Vocabulary characters;
  private final int seen;
  private final Set<String> rare;

  /** The ids of the most frequent characters, of which no string need be made. */
  private final int[] latin = new int[256];

  private WordLexicon(
      VocabularyTokenizer tokenizer, @Nullable Vocabulary characters, int seen, Set<String> rare) {
    this.tokenizer = tokenizer;
    this.characters = characters;
    this.seen = seen;
    this.rare = rare;
    for (int letter = 0; characters != null && letter < latin.length; letter++) {
      latin[letter] = characters.id(Character.toString(letter));
    }
  }

  /**
   * How a lexicon is created.
   *
   * @param segmentation how texts are cut into tokens; with {@code lowerCase}, tokens have one id
   *     in upper and lower case, and spelling still tells them apart
   * @param maxVocabulary most tokens of the vocabulary
   * @param minCount least number of occurrences of a token of the vocabulary
   * @param spelled whether tokens are read by their characters too
   */
  public record Options(
      Segmentation segmentation, int maxVocabulary, long minCount, boolean spelled) {}

  /**
   * Creates a lexicon of the tokens of labeled data.
   *
   * @param sequences the tokens, as they stand there
   * @param further tokens that get an id too as far as there is room, such as those that have
   *     vectors
   */
  public static WordLexicon of(
      List<List<String>> sequences, List<String> further, Options options) {
    var counts = new Counts(sequences, options.segmentation.lowerCase(), options.spelled);
    Vocabulary own = Vocabulary.choose(counts.tokens, options.maxVocabulary, options.minCount);
    var all = new LinkedHashSet<>(own.ordinary());
    for (String token : further) {
      if (all.size() + 2 < options.maxVocabulary) {
        all.add(options.segmentation.lowerCase() ? token.toLowerCase(Locale.ROOT) : token);
      }
    }
    var rare = new HashSet<>(counts.tokens.keySet());
    own.ordinary().forEach(rare::remove);
    return new WordLexicon(
        new VocabularyTokenizer(options.segmentation, new Vocabulary(List.copyOf(all))),
        options.spelled ? Vocabulary.choose(counts.letters, Integer.MAX_VALUE, 1) : null,
        own.size(),
        rare);
  }

  /**
   * Returns a lexicon with the tokens and characters of other data added: those of this one keep
   * their ids.
   *
   * @param least least number of occurrences of a token that is added
   */
  public WordLexicon extendedBy(List<List<String>> sequences, int most, long least) {
    Vocabulary letters = characters;
    var counts = new Counts(sequences, tokenizer.segmentation().lowerCase(), letters != null);
    var seenNow = new HashSet<>(rare);
    seenNow.addAll(counts.tokens.keySet());
    return new WordLexicon(
        new VocabularyTokenizer(
            tokenizer.segmentation(),
            tokenizer.vocabulary().extendedBy(counts.tokens, most, least)),
        letters == null ? null : letters.extendedBy(counts.letters, Integer.MAX_VALUE, 1),
        seen,
        seenNow);
  }

  /** How often tokens and their characters occur. */
  private static final class Counts {
    private final Map<String, Long> tokens = new HashMap<>();
    private final Map<String, Long> letters = new HashMap<>();

    Counts(List<List<String>> sequences, boolean lower, boolean spelled) {
      for (List<String> sequence : sequences) {
        for (String token : sequence) {
          tokens.merge(lower ? token.toLowerCase(Locale.ROOT) : token, 1L, Long::sum);
          if (spelled) {
            letters(token).forEach(letter -> letters.merge(letter, 1L, Long::sum));
          }
        }
      }
    }
  }

  /**
   * Creates the lexicon of labeled data: words that occur twice or more, or all characters and
   * bytes.
   *
   * @param spelled whether tokens are read by their characters too
   */
  public static WordLexicon of(
      List<LabeledSequence> data, Segmentation segmentation, boolean spelled) {
    long least = segmentation.unit().isSmall() ? 1 : 2;
    return of(
        data.stream().map(LabeledSequence::tokens).toList(),
        List.of(),
        new Options(segmentation, Integer.MAX_VALUE, least, spelled));
  }

  /** Returns the lexicon of a vocabulary, all of whose tokens were seen, and no others. */
  public static WordLexicon of(Segmentation segmentation, List<String> tokens) {
    var tokenizer = new VocabularyTokenizer(segmentation, tokens);
    return new WordLexicon(tokenizer, null, tokenizer.vocabulary().size(), Set.of());
  }

  private static List<String> letters(String token) {
    return token.codePoints().limit(LONGEST_WORD).mapToObj(Character::toString).toList();
  }

  /** Returns how texts are cut, and whether upper and lower case have one id. */
  public Segmentation segmentation() {
    return tokenizer.segmentation();
  }

  @Override
  public List<String> cut(String text) {
    return tokenizer.segmentation().withLowerCase(false).cut(text);
  }

  private String key(String token) {
    return tokenizer.segmentation().spelled(token);
  }

  @Override
  public int id(String token) {
    return tokenizer.vocabulary().id(key(token));
  }

  @Override
  public boolean hasSeen(String token) {
    int id = id(token);
    return (id != Vocabulary.UNKNOWN_ID && id < seen) || rare.contains(key(token));
  }

  @Override
  public int characters() {
    return characters == null ? 0 : characters.size();
  }

  @Override
  public int[] spelling(String token) {
    Vocabulary letters = characters;
    if (letters == null) {
      throw new IllegalStateException("tokens are not read by their characters");
    }
    int[] ids = new int[Math.clamp(token.codePointCount(0, token.length()), 1, LONGEST_WORD)];
    ids[0] = Vocabulary.END_ID; // of a token without a character
    for (int i = 0, at = 0; i < ids.length && at < token.length(); i++) {
      int letter = token.codePointAt(at);
      ids[i] = letter < latin.length ? latin[letter] : letters.id(Character.toString(letter));
      at += Character.charCount(letter);
    }
    return ids;
  }

  @Override
  public boolean hasWords() {
    return tokenizer.hasWords();
  }

  @Override
  public int size() {
    return tokenizer.size();
  }

  @Override
  public int[] encode(String line) {
    return cut(line).stream().mapToInt(this::id).toArray();
  }

  @Override
  public String decode(int[] ids) {
    return tokenizer.decode(ids);
  }

  @Override
  public String token(int id) {
    return tokenizer.token(id);
  }

  @Override
  public int endOfSentence() {
    return tokenizer.endOfSentence();
  }

  @Override
  public int unknown() {
    return tokenizer.unknown();
  }

  @Override
  public Map<String, Object> describe() {
    Map<String, Object> json = Json.object();
    json.putAll(tokenizer.describe());
    json.put("kind", KIND);
    json.put("seen", (long) seen);
    json.put("rare", rare.stream().sorted().toList());
    if (characters != null) {
      json.put("characters", characters.ordinary());
    }
    return json;
  }

  /** Returns such as {@code lexicon of 10,000 words and 57 characters}. */
  @Override
  public String toString() {
    String tokens =
        String.format(Locale.ROOT, "lexicon of %,d %s", size(), segmentation().unit().label());
    return characters == null
        ? tokens
        : tokens + " and " + Plural.of(characters.size(), "character");
  }

  /** Creates lexicons from model files. Found by the service loader. */
  public static final class Format implements TokenizerFormat {

    /** Called by the service loader. */
    public Format() {}

    @Override
    public boolean knows(Json.Reader description) {
      return description.text("kind").equals(KIND);
    }

    @Override
    public Tokenizer restore(Json.Reader description) {
      var characters =
          description.has("characters") ? new Vocabulary(description.texts("characters")) : null;
      var tokenizer = VocabularyTokenizer.restore(description);
      return new WordLexicon(
          tokenizer,
          characters,
          (int) description.whole("seen", 0, tokenizer.size()),
          Set.copyOf(description.texts("rare")));
    }
  }
}
