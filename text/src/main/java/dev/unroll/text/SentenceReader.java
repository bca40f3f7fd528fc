package dev.unroll.text;

import dev.unroll.base.InputException;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Fingerprint;
import java.nio.file.Path;
import java.util.List;

/** Reads lines, cuts them into tokens, and hands them to a sink; keeps a hash of the text. */
final class SentenceReader {

  private final SentenceSink sink;
  private final boolean blankLines;
  private final Fingerprint fingerprint = new Fingerprint();
  private long sentences;
  private long words;

  /** Reads for {@code sink}, to which blank lines are sentences if {@code blankLines} is set. */
  SentenceReader(SentenceSink sink, boolean blankLines) {
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

  /** Reads files with an existing tokenizer. */
  void read(List<Path> files, Tokenizer tokenizer) {
    for (Path file : Lines.files(files)) {
      Lines.read(file, line -> add(line, tokenizer.encode(line)));
    }
  }

  /** Reads files and gives each new token the next id. */
  void read(List<Path> files, Segmentation segmentation, ProvisionalIds ids) {
    for (Path file : Lines.files(files)) {
      Lines.read(file, line -> add(line, ids.of(segmentation.cut(line))));
    }
  }

  /**
   * Refuses a text without a sentence.
   *
   * @param files where it was read from; none if it was given as lines
   */
  void checkNotEmpty(List<Path> files) {
    if (sentences == 0) {
      String what = files.isEmpty() ? "the text" : files.getFirst().toString();
      throw new InputException(what + ": there is no text in it", "Name a file that has text.");
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
