package dev.unroll.text;

import dev.unroll.data.Tokenizer;
import dev.unroll.file.Fingerprint;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Takes the sentences of a text, one after the other, wherever it keeps them. */
interface SentenceSink {

  /** The id that closes a sentence while ids are provisional. */
  int END = -1;

  /**
   * Takes the ids of a sentence, without {@link #END}.
   *
   * @param characters characters (code points) of its line, the line end included
   */
  void take(int[] ids, int characters);

  /** Reads lines, cuts them, and hands them to a sink; keeps a hash of the text. */
  final class Reader {
    private final SentenceSink sink;
    private final boolean blankLines;
    private final Fingerprint fingerprint = new Fingerprint();
    private long sentences;
    private long words;

    Reader(SentenceSink sink, boolean blankLines) {
      this.sink = sink;
      this.blankLines = blankLines;
    }

    void add(String line, int[] tokens) {
      fingerprint.add(line);
      fingerprint.add("\n");
      if (tokens.length > 0 || (blankLines && line.isEmpty())) {
        sentences++;
        words += words(line);
        sink.take(tokens, line.codePointCount(0, line.length()) + 1);
      }
    }

    private static int words(String line) {
      int words = 0;
      boolean within = false;
      for (int i = 0; i < line.length(); i++) {
        boolean white = Character.isWhitespace(line.charAt(i));
        words += !white && !within ? 1 : 0;
        within = !white;
      }
      return words;
    }

    /** Reads files under a tokenizer that exists. */
    void read(List<Path> files, Tokenizer tokenizer) {
      for (Path file : Lines.files(files)) {
        Lines.read(file, line -> add(line, tokenizer.encode(line)));
      }
    }

    /** Reads files and gives each new token the next id. */
    void read(List<Path> files, Segmentation segmentation, Provisional ids) {
      for (Path file : Lines.files(files)) {
        Lines.read(file, line -> add(line, ids.of(segmentation.cut(line))));
      }
    }

    long sentences() {
      return sentences;
    }

    /** Returns the number of words between white space. */
    long words() {
      return words;
    }

    /** Returns the hash of what was read; once. */
    String fingerprint() {
      return fingerprint.text();
    }
  }

  /**
   * Ids in the order in which tokens were met, before the vocabulary is chosen, and their counts.
   */
  final class Provisional {
    private final Map<String, Integer> ids = new HashMap<>();
    private long[] counts = new long[1 << 10];

    int[] of(List<String> tokens) {
      int[] found = new int[tokens.size()];
      for (int i = 0; i < found.length; i++) {
        found[i] = ids.computeIfAbsent(tokens.get(i), token -> ids.size());
        if (found[i] >= counts.length) {
          counts = Arrays.copyOf(counts, 2 * counts.length);
        }
        counts[found[i]]++;
      }
      return found;
    }

    Vocabulary choose(Corpus.Options options) {
      var byToken = new HashMap<String, Long>();
      ids.forEach((token, id) -> byToken.put(token, counts[id]));
      return Vocabulary.choose(byToken, options.maxVocabulary(), options.minCount());
    }

    /** Returns the id in {@code vocabulary} of each provisional id. */
    int[] finalIds(ToIntFunction<String> vocabulary) {
      int[] finalIds = new int[ids.size()];
      ids.forEach((token, id) -> finalIds[id] = vocabulary.applyAsInt(token));
      return finalIds;
    }
  }
}
