package dev.unroll.server.openai;

import dev.unroll.data.Detokenizer;
import dev.unroll.data.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where tokens begin in a text. */
final class Offsets {

  private static final Pattern LINE_END = Pattern.compile("\r?\n");

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
   * Returns where each token of a prompt begins, with those that end its lines. A token that does
   * not stand there as it is, such as a part of a character, begins where the one before it ends.
   */
  static List<Integer> ofText(String text, Tokenizer tokenizer) {
    var offsets = new ArrayList<Integer>();
    Matcher ends = LINE_END.matcher(text);
    int begin = 0;
    while (ends.find()) {
      addLine(text, begin, ends.start(), tokenizer, offsets);
      offsets.add(ends.start());
      begin = ends.end();
    }
    addLine(text, begin, text.length(), tokenizer, offsets);
    return offsets;
  }

  private static void addLine(
      String text, int begin, int end, Tokenizer tokenizer, List<Integer> offsets) {
    int place = begin;
    for (String token : tokenizer.cut(text.substring(begin, end))) {
      int found = find(token, text, place, end);
      offsets.add(found < 0 ? place : found);
      place = found < 0 ? place : found + token.length();
    }
  }

  /** Tokens may be in lower case. */
  private static int find(String token, String text, int from, int end) {
    for (int i = from; i <= end - token.length(); i++) {
      if (text.regionMatches(true, i, token, 0, token.length())) {
        return i;
      }
    }
    return -1;
  }
}
