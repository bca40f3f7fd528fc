package dev.unroll.text;

import dev.unroll.base.InputException;
import dev.unroll.data.IdStream;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Held;
import dev.unroll.file.Plural;
import dev.unroll.primitive.IntList;
import dev.unroll.primitive.LongList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Text as ids, in memory ({@link MappedCorpus} has them in a file): each line is one sentence,
 * closed by {@code <EOS>}. Blank lines are kept where tokens are characters or bytes (they are part
 * of the form) and the text is one stream; otherwise they are skipped.
 */
public final class Corpus implements IdStream {

  private final Tokenizer tokenizer;
  private final int[] ids;
  private final int[] starts;
  private final long[] characters;
  private final String fingerprint;
  private final long words;

  private Corpus(Tokenizer tokenizer, Builder builder, SentenceReader reader) {
    this.tokenizer = tokenizer;
    this.ids = builder.ids.toArray();
    this.starts = builder.starts.toArray();
    this.characters = builder.characters.toArray();
    this.fingerprint = reader.fingerprint();
    this.words = reader.words();
  }

  /**
   * How a corpus is created.
   *
   * @param segmentation how lines are cut into tokens
   * @param maxVocabulary largest size of the vocabulary
   * @param minCount least number of occurrences of a token of the vocabulary
   * @param blankLines whether blank lines are sentences too
   * @param known a tokenizer whose tokens keep their ids; those of the text are added to a
   *     vocabulary of words or characters, and byte pairs stay as they are. Null for none
   */
  public record Options(
      Segmentation segmentation,
      int maxVocabulary,
      long minCount,
      boolean blankLines,
      @Nullable Tokenizer known) {

    /** A corpus whose vocabulary is its own. */
    public Options(
        Segmentation segmentation, int maxVocabulary, long minCount, boolean blankLines) {
      this(segmentation, maxVocabulary, minCount, blankLines, null);
    }

    /** Returns the same with the tokens of a tokenizer, to which those of the text are added. */
    public Options extending(Tokenizer tokenizer) {
      var own =
          tokenizer instanceof VocabularyTokenizer words ? words.segmentation() : segmentation;
      return new Options(own, maxVocabulary, minCount, blankLines, tokenizer);
    }

    Vocabulary choose(Map<String, Long> counts) {
      return known instanceof VocabularyTokenizer own
          ? own.vocabulary().extendedBy(counts, maxVocabulary, minCount)
          : Vocabulary.choose(counts, maxVocabulary, minCount);
    }

    /** Returns the tokenizer where it follows before any text is counted in; null elsewhere. */
    @Nullable Tokenizer fixed(Supplier<Tokenizer> bytePairs) {
      if (known != null && !(known instanceof VocabularyTokenizer)) {
        return known;
      }
      return segmentation.unit() == Segmentation.Unit.BYTE_PAIRS ? bytePairs.get() : null;
    }

    private void count(String line, Map<String, Long> words, Held held) {
      for (String word : segmentation.cut(line)) {
        if (words.merge(word, 1L, Long::sum) == 1) {
          held.add(2 * Held.OBJECT + word.length());
        }
      }
    }

    private BytePairTokenizer learnBytePairs(Map<String, Long> words) {
      return BytePairTokenizer.learn(words, segmentation.lowerCase(), maxVocabulary, minCount);
    }
  }

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
   * Reads text and creates the vocabulary from it.
   *
   * @param files files, folders, {@code -} for standard input
   * @throws InputException if a file cannot be read, or there is no text
   */
  public static Corpus read(List<Path> files, Options options) {
    Tokenizer fixed = options.fixed(() -> learnBytePairs(files, options));
    if (fixed != null) {
      return read(files, fixed, options.blankLines());
    }
    var builder = new Builder();
    var reader = new SentenceReader(builder, options.blankLines());
    var provisional = new ProvisionalIds();
    reader.read(files, options.segmentation(), provisional);
    return choose(builder, reader, files, provisional, options);
  }

  /** Learns byte pairs from files and folders, which are read again for their ids. */
  static BytePairTokenizer learnBytePairs(List<Path> files, Options options) {
    var words = new HashMap<String, Long>();
    var held = different();
    for (Path file : Lines.files(files)) {
      if (Lines.isStandardInput(file) || (Files.exists(file) && !Files.isRegularFile(file))) {
        throw new InputException(
            Lines.nameOf(file) + " cannot be read twice, as byte pairs need it",
            "Write it to a file first.");
      }
      Lines.read(file, line -> options.count(line, words, held));
    }
    return options.learnBytePairs(words);
  }

  private static BytePairTokenizer learnBytePairsOf(List<String> lines, Options options) {
    var words = new HashMap<String, Long>();
    var held = different();
    lines.forEach(line -> options.count(line, words, held));
    return options.learnBytePairs(words);
  }

  private static Held different() {
    return new Held("the different tokens of the text", "");
  }

  /** Chooses the vocabulary, and gives every token its id in it. */
  private static Corpus choose(
      Builder builder,
      SentenceReader reader,
      List<Path> files,
      ProvisionalIds provisional,
      Options options) {
    reader.checkNotEmpty(files);
    Vocabulary vocabulary = options.choose(provisional.counts());
    int[] finalIds = provisional.finalIds(vocabulary::id);
    builder.ids.replaceAll(id -> id == SentenceSink.END ? Vocabulary.END_ID : finalIds[id]);
    var tokenizer = new VocabularyTokenizer(options.segmentation(), vocabulary);
    return new Corpus(tokenizer, builder, reader);
  }

  /**
   * Reads text with an existing tokenizer, such as a model's.
   *
   * @param files files, folders, {@code -} for standard input
   * @param blankLines whether blank lines are sentences too
   */
  public static Corpus read(List<Path> files, Tokenizer tokenizer, boolean blankLines) {
    var builder = new Builder();
    var reader = new SentenceReader(builder, blankLines);
    reader.read(files, tokenizer);
    return with(tokenizer, builder, reader, files);
  }

  private static Corpus with(
      Tokenizer tokenizer, Builder builder, SentenceReader reader, List<Path> files) {
    reader.checkNotEmpty(files);
    int end = tokenizer.endOfSentence();
    builder.ids.replaceAll(id -> id == SentenceSink.END ? end : id);
    return new Corpus(tokenizer, builder, reader);
  }

  /** Creates a corpus of given lines. */
  public static Corpus of(List<String> lines, Options options) {
    Tokenizer fixed = options.fixed(() -> learnBytePairsOf(lines, options));
    if (fixed != null) {
      return of(lines, fixed, options.blankLines());
    }
    var builder = new Builder();
    var reader = new SentenceReader(builder, options.blankLines());
    var provisional = new ProvisionalIds();
    lines.forEach(line -> reader.add(line, provisional.of(options.segmentation().cut(line))));
    return choose(builder, reader, List.of(), provisional, options);
  }

  /** Creates a corpus of given lines with an existing tokenizer. */
  public static Corpus of(List<String> lines, Tokenizer tokenizer, boolean blankLines) {
    var builder = new Builder();
    var reader = new SentenceReader(builder, blankLines);
    lines.forEach(line -> reader.add(line, tokenizer.encode(line)));
    return with(tokenizer, builder, reader, List.of());
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

  /** Returns such as {@code 1,000 sentences, 12,345 tokens}. */
  @Override
  public String toString() {
    return Plural.of(sentences(), "sentence") + ", " + Plural.of(size(), "token");
  }

  /** Collects the ids of lines; {@link SentenceSink#END} stands for the end of a sentence. */
  private static final class Builder implements SentenceSink {
    private final IntList ids = new IntList();
    private final IntList starts = IntList.of(0);
    private final LongList characters = LongList.of(0);
    private final Held held = new Held("the text", "Keep its ids in a file: {ids}.");

    @Override
    public void take(int[] tokens, int lineCharacters) {
      held.add((tokens.length + 1L) * Integer.BYTES + Integer.BYTES + Long.BYTES);
      ids.addAll(tokens);
      ids.add(END);
      starts.add(ids.size());
      characters.add(characters.get(characters.size() - 1) + lineCharacters);
    }
  }
}
