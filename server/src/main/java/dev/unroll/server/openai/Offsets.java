package dev.unroll.server.openai;

import dev.unroll.base.Cancellation;
import dev.unroll.data.Detokenizer;
import dev.unroll.data.Tokenizer;
import dev.unroll.text.BytePairTokenizer;
import dev.unroll.text.Segmentation;
import dev.unroll.text.VocabularyTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where tokens begin in a text. */
final class Offsets {

  private static final Pattern LINE_END = Pattern.compile("\r?\n");

  /** What the first byte pair of each word begins with. */
  private static final String WORD_BEGINS = "▁";

  /**
   * How many characters ahead a token is looked for once another one of its line was not found: a
   * line full of such tokens must not be searched to its end for each of them.
   */
  private static final int NEARBY = 64;

  private Offsets() {}

  /** Finds where tokens begin that are written one after another. For one thread. */
  static final class Writer {

    private final Tokenizer tokenizer;
    private final Detokenizer detokenizer;
    private int length;

    /**
     * Begins after a text.
     *
     * @param length of what stands before, as offsets count
     */
    Writer(Tokenizer tokenizer, String before, int length) {
      this.tokenizer = tokenizer;
      this.detokenizer = tokenizer.detokenizer(before);
      this.length = length;
    }

    /** Returns where the next token begins: after the blank, where it is written with one. */
    int next(int id) {
      int begin = length;
      String written = detokenizer.add(id);
      String token = tokenizer.token(id);
      length += written.length();
      return written.endsWith(token) ? length - token.length() : begin;
    }
  }

  /** Returns where each token begins in the text that all of them are written as. */
  static List<Integer> ofIds(int[] ids, Tokenizer tokenizer) {
    var writer = new Writer(tokenizer, "", 0);
    return Arrays.stream(ids).mapToObj(writer::next).toList();
  }

  /**
   * Returns where each token of a prompt begins, with those that end its lines. A part of a
   * character begins where the character does. Another token that does not stand there as it is,
   * such as one that begins with the mark of a word, begins where the one before it ends.
   *
   * @throws CancellationException if the work is canceled
   */
  static List<Integer> ofText(String text, Tokenizer tokenizer) {
    var offsets = new ArrayList<Integer>();
    Matcher ends = LINE_END.matcher(text);
    int begin = 0;
    while (ends.find()) {
      new Line(text.substring(begin, ends.start()), begin, tokenizer).addTo(offsets);
      offsets.add(ends.start());
      begin = ends.end();
    }
    new Line(text.substring(begin), begin, tokenizer).addTo(offsets);
    return offsets;
  }

  /** A line of a prompt, which is gone through once, whatever its tokens are. For one thread. */
  private static final class Line {

    private final String line;
    private final int begin;
    private final Tokenizer tokenizer;

    /** The line as the tokenizer reads it, maybe in lower case. */
    private final String spelled;

    /** Where each character of it stands in the line, and the length of the line. */
    private final int[] origins;

    Line(String line, int begin, Tokenizer tokenizer) {
      this.line = line;
      this.begin = begin;
      this.tokenizer = tokenizer;
      spelled = tokenizer.spelled(line);
      origins = origins();
    }

    /** In lower case, İ is two characters. */
    private int[] origins() {
      int[] found = new int[spelled.length() + 1];
      boolean same = spelled.length() == line.length();
      int at = 0;
      for (int i = 0; i < line.length() && at < spelled.length(); ) {
        int width = Character.charCount(line.codePointAt(i));
        int length = same ? width : tokenizer.spelled(line.substring(i, i + width)).length();
        for (int k = 0; k < length && at < spelled.length(); k++) {
          found[at++] = i + Math.min(k, width - 1);
        }
        i += width;
      }
      Arrays.fill(found, at, found.length, line.length());
      return found;
    }

    void addTo(List<Integer> offsets) {
      boolean bytes =
          tokenizer instanceof VocabularyTokenizer own
              && own.segmentation().unit() == Segmentation.Unit.BYTES;
      if (bytes) {
        addBytes(offsets);
      } else {
        addTokens(offsets);
      }
    }

    private void addBytes(List<Integer> offsets) {
      for (int i = 0; i < spelled.length(); ) {
        Cancellation.check();
        int character = spelled.codePointAt(i);
        offsets.addAll(Collections.nCopies(bytes(character), begin + origins[i]));
        i += Character.charCount(character);
      }
    }

    /** Half a character is written as a question mark. */
    private static int bytes(int character) {
      boolean half = character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
      if (character < 0x80 || half) {
        return 1;
      }
      return character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    }

    private void addTokens(List<Integer> offsets) {
      int place = 0;
      int ahead = spelled.length();
      for (String token : tokenizer.cut(line)) {
        Cancellation.check();
        boolean marked = tokenizer instanceof BytePairTokenizer && token.startsWith(WORD_BEGINS);
        String letters = marked ? token.substring(WORD_BEGINS.length()) : token;
        int last = (int) Math.min(spelled.length(), (long) place + letters.length() + ahead);
        int found = spelled.indexOf(letters, place, last);
        offsets.add(begin + origins[found < 0 || marked ? place : found]);
        if (found < 0) {
          ahead = NEARBY;
        } else {
          place = found + letters.length();
        }
      }
    }
  }
}
