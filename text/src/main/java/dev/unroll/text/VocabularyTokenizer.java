package dev.unroll.text;

import dev.unroll.batch.TokenizerFormat;
import dev.unroll.data.Detokenizer;
import dev.unroll.data.Reading;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer of a fixed vocabulary: a line is split into tokens, and each token is looked up.
 */
public final class VocabularyTokenizer implements Tokenizer {

  /** The mark of this tokenizer's descriptions. */
  static final String KIND = "vocabulary";

  private final Segmentation segmentation;
  private final Vocabulary vocabulary;

  VocabularyTokenizer(Segmentation segmentation, Vocabulary vocabulary) {
    this.segmentation = segmentation;
    this.vocabulary = vocabulary;
  }

  /**
   * A tokenizer of some tokens.
   *
   * @param segmentation how a line is cut
   * @param tokens the tokens, without marks such as {@code <UNK>}, in the order of their ids
   */
  public VocabularyTokenizer(Segmentation segmentation, List<String> tokens) {
    this(segmentation, new Vocabulary(tokens));
  }

  /** Returns how a line is cut. */
  public Segmentation segmentation() {
    return segmentation;
  }

  /** Returns the tokens and their ids. */
  Vocabulary vocabulary() {
    return vocabulary;
  }

  /** Returns whether a text for a model that reads so has its blank lines kept. */
  public static boolean keepsBlankLines(Tokenizer tokenizer, Reading reading) {
    return tokenizer instanceof VocabularyTokenizer own
        && own.segmentation.unit().keepsBlankLines(reading);
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
    return segmentation.cut(line);
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
    return new VocabularyDetokenizer(vocabulary, segmentation.joiner(before));
  }

  @Override
  public List<String> unread(String line) {
    if (segmentation.unit().isSmall()) {
      return Segmentation.unreadCharacters(line, this);
    }
    // Punctuation that is left out is not read either; all is named as it was given.
    return new Segmentation(segmentation.unit(), false, true)
        .cut(line).stream().filter(token -> !isRead(token)).toList();
  }

  private boolean isRead(String token) {
    int[] ids = encode(token);
    return ids.length > 0
        && (Vocabulary.isMark(token)
            || Arrays.stream(ids).allMatch(id -> id != Vocabulary.UNKNOWN_ID));
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
    return !segmentation.unit().isSmall();
  }

  @Override
  public Map<String, Object> describe() {
    Map<String, Object> json = Json.object("kind", KIND);
    json.putAll(segmentation.describe());
    json.put("tokens", vocabulary.ordinary());
    return json;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VocabularyTokenizer own
        && segmentation.equals(own.segmentation)
        && vocabulary.equals(own.vocabulary);
  }

  @Override
  public int hashCode() {
    return Objects.hash(segmentation, vocabulary);
  }

  /** Returns such as {@code tokenizer of 10,000 words}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "tokenizer of %,d %s", size(), segmentation.unit().label());
  }

  static VocabularyTokenizer restore(Json.Reader description) {
    return new VocabularyTokenizer(Segmentation.restore(description), description.texts("tokens"));
  }

  /** Creates tokenizers from model files. Found by the service loader. */
  public static final class Format implements TokenizerFormat {

    /** Called by the service loader. */
    public Format() {}

    @Override
    public boolean knows(Json.Reader description) {
      return description.text("kind").equals(KIND);
    }

    @Override
    public Tokenizer restore(Json.Reader description) {
      return VocabularyTokenizer.restore(description);
    }
  }
}
