package dev.unroll.text;

import dev.unroll.model.IdStream;
import dev.unroll.model.InputException;
import dev.unroll.model.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Text as ids, in memory: each line a sentence, closed by {@code <EOS>}. Blank lines are kept where
 * tokens are characters or bytes (they are part of the form) and the text is one stream; else they
 * are passed over.
 */
public final class Corpus implements IdStream {

  private final Tokenizer tokenizer;
  private final int[] ids;
  private final int[] starts;
  private final long[] characters;
  private final String fingerprint;

  private Corpus(Tokenizer tokenizer, Builder builder) {
    this.tokenizer = tokenizer;
    this.ids = Arrays.copyOf(builder.ids, builder.size);
    this.starts = Arrays.copyOf(builder.starts, builder.sentences + 1);
    this.characters = Arrays.copyOf(builder.characters, builder.sentences + 1);
    this.fingerprint = HexFormat.of().formatHex(builder.digest.digest());
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
    var builder = new Builder(options.blankLines());
    var provisional = new HashMap<String, Integer>();
    for (Path file : Lines.files(files)) {
      Lines.read(file, line -> builder.addLine(line, cut(options, line, provisional)));
    }
    builder.checkNotEmpty(files);
    return choose(builder, provisional, options);
  }

  private static int[] cut(Options options, String line, Map<String, Integer> provisional) {
    List<String> tokens = options.segmentation().cut(line);
    int[] ids = new int[tokens.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = provisional.computeIfAbsent(tokens.get(i), token -> provisional.size());
    }
    return ids;
  }

  /** Counts, chooses the vocabulary, and gives every token its id in it. */
  private static Corpus choose(Builder builder, Map<String, Integer> provisional, Options options) {
    long[] counts = new long[provisional.size()];
    for (int i = 0; i < builder.size; i++) {
      if (builder.ids[i] >= 0) {
        counts[builder.ids[i]]++;
      }
    }
    var byToken = new HashMap<String, Long>();
    provisional.forEach((token, id) -> byToken.put(token, counts[id]));
    var vocabulary = Vocabulary.choose(byToken, options.maxVocabulary(), options.minCount());
    int[] finalIds = new int[counts.length];
    provisional.forEach((token, id) -> finalIds[id] = vocabulary.id(token));
    for (int i = 0; i < builder.size; i++) {
      builder.ids[i] = builder.ids[i] == Builder.END ? Vocabulary.END_ID : finalIds[builder.ids[i]];
    }
    return new Corpus(new VocabularyTokenizer(options.segmentation(), vocabulary), builder);
  }

  /**
   * Reads text under a tokenizer that exists, such as a model's.
   *
   * @param files files, folders, {@code -} for standard input
   * @param blankLines whether blank lines are sentences too
   */
  public static Corpus read(List<Path> files, Tokenizer tokenizer, boolean blankLines) {
    var builder = new Builder(blankLines);
    for (Path file : Lines.files(files)) {
      Lines.read(file, line -> builder.addLine(line, tokenizer.encode(line)));
    }
    builder.checkNotEmpty(files);
    builder.replaceEnds(tokenizer.endOfSentence());
    return new Corpus(tokenizer, builder);
  }

  /** Makes a corpus of lines that are at hand. */
  public static Corpus of(List<String> lines, Options options) {
    var builder = new Builder(options.blankLines());
    var provisional = new HashMap<String, Integer>();
    lines.forEach(line -> builder.addLine(line, cut(options, line, provisional)));
    builder.checkNotEmpty(List.of());
    return choose(builder, provisional, options);
  }

  /** Makes a corpus of lines that are at hand, under a tokenizer that exists. */
  public static Corpus of(List<String> lines, Tokenizer tokenizer, boolean blankLines) {
    var builder = new Builder(blankLines);
    lines.forEach(line -> builder.addLine(line, tokenizer.encode(line)));
    builder.checkNotEmpty(List.of());
    builder.replaceEnds(tokenizer.endOfSentence());
    return new Corpus(tokenizer, builder);
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
  public String fingerprint() {
    return "sha256:" + fingerprint;
  }

  /** Collects the ids of lines; {@link #END} stands for the end of a sentence. */
  private static final class Builder {
    static final int END = -1;

    private final boolean blankLines;
    private final MessageDigest digest;
    private int[] ids = new int[1 << 16];
    private int size;
    private int[] starts = new int[1 << 10];
    private long[] characters = new long[1 << 10];
    private int sentences;

    Builder(boolean blankLines) {
      this.blankLines = blankLines;
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }

    void addLine(String line, int[] tokens) {
      digest.update(line.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) '\n');
      if (tokens.length == 0 && !(blankLines && line.isEmpty())) {
        return;
      }
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
      characters[sentences] = characters[sentences - 1] + line.codePointCount(0, line.length()) + 1;
    }

    void replaceEnds(int end) {
      for (int i = 0; i < size; i++) {
        ids[i] = ids[i] == END ? end : ids[i];
      }
    }

    void checkNotEmpty(List<Path> files) {
      if (size == 0) {
        String what = files.isEmpty() ? "the text" : files.get(0).toString();
        throw new InputException(what + ": there is no text in it", "Name a file that has text.");
      }
    }
  }
}
