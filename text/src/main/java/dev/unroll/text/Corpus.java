package dev.unroll.text;

import dev.unroll.data.IdStream;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.InputException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;

/**
 * Text as ids, in memory ({@link MappedCorpus} has them in a file): each line a sentence, closed by
 * {@code <EOS>}. Blank lines are kept where tokens are characters or bytes (they are part of the
 * form) and the text is one stream; else they are passed over.
 */
public final class Corpus implements IdStream {

  private final Tokenizer tokenizer;
  private final int[] ids;
  private final int[] starts;
  private final long[] characters;
  private final String fingerprint;
  private final long words;

  private Corpus(Tokenizer tokenizer, Builder builder, SentenceSink.Reader reader) {
    this.tokenizer = tokenizer;
    this.ids = Arrays.copyOf(builder.ids, builder.size);
    this.starts = Arrays.copyOf(builder.starts, builder.sentences + 1);
    this.characters = Arrays.copyOf(builder.characters, builder.sentences + 1);
    this.fingerprint = reader.fingerprint();
    this.words = reader.words();
  }

  /**
   * How a corpus is made.
   *
   * @param segmentation how lines are cut into tokens
   * @param maxVocabulary most tokens of the vocabulary
   * @param minCount least occurrences of a token of the vocabulary
   * @param blankLines whether blank lines are sentences too
   */
  public record Options(
      Segmentation segmentation, int maxVocabulary, long minCount, boolean blankLines) {}

  /** Reads words by Unicode segmentation; the vocabulary is all words that occur twice or more. */
  public static Corpus words(Path... files) {
    var segmentation = Segmentation.of(Segmentation.Unit.WORDS);
    return read(List.of(files), new Options(segmentation, Integer.MAX_VALUE, 2, false));
  }

  /** Reads characters; the vocabulary is all characters. */
  public static Corpus characters(Path... files) {
    var segmentation = Segmentation.of(Segmentation.Unit.CHARACTERS);
    return read(List.of(files), new Options(segmentation, Integer.MAX_VALUE, 1, true));
  }

  /**
   * Reads text and makes the vocabulary from it.
   *
   * @param files files, folders, {@code -} for standard input
   * @throws InputException if a file cannot be read, or there is no text
   */
  public static Corpus read(List<Path> files, Options options) {
    if (options.segmentation().unit() == Segmentation.Unit.BYTE_PAIRS) {
      return read(files, BytePairTokenizer.learn(files, options), options.blankLines());
    }
    var builder = new Builder();
    var reader = new SentenceSink.Reader(builder, options.blankLines());
    var provisional = new SentenceSink.Provisional();
    reader.read(files, options.segmentation(), provisional);
    return choose(builder, reader, files, provisional, options);
  }

  /** Chooses the vocabulary, and gives every token its id in it. */
  private static Corpus choose(
      Builder builder,
      SentenceSink.Reader reader,
      List<Path> files,
      SentenceSink.Provisional provisional,
      Options options) {
    checkNotEmpty(reader, files);
    Vocabulary vocabulary = provisional.choose(options);
    int[] finalIds = provisional.finalIds(vocabulary::id);
    for (int i = 0; i < builder.size; i++) {
      int id = builder.ids[i];
      builder.ids[i] = id == SentenceSink.END ? Vocabulary.END_ID : finalIds[id];
    }
    var tokenizer = new VocabularyTokenizer(options.segmentation(), vocabulary);
    return new Corpus(tokenizer, builder, reader);
  }

  /**
   * Reads text under a tokenizer that exists, such as a model's.
   *
   * @param files files, folders, {@code -} for standard input
   * @param blankLines whether blank lines are sentences too
   */
  public static Corpus read(List<Path> files, Tokenizer tokenizer, boolean blankLines) {
    var builder = new Builder();
    var reader = new SentenceSink.Reader(builder, blankLines);
    reader.read(files, tokenizer);
    return under(tokenizer, builder, reader, files);
  }

  private static Corpus under(
      Tokenizer tokenizer, Builder builder, SentenceSink.Reader reader, List<Path> files) {
    checkNotEmpty(reader, files);
    builder.replaceEnds(tokenizer.endOfSentence());
    return new Corpus(tokenizer, builder, reader);
  }

  /** Makes a corpus of lines that are at hand. */
  public static Corpus of(List<String> lines, Options options) {
    if (options.segmentation().unit() == Segmentation.Unit.BYTE_PAIRS) {
      var words = new HashMap<String, Long>();
      lines.forEach(line -> BytePairTokenizer.count(line, options, words));
      return of(lines, BytePairTokenizer.learn(words, options), options.blankLines());
    }
    var builder = new Builder();
    var reader = new SentenceSink.Reader(builder, options.blankLines());
    var provisional = new SentenceSink.Provisional();
    lines.forEach(line -> reader.add(line, provisional.of(options.segmentation().cut(line))));
    return choose(builder, reader, List.of(), provisional, options);
  }

  /** Makes a corpus of lines that are at hand, under a tokenizer that exists. */
  public static Corpus of(List<String> lines, Tokenizer tokenizer, boolean blankLines) {
    var builder = new Builder();
    var reader = new SentenceSink.Reader(builder, blankLines);
    lines.forEach(line -> reader.add(line, tokenizer.encode(line)));
    return under(tokenizer, builder, reader, List.of());
  }

  static void checkNotEmpty(SentenceSink.Reader reader, List<Path> files) {
    if (reader.sentences() == 0) {
      String what = files.isEmpty() ? "the text" : files.get(0).toString();
      throw new InputException(what + ": there is no text in it", "Name a file that has text.");
    }
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public long size() {
    return ids.length;
  }

  @Override
  public int id(long position) {
    return ids[(int) position];
  }

  @Override
  public long sentences() {
    return starts.length - 1L;
  }

  @Override
  public long sentenceStart(long sentence) {
    return starts[(int) sentence];
  }

  @Override
  public long charactersBefore(long sentence) {
    return characters[(int) sentence];
  }

  @Override
  public long words() {
    return words;
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  /** Collects the ids of lines; {@link SentenceSink#END} stands for the end of a sentence. */
  private static final class Builder implements SentenceSink {
    private int[] ids = new int[1 << 16];
    private int size;
    private int[] starts = new int[1 << 10];
    private long[] characters = new long[1 << 10];
    private int sentences;

    @Override
    public void take(int[] tokens, int lineCharacters) {
      int needed = Math.addExact(size, tokens.length + 1);
      if (needed > ids.length) {
        ids =
            Arrays.copyOf(ids, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, 2L * size)));
      }
      System.arraycopy(tokens, 0, ids, size, tokens.length);
      ids[needed - 1] = END;
      size = needed;
      if (++sentences >= starts.length) {
        starts = Arrays.copyOf(starts, 2 * starts.length);
        characters = Arrays.copyOf(characters, 2 * characters.length);
      }
      starts[sentences] = size;
      characters[sentences] = characters[sentences - 1] + lineCharacters;
    }

    void replaceEnds(int end) {
      for (int i = 0; i < size; i++) {
        ids[i] = ids[i] == END ? end : ids[i];
      }
    }
  }
}
